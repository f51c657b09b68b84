import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FATES, type Fate } from '../../doubles/fake-upstream.ts';
import { createLaws } from './laws.ts';
import { freshHarness, openShops, type Shops, type Harness } from './harness.ts';

let shops: Shops;
beforeAll(async () => {
  shops = await openShops();
});
afterAll(async () => {
  vi.useRealTimers();
  await shops.database.close();
});

/** What people and machines do; `n` picks a card or a row, whatever there is. */
type Step =
  | { readonly do: 'show'; readonly code: string; readonly shop: 0 | 1 }
  | { readonly do: 'press'; readonly n: number; readonly count: number; readonly fate: Fate }
  | { readonly do: 'rush'; readonly n: readonly number[]; readonly fate: Fate }
  | { readonly do: 'begin-only' | 'drop' | 'decide'; readonly n: number }
  | { readonly do: 'undo'; readonly n: number; readonly fate: Fate }
  | { readonly do: 'later'; readonly ms: number }
  | { readonly do: 'answers' | 'crash' | 'recheck' | 'settle' }
  | { readonly do: 'elsewhere'; readonly code: string };

const n = fc.nat(30);
const code = fc.constantFrom('1000000001', '1000000002', '5000000003');
const fate = fc.constantFrom(...FATES);
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({ do: fc.constant('show' as const), code, shop: fc.constantFrom(0 as const, 0 as const, 1 as const) }),
    },
    { weight: 6, arbitrary: fc.record({ do: fc.constant('press' as const), n, count: fc.constantFrom(1, 1, 2), fate }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('rush' as const), n: fc.array(n, { minLength: 2, maxLength: 8 }), fate }),
    },
    { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('begin-only' as const, 'drop' as const, 'decide' as const), n }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('undo' as const), n, fate }) },
    {
      weight: 3,
      arbitrary: fc.record({ do: fc.constant('later' as const), ms: fc.constantFrom(1, 1_000, 10_000, 80_000, 3_600_000) }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constantFrom('answers' as const, 'crash' as const, 'recheck' as const, 'recheck' as const, 'settle' as const),
      }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('elsewhere' as const), code }) },
  ),
  { minLength: 5, maxLength: 40, size: 'max' },
);

const pick = <T>(list: readonly T[], at: number): T | undefined => (list.length === 0 ? undefined : list[at % list.length]);

/** A person who looks it up in the merchant's app and says how it is. */
async function decideTruly(harness: Harness, row: Awaited<ReturnType<Harness['rows']>>[number] | undefined): Promise<void> {
  if (!row || (row.state !== 'person' && row.state !== 'undo-unsure')) return;
  const request = row.state === 'person' ? row.request_id! : row.undo_request_id!;
  const yes = row.state === 'person' ? harness.outside.verified(request) : harness.outside.undone(request);
  const decided = await harness.desk.decide(row.id, yes, { kind: 'person', id: 'telegram:2', name: '王老板' });
  if (decided)
    expect(
      await harness.desk.decide(row.id, !yes, { kind: 'person', id: 'telegram:3', name: '小李' }),
      'decided once',
    ).toBeUndefined();
}

async function take(harness: Harness, step: Step): Promise<void> {
  const { outside, cards } = harness;
  switch (step.do) {
    case 'show':
      return void (await harness.lookup(step.code, harness.shops[step.shop]));
    case 'press': {
      const card = pick(cards, step.n);
      outside.order(step.fate);
      if (card) await harness.press(card, Math.min(step.count, card.coupon.remaining));
      return outside.order('yes');
    }
    case 'rush': {
      outside.order(step.fate);
      const pressed = step.n.flatMap((at) => pick(cards, at) ?? []);
      await Promise.all(
        pressed.map((card, at) => harness.press(card, 1, { kind: 'person', id: `telegram:${at}`, name: `店员${at}` })),
      );
      return outside.order('yes');
    }
    case 'begin-only': {
      const card = pick(cards, step.n);
      if (card) await harness.desk.begin(card.id, { kind: 'person', id: 'telegram:9', name: '小陈' }, 1, undefined);
      return;
    }
    case 'drop': {
      const card = pick(cards, step.n);
      if (card) await harness.desk.drop(card.id, { kind: 'person', id: 'telegram:1', name: '张三' });
      return;
    }
    case 'decide':
      return await decideTruly(harness, pick(await harness.rows(), step.n));
    case 'undo': {
      const rows = await harness.rows();
      const row = pick(
        rows.toSorted((a, b) => Number(b.state === 'verified') - Number(a.state === 'verified')).slice(0, 1 + (step.n % 4)),
        step.n,
      );
      outside.order(step.fate);
      if (row) await harness.undo(row.id);
      return outside.order('yes');
    }
    case 'later':
      return void harness.later(step.ms);
    case 'recheck':
      return void (await harness.recheck());
    case 'settle':
      return await harness.settleAll();
    case 'answers':
      return await harness.answers();
    case 'crash':
      return await harness.crash();
    case 'elsewhere':
      return outside.useElsewhere(step.code);
  }
}

/** Presses everything once more: what has settled shows as it settled. */
async function pressAgain(harness: Harness): Promise<void> {
  const calls = harness.calls.length;
  for (const row of await harness.rows()) {
    const first = await harness.desk.begin(row.id, { kind: 'person', id: 'telegram:7', name: '又一个' }, 1, undefined);
    const second = await harness.desk.drop(row.id, { kind: 'person', id: 'telegram:8', name: '再一个' });
    expect(first.kind).toBe('already');
    expect(second.kind).toBe('already');
    if (first.kind === 'already' && second.kind === 'already' && first.verification.id === row.id)
      expect(second.verification).toEqual(first.verification);
  }
  expect(harness.calls).toHaveLength(calls);
}

async function live(exact: boolean, renews: boolean, silent: boolean, path: readonly Step[]): Promise<void> {
  const harness = await freshHarness(shops, { exact, renews });
  const laws = createLaws(harness);
  harness.outside.ticket('1000000001', 1);
  harness.outside.ticket('1000000002', 1);
  harness.outside.ticket('5000000003', 3);
  for (const step of path) {
    await take(harness, step);
    await laws.check();
  }
  if (silent) harness.outside.fallSilent();
  await harness.answers();
  await harness.settleAll();
  await laws.check();
  for (const row of await harness.rows()) await decideTruly(harness, row);
  await laws.checkSettled();
  await pressAgain(harness);
}

const RUNS = Number(process.env['RUNS'] ?? 120);

describe('whatever people, the platform and crashes do', () => {
  it('every coupon is used once per confirmation at most, and the books agree', { timeout: RUNS * 1_000 }, async () => {
    await fc.assert(fc.asyncProperty(fc.boolean(), fc.boolean(), fc.boolean(), steps, live), {
      numRuns: RUNS,
      endOnFailure: true,
    });
  });
});
