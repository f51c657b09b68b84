/** Looks a code up for a key: within the limits of guessing and of the platform's queue, as a person's code in a chat. */
import type { Store } from '../../services/accounts/stores.ts';
import type { RaiseAlert } from '../../services/alerts/alert.ts';
import { PlatformFault } from '../../services/platforms/platform.ts';
import type { Priority } from '../../services/rate-limit/rate-limited.ts';
import type { Desk } from '../../services/verification/desk.ts';
import type { Guess, GuessLimiter } from '../../services/verification/guess-limiter.ts';
import type { Beside, LookupResult } from '../../services/verification/lookup.ts';
import type { OpenCard } from '../../services/verification/verification.ts';
import { TOO_LONG_MS } from '../coupon/queue-notice.ts';
import { problem, type Answer, type Caller, type Problem } from './answer.ts';
import { choiceOf, type CouponJson } from './coupon-json.ts';
import { faulted, inTheWay, refused } from './problems.ts';
import type { Show } from './show.ts';

export interface LookupCoupon {
  /** `POST lookups`. */
  tell(code: string, caller: Caller): Promise<Answer<{ readonly coupon: CouponJson }>>;
  /** The open card of a coupon that can be used now. `choice`: which one, where several have the code. */
  find(code: string, choice: string | undefined, beside: Beside, caller: Caller): Promise<OpenCard | Problem>;
  /** Why a call would wait too long at the platform; undefined where it would not. */
  queue(store: Store, priority: Priority, through?: string): Promise<Problem | undefined>;
}

export interface LookupCouponParts {
  readonly desk: Desk;
  readonly guessLimiter: GuessLimiter;
  readonly raise: RaiseAlert;
  readonly touch: (store: Store) => Promise<void>;
  readonly show: Show;
}

export function createLookupCoupon(parts: LookupCouponParts): LookupCoupon {
  const { desk, guessLimiter, raise, touch, show } = parts;

  const queue: LookupCoupon['queue'] = async (store, priority, through) => {
    const { ms } = await desk.waiting(store, priority, through);
    return ms > TOO_LONG_MS ? problem('platform', 'Too many calls are waiting for this platform.', { retryMs: ms }) : undefined;
  };

  const missed = async (guess: Guess, { key, store }: Caller): Promise<void> => {
    if ((await guess.unknown()) === undefined) return;
    const { id, accountId, name } = store;
    const facts = { of: 'person', store: name, person: key.name } as const;
    await raise({ kind: 'guessing', key: `${id}:key:${key.id}`, accountId, storeIds: [id], facts });
  };

  /** A program has said that it is a code, so platforms whose codes look otherwise are asked too. */
  const lookup = async (store: Store, code: string, beside: Beside): Promise<LookupResult> => {
    const looked = await desk.lookup(store, code, '', beside);
    const elsewhere = looked.kind === 'nowhere' && looked.elsewhere && looked.refusal.reason === 'not-found';
    return elsewhere ? await desk.lookup(store, code, '', { ...beside, anywhere: true }) : looked;
  };

  const find: LookupCoupon['find'] = async (code, choice, beside, caller) => {
    const { key, store } = caller;
    const tooLong = await queue(store, 'lookup');
    if (tooLong) return tooLong;
    const guess = store.practice ? undefined : await guessLimiter.begin(`key:${key.id}`);
    if (guess && 'kind' in guess)
      return problem('rate_limit', 'Too many unknown codes in a row: look-ups with this key are paused.', { retryMs: guess.ms });
    try {
      const looked = await lookup(store, code, beside);
      if (looked.kind === 'nowhere') {
        if (guess && looked.refusal.reason === 'not-found') await missed(guess, caller);
        return refused(looked.refusal, caller);
      }
      await Promise.all([looked.kind === 'open' ? guess?.usable(looked.card.coupon.code) : undefined, touch(store)]);
      if (looked.kind === 'known') return inTheWay(looked.verification, caller);
      const cards = looked.kind === 'open' ? [looked.card] : looked.cards;
      return await chosen(cards, choice, caller);
    } catch (error) {
      if (!(error instanceof PlatformFault)) throw error;
      return faulted(error, caller);
    } finally {
      guess?.end();
    }
  };

  const chosen = async (cards: readonly OpenCard[], choice: string | undefined, caller: Caller): Promise<OpenCard | Problem> => {
    if (choice === undefined && cards.length === 1) return cards[0]!;
    for (const card of cards) if (choice === choiceOf(card, await show.platform(caller.store, card.listingId))) return card;
    const detail =
      choice === undefined
        ? 'Several coupons have this code: repeat the request with the `choice` of one of them.'
        : 'No coupon of this code has this `choice`: repeat the request with one of these.';
    return problem('several', detail, { coupons: await Promise.all(cards.map((card) => show.coupon(card, caller))) });
  };

  return {
    queue,
    find,
    async tell(code, caller) {
      const card = await find(code, undefined, {}, caller);
      return 'kind' in card ? card : { kind: 'done', value: { coupon: await show.coupon(card, caller) } };
    },
  };
}
