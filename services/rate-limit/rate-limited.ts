/** Rate limit: every call of a platform waits for its turn, so that the platform's limit is kept exactly. */
import Bottleneck from 'bottleneck';
import type { Time } from '../time/time.ts';
import { createQueueEstimate, type QueueEstimate } from './queue-estimate.ts';
import { PLATFORM_CALLS, wrapCalls, type Call, type CallName, type Priority } from '../platforms/calls.ts';
import { PlatformFault, type Platform, type TakeTurn } from '../platforms/platform.ts';
import type { Slot, Slots } from './slots.ts';

export type { Priority } from '../platforms/calls.ts';

export interface Turn {
  /** The key of the limit: one per merchant and platform. */
  readonly account: string;
  readonly priority: Priority;
  /** Ends the wait with a fault `busy`, `not-done`; a call that has begun runs on. */
  readonly signal?: AbortSignal;
  /** Runs in the call's turn, right before its request leaves. What it throws ends the call, and nothing is sent. */
  readonly before?: (() => Promise<void>) | undefined;
}

/** A call with its turn before its arguments; the turns of its single requests are taken here. */
type InTurn<F> = F extends (...args: infer A) => infer R
  ? (turn: Turn, ...args: A extends [...infer Own, TakeTurn] ? Own : A) => R
  : never;
type CallsInTurn = { readonly [K in keyof Pick<Platform, CallName>]: InTurn<Call<K>> };

/** A platform whose calls wait for their turn. A full queue is a fault `busy`, `not-done`. */
export type RateLimitedPlatform = Omit<Platform, CallName> &
  CallsInTurn & {
    /**
     * Estimates the wait of a call that came now: its place in the queue (0: it goes at once) and ms. Calls of other
     * instances are not counted.
     */
    waiting(account: string, priority: Priority): { readonly place: number; readonly ms: number };
  };

const RANKS: Readonly<Record<Priority, number>> = { verify: 0, undo: 1, lookup: 3, query: 5, background: 9, unproven: 9 };

/**
 * The rest of a slot after an answer. Two calls a second means never three within any second as the platform sees them. A call
 * has arrived when its answer is back, so two slots that each rest 1,001 ms after an answer admit what is allowed and no more,
 * whatever the network does. Spacing the starts (`minTime`, reservoirs) was measured to break the limit under jitter.
 */
const AFTER_ANSWER_MS = 1_001;
/** The rest after the platform said that its limit was exceeded, as when another program uses the account. */
const AFTER_BUSY_MS = 2_000;
/** The rest after a lost call: it may still arrive, for two seconds at most once its connection is gone. */
const AFTER_LOSS_MS = 3_000;

/** The longest queue: 40 calls at two a second are a wait of 20 s. */
const LONGEST_QUEUE = 40;
/** Limiters are dropped after this long without a call; the slots keep the limit. */
const IDLE_MS = 60_000;
const BACKGROUND_SHARE = 0.2;
/** The pause before each page in the background where no limit is published, ms: a twentieth of what Douyin allows its list. */
const PAGE_PAUSE_MS = 200;
/** At two calls a second: one login in five seconds, and never two at once, which leaves a slot for the merchant. */
const UNPROVEN_SHARE = 0.1;
/** The most unproven logins in flight and waiting for an account: strangers cannot make each other wait for more turns. */
const MOST_UNPROVEN = 4;

export interface RateLimitedParts {
  readonly slots: Pick<Slots, 'take'>;
  readonly now: () => number;
  readonly sleep: Time['sleep'];
}

export function rateLimited(platform: Platform, parts: RateLimitedParts): RateLimitedPlatform {
  const { perSecond } = platform;
  const queue = perSecond === undefined ? undefined : createQueue(perSecond, parts);
  const run = async <R>(turn: Turn, call: () => Promise<R>): Promise<R> => {
    if (queue) return await queue.run(turn, call);
    // The login before this call may have taken long.
    if (turn.signal?.aborted) throw tooLate();
    if (turn.before) await turn.before();
    return await call();
  };
  const runPage = async <R>(turn: Turn, request: () => Promise<R>): Promise<R> => {
    if (!queue && turn.priority === 'background') await parts.sleep(PAGE_PAUSE_MS);
    return await run(turn, request);
  };
  const calls = wrapCalls(platform, (call, name) => async (turn: Turn, ...args: unknown[]) => {
    const make = call as (...all: unknown[]) => Promise<unknown>;
    if (!('paged' in PLATFORM_CALLS[name])) return await run(turn, () => make(...args));
    if (turn.signal?.aborted) throw tooLate();
    return await make(...args, ((request) => runPage(turn, request)) satisfies TakeTurn);
  });
  const waiting: RateLimitedPlatform['waiting'] = (account, priority) =>
    queue?.waiting(account, RANKS[priority]) ?? { place: 0, ms: 0 };
  return { ...platform, ...calls, waiting } as RateLimitedPlatform;
}

/** Of one account. */
interface Queue {
  readonly estimate: QueueEstimate;
  /**
   * Calls that went out without waiting, until their slots have rested. Bottleneck takes some milliseconds for each job, so it
   * gets these only when another call has to wait behind them.
   */
  readonly atOnce: Set<Promise<void>>;
}

function createQueue(perSecond: number, { slots, now, sleep }: RateLimitedParts) {
  const numbers = Array.from({ length: perSecond }, (_, n) => n);
  // One limiter per account with a wait, for the order of the queue; idle ones are dropped.
  const limiters = new Bottleneck.Group({
    maxConcurrent: perSecond,
    highWater: LONGEST_QUEUE,
    strategy: Bottleneck.strategy.OVERFLOW_PRIORITY,
    timeout: IDLE_MS,
  });
  const queues = new Map<string, Queue>();

  const run = async <R>(turn: Turn, call: () => Promise<R>): Promise<R> => {
    if (turn.priority === 'unproven') return await unprovenTurn(turn, () => wait(turn, call));
    if (turn.priority === 'background') await backgroundTurn(turn.account);
    return await wait(turn, call);
  };

  const wait = async <R>(turn: Turn, call: () => Promise<R>): Promise<R> => {
    const { account, priority, signal, before } = turn;
    const queue = queues.get(account) ?? { estimate: createQueueEstimate(perSecond, now), atOnce: new Set() };
    queues.set(account, queue);
    const { estimate, atOnce } = queue;
    const free = estimate.free();
    const ticket = estimate.join(RANKS[priority]);
    return await new Promise<R>((resolve, reject) => {
      const giveUp = () => {
        ticket.leave();
        reject(tooLate());
      };
      if (signal?.aborted) return giveUp();
      signal?.addEventListener('abort', giveUp, { once: true });

      const job = async (): Promise<void> => {
        if (signal?.aborted) return;
        let slot = await slots.take(account, numbers);
        let heldBack = before && (await failure(before));
        while (!heldBack && slot.isOver()) {
          slot = await slots.take(account, numbers);
          heldBack = before && (await failure(before));
        }
        if (heldBack) reject(heldBack);
        if (heldBack || signal?.aborted) return await slot.release(0);
        signal?.removeEventListener('abort', giveUp);
        ticket.start();
        const restMs = await call().then(
          (answer) => {
            resolve(answer);
            return AFTER_ANSWER_MS;
          },
          (error: unknown) => {
            reject(error instanceof Error ? error : new Error('a call failed', { cause: error }));
            return restAfter(error);
          },
        );
        ticket.rest(restMs);
        // The caller has its answer; only the slot rests. A slot that cannot be released frees itself.
        await Promise.all([sleep(restMs), slot.release(restMs).catch(() => undefined)]);
      };
      const goAtOnce = (): Promise<void> => {
        const out = job().finally(() => atOnce.delete(out));
        atOnce.add(out);
        return out;
      };
      const waitInQueue = (): Promise<void> => {
        const limiter = limiters.key(account);
        for (const out of atOnce) limiter.schedule({ priority: 0 }, () => out).catch(() => undefined);
        atOnce.clear();
        return limiter.schedule({ priority: RANKS[priority] }, job);
      };
      (free ? goAtOnce() : waitInQueue())
        // Dropped from a full queue, or no slot could be taken; after an answer this changes nothing.
        .catch((cause: unknown) => reject(new PlatformFault('busy', 'not-done', 'too many calls are waiting', cause)))
        .finally(() => {
          signal?.removeEventListener('abort', giveUp);
          ticket.leave();
          if (estimate.empty()) queues.delete(account);
        });
    });
  };

  /** Spaces the background calls of an account so that they use their share and no more, by a slot of their own. */
  const backgroundTurn = async (account: string): Promise<void> => {
    try {
      const slot = await slots.take(account, [perSecond]);
      await slot.release(1_000 / (perSecond * BACKGROUND_SHARE));
    } catch (cause) {
      throw new PlatformFault('busy', 'not-done', 'no slot can be had', cause);
    }
  };

  /** Unproven logins per account, from their arrival to their answer. */
  const unproven = new Map<string, number>();

  /** Runs one unproven login of an account at a time; a slot of their own rests after the answer as their share demands. */
  const unprovenTurn = async <R>({ account, signal }: Turn, call: () => Promise<R>): Promise<R> => {
    const before = unproven.get(account) ?? 0;
    if (before >= MOST_UNPROVEN) throw new PlatformFault('busy', 'not-done', 'too many unproven logins are waiting');
    unproven.set(account, before + 1);
    try {
      const slot = await unlessAborted(slots.take(account, [perSecond + 1]), signal);
      const restMs = 1_000 / (perSecond * UNPROVEN_SHARE);
      return await call().finally(() => void slot.release(restMs).catch(() => undefined));
    } finally {
      const left = unproven.get(account)! - 1;
      if (left > 0) unproven.set(account, left);
      else unproven.delete(account);
    }
  };

  return {
    run,
    waiting: (account: string, rank: number) => queues.get(account)?.estimate.waiting(rank) ?? { place: 0, ms: 0 },
  };
}

/** Takes the slot unless the wait was aborted; a slot that comes too late is released. */
async function unlessAborted(taking: Promise<Slot>, signal: AbortSignal | undefined): Promise<Slot> {
  const aborted = new Promise<never>((_, reject) => {
    if (signal?.aborted) reject(tooLate());
    signal?.addEventListener('abort', () => reject(tooLate()), { once: true });
  });
  try {
    return await Promise.race([taking, aborted]);
  } catch (cause) {
    taking.then((slot) => slot.release(0)).catch(() => undefined);
    throw cause instanceof PlatformFault ? cause : new PlatformFault('busy', 'not-done', 'no slot can be had', cause);
  }
}

/** What `before` throws, if anything. */
const failure = async (before: NonNullable<Turn['before']>): Promise<Error | undefined> => {
  try {
    await before();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error('a call was held back', { cause: error });
  }
};

const tooLate = (): PlatformFault => new PlatformFault('busy', 'not-done', 'nobody waits for it any more');

/** The rest of a slot after a failed call: an answered call is over, a lost one may still arrive. */
function restAfter(error: unknown): number {
  if (!(error instanceof PlatformFault) || error.kind === 'unreachable') return AFTER_LOSS_MS;
  return error.kind === 'busy' ? AFTER_BUSY_MS : AFTER_ANSWER_MS;
}
