/**
 * The laws of the queues, under whatever two instances do to them in whatever order: claims that run out, ends that come
 * late, processes that die, clocks that are set back. Nothing is lost, nothing comes back, no chat stops.
 */
import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Claim } from '../../services/database/queues/claim.ts';
import type { Database } from '../../services/database/database.ts';
import { createInboxRows, type InboxRows } from '../../services/database/queues/inbox.ts';
import { createOutbox, type Outbox } from '../../services/database/queues/outbox.ts';
import { createSeal } from '../../services/database/seal.ts';
import type { TestDatabase } from './database.ts';

const NOON = Date.UTC(2026, 10, 22, 4);
const SECOND = 1_000;

interface Message {
  readonly chat: string;
  readonly n: number;
}

/** What happens next. `who` is an instance, `n` picks one of the claims it believes to hold. */
type Step =
  | { readonly do: 'put'; readonly who: 0 | 1; readonly chat: string }
  | { readonly do: 'claim'; readonly who: 0 | 1; readonly chat: string }
  | { readonly do: 'crash'; readonly who: 0 | 1 }
  | { readonly do: 'end'; readonly who: 0 | 1; readonly n: number; readonly how: 'done' | 'postpone' | 'doubtful' | 'renew' }
  | { readonly do: 'later'; readonly ms: number };

const who = fc.constantFrom(0 as const, 1 as const);
const chat = fc.constantFrom('chat:1', 'chat:2');
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('put' as const), who, chat }) },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('claim' as const), who, chat }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), who }) },
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant('end' as const),
        who,
        n: fc.nat(5),
        how: fc.constantFrom('done', 'done', 'postpone', 'doubtful', 'renew'),
      }),
    },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('later' as const),
        ms: fc.constantFrom(1, SECOND, 16 * SECOND, 61 * SECOND, 3_600 * SECOND, -SECOND, -8 * 3_600 * SECOND),
      }),
    },
  ),
  { minLength: 5, maxLength: 60, size: 'max' },
);

/** A queue as both have it in common. */
interface Queue {
  put(message: Message): Promise<void>;
  claim(chat: string): Promise<readonly (Claim & { readonly message: Message })[]>;
  end(claim: Claim, how: Extract<Step, { do: 'end' }>['how']): Promise<boolean>;
}

const inboxQueue = (rows: InboxRows<Message>): Queue => ({
  put: async (message) => void (await rows.put(`${message.chat} ${message.n}`, message.chat, message)),
  async claim(from) {
    const claimed = await rows.claim(from);
    return claimed ? [{ ...claimed, message: claimed.event }] : [];
  },
  end: (claim, how) =>
    how === 'done' ? rows.done(claim) : how === 'renew' ? rows.renew(claim) : rows.postpone(claim, 2 * SECOND),
});

const outboxQueue = (outbox: Outbox<Message>, { db }: Database): Queue => ({
  put: async (message) =>
    void (await db.transaction().execute((tx) => outbox.put(tx, `${message.chat} ${message.n}`, message.chat, message))),
  claim: () => outbox.claim(5),
  end: (claim, how) =>
    how === 'done'
      ? outbox.sent(claim)
      : how === 'renew'
        ? outbox.renew(claim)
        : how === 'doubtful'
          ? outbox.doubtful(claim, 2 * SECOND)
          : outbox.postpone(claim, 2 * SECOND),
});

export function interleavingsContract(name: string, make: () => Promise<TestDatabase>, runs: number): void {
  describe(name, () => {
    let target: TestDatabase;
    let database: Database;
    const seal = createSeal(randomBytes(32));
    beforeAll(async () => {
      target = await make();
      database = await target.open();
    });
    afterAll(async () => {
      await database?.close();
      await target?.remove();
    });

    let at = NOON;
    let ids = 0;
    const now = (): number => at;
    const KINDS = {
      inbox: (): Queue => inboxQueue(createInboxRows(database.db, seal, now)),
      outbox: (): Queue =>
        outboxQueue(
          createOutbox(database.db, seal, now, () => `id${(ids += 1)}`),
          database,
        ),
    };

    it.each(['inbox', 'outbox'] as const)(
      '%s: nothing is lost, nothing comes back, no chat stops',
      { timeout: 60_000 },
      async (kind) => {
        const run = async (taken: readonly Step[]): Promise<void> => {
          await database.db.deleteFrom(kind).execute();
          at = NOON;
          const queues = [KINDS[kind](), KINDS[kind]()];
          /** What each instance believes to be at work on. */
          const held: (Claim & { readonly message: Message })[][] = [[], []];
          const put: string[] = [];
          const done = new Set<string>();
          const latest = new Map<string, Claim>();
          const key = ({ chat: where, n }: Message): string => `${where} ${n}`;

          const claim = async (by: number, from: string): Promise<boolean> => {
            const claimed = await queues[by]!.claim(from);
            for (const one of claimed) {
              expect(done, 'what is done does not come back').not.toContain(key(one.message));
              latest.set(key(one.message), one);
            }
            held[by]!.push(...claimed);
            return claimed.length > 0;
          };
          const end = async (by: number, index: number, how: Extract<Step, { do: 'end' }>['how']): Promise<void> => {
            const one = held[by]![index];
            if (!one) return;
            if (how !== 'renew') held[by]!.splice(index, 1);
            const mine = await queues[by]!.end(one, how);
            if (!mine) return;
            expect(latest.get(key(one.message)), 'only the last who claimed it can').toBe(one);
            expect(done, 'only one can end it').not.toContain(key(one.message));
            if (how === 'done') done.add(key(one.message));
          };

          for (const step of taken) {
            if (step.do === 'later') at += step.ms;
            else if (step.do === 'put') {
              const message = { chat: step.chat, n: put.length };
              put.push(key(message));
              await queues[step.who]!.put(message);
            } else if (step.do === 'claim') await claim(step.who, step.chat);
            else if (step.do === 'crash') {
              held[step.who] = [];
              queues[step.who] = KINDS[kind]();
            } else if (step.do === 'end')
              await end(step.who, held[step.who]!.length === 0 ? 0 : step.n % held[step.who]!.length, step.how);
          }

          // Whatever happened: all die, another starts, and works off what there is within the longest wait.
          held[0] = [];
          const last: string[] = [];
          for (let round = 0; round < 40 && done.size < put.length; round++) {
            at += 61 * SECOND;
            for (const from of ['chat:1', 'chat:2'])
              while (await claim(0, from))
                while (held[0].length > 0) {
                  last.push(key(held[0][0]!.message));
                  await end(0, 0, 'done');
                }
          }
          expect([...done].toSorted(), 'nothing is lost').toEqual(put.toSorted());
          for (const from of ['chat:1', 'chat:2']) {
            const order = last.filter((one) => one.startsWith(from)).map((one) => Number(one.split(' ')[1]));
            expect(order, 'each chat in the order it spoke').toEqual(order.toSorted((a, b) => a - b));
          }
          // A stalled instance that wakes up after all of that changes nothing.
          for (const one of held[1]!) expect(await queues[1]!.end(one, 'postpone')).toBe(false);
          at += 3_600 * SECOND;
          for (const from of ['chat:1', 'chat:2']) expect(await queues[0]!.claim(from)).toEqual([]);
        };
        await fc.assert(fc.asyncProperty(steps, run), { numRuns: runs });
      },
    );
  });
}
