/** The figures of a day equal what its facts tell: reckoned from the facts alone, by other arithmetic, for histories at random. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { createFacts, type Fact } from '../../../services/facts/facts.ts';
import { createLedger, type Figures } from '../../../services/ledger/ledger.ts';
import { createStoreCalendars } from '../../../services/ledger/store-calendar.ts';
import type { Item } from '../../../services/platforms/platform.ts';
import { FATES } from '../../doubles/fake-upstream.ts';
import { freshHarness, openShops, type Harness, type Shops } from '../verification/harness.ts';

let shops: Shops;
beforeAll(async () => {
  shops = await openShops();
});
afterAll(async () => {
  vi.useRealTimers();
  await shops.database.close();
});

const PEOPLE = [
  { kind: 'person', id: 'telegram:1', name: '张三' },
  { kind: 'person', id: 'telegram:2', name: '张三' },
  { kind: 'customer', id: 'wecom-kf:1', name: '顾客' },
] as const;

type Step =
  | { readonly do: 'press'; readonly who: number; readonly count: number; readonly fate: (typeof FATES)[number] }
  | { readonly do: 'batch'; readonly who: number; readonly items: readonly { readonly count: number; readonly no: boolean }[] }
  | { readonly do: 'undo'; readonly n: number; readonly fate: (typeof FATES)[number] }
  | { readonly do: 'decide'; readonly n: number; readonly yes: boolean }
  | { readonly do: 'settle' | 'answers' | 'silence' | 'hours' }
  | { readonly do: 'day-end'; readonly at: string };

const who = fc.nat(2);
const fate = fc.constantFrom(...FATES);
const items = fc
  .array(fc.record({ count: fc.integer({ min: 1, max: 3 }), no: fc.boolean() }), { minLength: 1, maxLength: 4 })
  .filter((all) => all.some(({ no }) => !no));
const histories = fc.array(
  fc.oneof<fc.Arbitrary<Step>[]>(
    fc.record({ do: fc.constant('press' as const), who, count: fc.integer({ min: 1, max: 3 }), fate }),
    fc.record({
      do: fc.constant('press' as const),
      who,
      count: fc.integer({ min: 1, max: 3 }),
      fate: fc.constant('slow' as const),
    }),
    fc.record({ do: fc.constant('batch' as const), who, items }),
    fc.record({ do: fc.constant('undo' as const), n: fc.nat(20), fate }),
    fc.record({ do: fc.constant('decide' as const), n: fc.nat(20), yes: fc.boolean() }),
    fc.record({ do: fc.constantFrom('settle', 'settle', 'answers', 'silence', 'hours') }),
    fc.record({ do: fc.constant('day-end' as const), at: fc.constantFrom('00:00', '06:00') }),
  ),
  { minLength: 4, maxLength: 25, size: 'max' },
);

let codes = 0;
/** Shows a new coupon of so many uses, and presses it. */
async function press(harness: Harness, uses: number, by: (typeof PEOPLE)[number], count: number): Promise<void> {
  const code = String(1_000_000_000 + (codes += 1));
  harness.outside.ticket(code, uses);
  await harness.lookup(code);
  await harness.press(harness.cards.at(-1)!, count, by);
}

/** One press that consumes several coupons, some of which are refused. */
async function batch(harness: Harness, consumed: Extract<Step, { do: 'batch' }>['items'], by: (typeof PEOPLE)[number]) {
  const { client } = harness.outside;
  const { verify } = client;
  client.verify = async (request) => ({
    kind: 'verified',
    at: Date.now(),
    items: consumed.map(({ count, no }, n): Item => ({
      count,
      code: `${request.code}-${n}`,
      amount: 1_111 * (n + 1),
      ...(no && { refusal: { kind: 'refused', reason: 'used' } as const }),
    })),
  });
  await press(
    harness,
    12,
    by,
    consumed.reduce((sum, { count }) => sum + count, 0),
  );
  client.verify = verify;
}

async function take(harness: Harness, step: Step): Promise<void> {
  const rows = await harness.rows();
  switch (step.do) {
    case 'press':
      harness.outside.order(step.fate);
      await press(harness, 3, PEOPLE[step.who]!, step.count);
      return harness.outside.order('yes');
    case 'batch':
      return await batch(harness, step.items, PEOPLE[step.who]!);
    case 'undo': {
      const verified = rows.filter(({ state }) => state === 'verified');
      harness.outside.order(step.fate);
      if (verified.length > 0) await harness.undo(verified[step.n % verified.length]!.id);
      return harness.outside.order('yes');
    }
    case 'decide': {
      const open = rows.filter(({ state }) => state === 'person' || state === 'undo-unsure');
      if (open.length > 0) await harness.desk.decide(open[step.n % open.length]!.id, step.yes, PEOPLE[0]);
      return;
    }
    case 'settle':
      return await harness.settleAll();
    case 'answers':
      return await harness.answers();
    case 'silence':
      return harness.outside.fallSilent();
    case 'hours':
      return void harness.later(13 * 3_600_000);
    case 'day-end': {
      const { db } = shops.database;
      await createStoreCalendars({ db, now: Date.now }).setDayEnd(shops.shops[0], step.at, PEOPLE[0]);
    }
  }
}

/** All facts of the store, read on from the last one, few at a time. */
async function allFacts(): Promise<readonly Fact[]> {
  const facts = createFacts(shops.database.db);
  const all: Fact[] = [];
  for (;;) {
    const more = await facts.read(`store:${shops.shops[0].id}`, all.at(-1)?.sequence ?? 0, 7);
    all.push(...more);
    if (more.length < 7) return all;
  }
}

/** Sums up a day from its facts. */
function reckonFacts(facts: readonly Fact[], day: string): Omit<Figures, 'byProduct'> {
  const bySubject = [...Map.groupBy(facts, ({ subject }) => subject).values()];
  const stand = bySubject
    .map((history) => ({ first: history[0]!, last: history.at(-1)! }))
    .filter(({ last }) => last.detail['businessDay'] === day);
  const uses = (all: typeof stand): number => all.reduce((sum, { last }) => sum + Number(last.detail['count']), 0);
  const money = (all: typeof stand): number => all.reduce((sum, { last }) => sum + Number(last.detail['amount'] ?? 0), 0);
  const inState = (...states: readonly string[]) => stand.filter(({ last }) => states.includes(last.to ?? ''));
  const used = inState('verified', 'undoing', 'undo-unsure');
  const people = [...Map.groupBy(used, ({ first }) => first.by?.id).values()];
  return {
    count: uses(used),
    total: money(used),
    unpriced: uses(used.filter(({ last }) => last.detail['amount'] === null)),
    undone: uses(inState('undone')),
    undoneTotal: money(inState('undone')),
    refused: inState('refused').length,
    unsure: uses(inState('submitting', 'unsure', 'person')),
    byPerson: people
      .map((theirs) => ({ name: theirs[0]!.first.by!.name, count: uses(theirs), total: money(theirs) }))
      .toSorted((a, b) => b.count - a.count || b.total - a.total || (a.name < b.name ? -1 : 1)),
  };
}

it('whatever is verified, undone, decided, answered late or moved to another day', { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.boolean(), histories, async (exact, history) => {
      const harness = await freshHarness(shops, { exact, renews: false });
      const ledger = createLedger(shops.database.db);
      for (const step of history) {
        await take(harness, step);
        const facts = await allFacts();
        expect(facts.map(({ sequence }) => sequence)).toEqual(facts.map((_, n) => n + 1));
        const days = new Set((await harness.rows()).flatMap(({ business_day }) => business_day ?? []));
        for (const day of days) {
          const { byProduct, ...figures } = await ledger.figures(shops.shops[0].id, day);
          expect(byProduct.reduce((sum, { total }) => sum + total, 0)).toBe(figures.total);
          expect(reckonFacts(facts, day)).toEqual(figures);
        }
      }
    }),
    { numRuns: 40 },
  );
});
