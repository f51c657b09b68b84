/** The practice platform: a simulation on which everything can be tried. Its books survive a restart. */
import { createHash } from 'node:crypto';
import type { Coupon } from '../../coupons/coupon.ts';
import type { Collection } from '../../database/collections.ts';
import { SIMULATED } from '../names.ts';
import {
  PlatformFault,
  type Session,
  type FinalNo,
  type Platform,
  type Receipt,
  type Refusal,
  type Undone,
  type VerifyRequest,
} from '../platform.ts';
import { createKeyedQueue } from '../../keyed-queue.ts';
import { dealOf, familyOf, practiceDeals, practiceStores, sampleOf } from './samples.ts';

/** The books' page of one coupon. An untouched coupon has none. */
export interface Page {
  /** Uses left. */
  readonly remaining: number;
  readonly uses: readonly Use[];
  /** The coupon's new code after an undo; the old one is not found any more. */
  readonly movedTo?: string;
  /** True where the answer of this code's first verification was already withheld. */
  readonly lost?: true;
}

type VerifyNo = Refusal<FinalNo<'verify'>>;

interface Use {
  readonly requestId: string;
  readonly at: number;
  readonly count: number;
  readonly store: string;
  readonly undone?: { readonly requestId: string; readonly at: number; readonly newCode: string };
}

export interface PracticeParts {
  /** Pages by owner and code. */
  readonly books: Collection<Page>;
  readonly now: () => number;
  /** Waits for the slow samples. */
  readonly pause: (ms: number) => Promise<void>;
}

const SLOW_MS = 3_000;
const DAY_MS = 86_400_000;
const CHINA_MS = 8 * 3_600_000;
/** The time to undo: ten minutes as on Meituan, without the last seconds. */
const UNDO_MS = 600_000;
const UNDO_MARGIN_MS = 15_000;

export function createPractice({ books, now, pause }: PracticeParts): Platform {
  const queue = createKeyedQueue();
  const keyOf = ({ token }: Session, code: string) => `${token}/${code}`;
  const pageOf = async (session: Session, code: string): Promise<Page> =>
    (await books.get(keyOf(session, code))) ?? { remaining: sampleOf(code) === 'several' ? 3 : 1, uses: [] };

  /** Gives the refusal of a coupon that cannot be used. */
  const obstacle = (code: string, page: Page): VerifyNo | undefined => {
    const no = (reason: VerifyNo['reason'], used?: Refusal['used']): VerifyNo => ({
      kind: 'refused',
      reason,
      ...(used && { used }),
    });
    const today = Math.floor((now() + CHINA_MS) / DAY_MS) * DAY_MS - CHINA_MS;
    const sample = sampleOf(code);
    if (sample === undefined || page.movedTo !== undefined) return no('not-found');
    if (sample === 'used') {
      return no('used', { at: today - DAY_MS + (20 * 60 + 15) * 60_000, where: practiceStores[0].name, by: '前台小王' });
    }
    if (sample === 'expired' || sample === 'wrong-store' || sample === 'refunded') return no(sample);
    const last = page.uses.at(-1);
    if (page.remaining === 0 && last) return no('used', { at: last.at, where: storeName(last.store) });
    return undefined;
  };

  const receiptOf = ({ at, count, requestId }: Use, code: string): Receipt => ({
    kind: 'verified',
    at,
    undoUntil: at + UNDO_MS - UNDO_MARGIN_MS,
    items: [{ count, amount: dealOf(code).price * count, handle: requestId }],
  });

  const arrive = async (code: string): Promise<void> => {
    const sample = sampleOf(code);
    if (sample === 'busy') throw new PlatformFault('busy', 'not-done', 'practising: busy');
    if (sample === 'slow') await pause(SLOW_MS);
  };

  const apply = async (session: Session, { store, code, count, requestId }: VerifyRequest): Promise<Receipt | VerifyNo> => {
    const page = await pageOf(session, code);
    const done = page.uses.find((use) => use.requestId === requestId);
    if (done) return receiptOf(done, code);
    const refusal = obstacle(code, page);
    if (refusal) return refusal;
    if (count > page.remaining || count < 1) return { kind: 'refused', reason: 'count' };
    const sample = sampleOf(code);
    const withheld = (sample === 'lost-before' || sample === 'lost-after') && !page.lost;
    const use = { requestId, at: now(), count, store };
    const applied = { ...page, remaining: page.remaining - count, uses: [...page.uses, use] };
    const next = withheld && sample === 'lost-before' ? page : applied;
    await books.set(keyOf(session, code), withheld ? { ...next, lost: true } : next);
    if (withheld) throw new PlatformFault('unreachable', 'unknown', 'practising: the answer is lost');
    return receiptOf(use, code);
  };

  return {
    name: SIMULATED,
    perSecond: undefined,
    questions: [],
    rank: 50,
    markets: ['meituan'],
    plainHttp: false,
    undoes: true,
    identity: ({ owner = '' }) => owner,
    login: async ({ owner = '' }) => ({ token: owner, expiresAt: now() + DAY_MS }),
    stores: async () => practiceStores,
    deals: async () => practiceDeals,

    async lookup(session, _store, code) {
      await arrive(code);
      const page = await pageOf(session, code);
      const { id, title, price, marketPrice } = dealOf(code);
      const validUntil = Math.floor((now() + CHINA_MS) / DAY_MS) * DAY_MS - CHINA_MS + 31 * DAY_MS - 1_000;
      const phone = '138****8000';
      const coupon: Coupon = {
        kind: 'coupon',
        code,
        title,
        price,
        marketPrice,
        dealId: id,
        remaining: page.remaining,
        validUntil,
        phone,
      };
      return obstacle(code, page) ?? coupon;
    },

    async verify(session, request) {
      await arrive(request.code);
      return await queue(keyOf(session, request.code), () => apply(session, request));
    },

    query: (session, { code, requestId }) =>
      queue(keyOf(session, code), async () => {
        const use = (await pageOf(session, code)).uses.find((done) => done.requestId === requestId);
        return use
          ? { result: { ...receiptOf(use, code), certainty: 'listed' }, note: 'applied' }
          : { result: { kind: 'not-done' }, note: 'not applied' };
      }),

    undo: (session, { code, receiptHandle, requestId }) =>
      queue(keyOf(session, code), async (): Promise<Undone | Refusal<FinalNo<'undo'>>> => {
        const page = await pageOf(session, code);
        const use = page.uses.find((done) => done.requestId === receiptHandle);
        if (use?.undone?.requestId === requestId) return { kind: 'undone', at: use.undone.at, newCode: use.undone.newCode };
        const at = now();
        if (!use || use.undone || at - use.at > UNDO_MS) return { kind: 'refused', reason: 'undo-late' };
        const newCode = codeAfter(code, requestId);
        const uses = page.uses.map((done) => (done === use ? { ...use, undone: { requestId, at, newCode } } : done));
        await books.set(keyOf(session, code), { ...page, remaining: 0, uses, movedTo: newCode });
        await books.set(keyOf(session, newCode), { remaining: page.remaining + use.count, uses: [] });
        return { kind: 'undone', at, newCode };
      }),

    queryUndo: (session, { code, requestId }) =>
      queue(keyOf(session, code), async () => {
        const undone = (await pageOf(session, code)).uses.find((use) => use.undone?.requestId === requestId)?.undone;
        return undone
          ? { result: { kind: 'undone', certainty: 'listed', at: undone.at, newCode: undone.newCode }, note: 'undone' }
          : { result: { kind: 'not-done' }, note: 'not undone' };
      }),
  };
}

const storeName = (id: string): string => practiceStores.find((store) => store.id === id)?.name ?? id;

/** Makes an unused code of the same deal, which the last digit tells; of several uses stays one of several. */
function codeAfter(code: string, requestId: string): string {
  const family = sampleOf(code) === 'several' ? 'several' : 'unused';
  const digits = BigInt(`0x${createHash('sha256').update(`${code}/${requestId}`).digest('hex')}`) % 100_000n;
  return `${familyOf(family)}${String(digits).padStart(5, '0')}${code.slice(-1)}`;
}
