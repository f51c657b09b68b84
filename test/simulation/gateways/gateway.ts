/** What the platforms' doubles of a simulation share: calls in their very wire format, answered at once, truly or not. */
import type { HttpRequest } from '../../../services/http.ts';

export interface Answer {
  readonly status: number;
  readonly body: string;
  /** Called when the program has got it. */
  readonly heard?: () => void;
}

/**
 * How a write is answered otherwise than it went. `words`: a no in words nobody knows; `echo`: applied, and answered 已核销, as by an
 * aggregator that tries twice; `no-data`: a yes without data; `broken`: HTTP 502 with a page. `busy`: not applied, for any call.
 */
export interface Lie {
  readonly kind: 'words' | 'echo' | 'no-data' | 'broken' | 'busy';
  readonly applied: boolean;
  readonly words?: string;
}

/** A call as it arrived. */
export interface Arrival {
  readonly at: number;
  readonly account: string;
  readonly call: string;
  readonly code: string;
  readonly writes: boolean;
  /** The market whose coupon was meant, where the call says so. */
  readonly market?: string;
}

export interface CouponSeed {
  readonly yuan: string;
  /** The platform's id of the shop. */
  readonly shop: string;
  readonly uses: number;
}

/** What a program can call. */
export interface Server {
  readonly host: string;
  readonly arrivals: Arrival[];
  /** Performs a call and answers it, truly or with a lie. */
  handle(request: HttpRequest, lie: Lie | undefined): Answer;
}

export interface Gateway extends Server {
  /** Makes a coupon; gives its code. `uses`: more than one for a times card, where there are any. */
  coupon(seed: CouponSeed): string;
  /** Somebody uses it at the shop's till. */
  useElsewhere(code: string): void;
  /** The uses that stand, by us and by others, of the coupon that once had this code; `size`: those it was bought for. */
  standing(code: string): { readonly ours: number; readonly others: number; readonly size: number };
  /** Whether we ever used it. */
  everUsed(code: string): boolean;
}

export const json = (body: unknown, status = 200): Answer => ({ status, body: JSON.stringify(body) });
export const PAGE: Answer = { status: 502, body: '<html>502 Bad Gateway</html>' };
/** Words of aggregators that do not know what their upstream did. */
export const UNKNOWN_WORDS = ['网络异常', '核销处理中', 'Internal Server Error', '调用美团接口失败', '重复提交', ''] as const;
