/** Allinpay as the tests of this folder meet it: its double, a merchant with a key, and a clock that can be moved. */
import { createFollowDouyinLink, type FollowDouyinLink } from '../../../../services/coupons/douyin-link.ts';
import { createAllinpay } from '../../../../services/platforms/allinpay/allinpay.ts';
import type { BodyName } from '../../../../services/platforms/allinpay/gateway.ts';
import type { SignerName } from '../../../../services/platforms/allinpay/signing/sign.ts';
import {
  PlatformFault,
  type Session,
  type Asked,
  type Credentials,
  type LostCall,
  type LostUndo,
  type Platform,
  type Receipt,
  type Refusal,
  type Undone,
  type VerifyRequest,
} from '../../../../services/platforms/platform.ts';
import type { Coupon } from '../../../../services/coupons/coupon.ts';
import type { Market } from '../../../../services/coupons/markets.ts';
import { createJsonHttp, type JsonHttp } from '../../../../services/platforms/json-http.ts';
import {
  KEY,
  PRIVATE_KEY,
  PUBLIC_KEYS,
  SM2_PRIVATE_KEY,
  startAllinpay,
  type FakeAllinpay,
  type Type,
} from '../../../doubles/allinpay.ts';
import { systemTime } from '../../../../services/time/time.ts';

export const CREDENTIALS: Credentials = {
  'app-id': '1234567890',
  key: KEY,
  'private-key': PRIVATE_KEY,
  'shop-id': '147',
  'shop-name': '星巴克光华店',
  operator: 'liangqi',
};

/** The same merchant, with the private key of this way of signing. */
export const credentialsFor = (signer: SignerName): Credentials =>
  signer === 'sm2' ? { ...CREDENTIALS, 'private-key': SM2_PRIVATE_KEY } : CREDENTIALS;

export const MARKETS: Readonly<Record<Type, Market>> = {
  mtdz: 'meituan',
  dianping: 'dianping',
  meituan: 'dining',
  tiktok: 'douyin',
};

export const TYPES = ['mtdz', 'dianping', 'meituan', 'tiktok'] as const;

export interface Harness {
  readonly double: FakeAllinpay;
  readonly platform: Platform;
  /** The same, waiting 200 ms for an answer. */
  readonly hasty: Platform;
  readonly session: Session;
  now(): number;
  pass(ms: number): void;
  lookup(code: string, type?: Type): Promise<Coupon>;
  /** A press on the card of this code. */
  request(code: string, type?: Type, count?: number): Promise<VerifyRequest>;
  /** Looks it up and uses it. */
  verified(code: string, type?: Type, count?: number): Promise<Receipt>;
  /** Takes back what has this handle. */
  undo(code: string, receiptHandle: string | undefined): Promise<Undone | Refusal>;
  fault(call: Promise<unknown>): Promise<PlatformFault>;
  /** The same merchant, where every answer is this. */
  answering(json: unknown, status?: number): Platform;
  close(): Promise<void>;
}

export async function openStage({
  signer = 'md5',
  body = 'form',
  follow = createFollowDouyinLink(systemTime),
}: { signer?: SignerName; body?: BodyName; follow?: FollowDouyinLink } = {}): Promise<Harness> {
  let ahead = 0;
  let requests = 0;
  const now = () => Date.now() + ahead;
  const double = await startAllinpay({ now });
  const publicKey = PUBLIC_KEYS[signer];
  const through = (http: JsonHttp): Platform =>
    createAllinpay({ http, follow, gatewayUrl: double.url, signer, body, publicKey, now });
  const platform = through(createJsonHttp());
  const session = await platform.login(credentialsFor(signer));
  if ('kind' in session) throw new Error('the login was refused');
  const lookup = async (code: string, type: Type = 'mtdz'): Promise<Coupon> => {
    const coupon = await platform.lookup(session, '147', code, MARKETS[type]);
    if (coupon.kind !== 'coupon') throw new Error(`refused: ${coupon.reason}`);
    return coupon;
  };
  const request: Harness['request'] = async (code, type = 'mtdz', count = 1) => {
    const { handle } = await lookup(code, type);
    const requestId = `vb-${(requests += 1)}`;
    return { store: '147', code, handle, count, requestId, operator: 'telegram:1', operatorName: '王老板' };
  };
  return {
    double,
    platform,
    hasty: through(createJsonHttp({ timeoutMs: 200 })),
    session,
    now,
    pass: (ms) => void (ahead += ms),
    lookup,
    request,
    async verified(...card) {
      const answer = await platform.verify(session, await request(...card));
      if (answer.kind !== 'verified') throw new Error(`refused: ${answer.reason}`);
      return answer;
    },
    undo(code, receiptHandle) {
      const press = { store: '147', code, handle: undefined, requestId: 'un-1', operator: 'telegram:1', operatorName: '王老板' };
      return platform.undo!(session, { ...press, ...(receiptHandle === undefined ? {} : { receiptHandle }) });
    },
    answering: (json, status = 200) => through(() => Promise.resolve({ status, json })),
    async fault(call) {
      const error: unknown = await call.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (!(error instanceof PlatformFault)) throw new Error('expected a fault', { cause: error });
      return error;
    },
    close: () => double.close(),
  };
}

/** Asks about a lost call as often as it wishes, a virtual while apart: how it ended, what was seen, and after how many ms. */
export async function ask<Yes extends { readonly kind: string }, Call extends LostCall | LostUndo>(
  lost: Call,
  question: (lost: Call, now: number) => Promise<Asked<Yes>>,
  { most = 10 } = {},
) {
  let now = lost.submittedAt + 1_000;
  const notes = [...lost.notes];
  for (let asked = lost.asked; ; asked += 1) {
    const { result, note } = await question({ ...lost, asked, notes: [...notes] }, now);
    notes.push(note);
    const seen = notes.map((text) => text.split(' ')[0]);
    if (result.kind !== 'again' || notes.length >= most) return { result, seen, ms: now - lost.submittedAt };
    now += 'afterMs' in result ? result.afterMs : 0;
  }
}
