/** Every move of a verification leaves one fact, with whom and why, in the transaction of the move. */
import { sql } from '../../../services/database/database.ts';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFacts, type Fact } from '../../../services/facts/facts.ts';
import { freshHarness, openShops, ZHANG, type Harness, type Shops } from './harness.ts';

let shops: Shops;
let harness: Harness;
beforeAll(async () => {
  shops = await openShops();
});
beforeEach(async () => {
  harness = await freshHarness(shops);
  harness.outside.ticket('5000000003', 1);
  await harness.lookup('5000000003');
});
afterAll(async () => {
  vi.useRealTimers();
  await shops.database.close();
});

const of = async (id = harness.cards[0]!.id) => await createFacts(shops.database.db).of(id);
const told = (facts: readonly Fact[]) => facts.map(({ kind, from, to, by }) => [kind, from, to, by?.kind, by?.name].join(' '));
const PLATFORM = { kind: 'platform', id: '', name: '' };
const WANG = { kind: 'person', id: 'telegram:2', name: '王老板' } as const;

describe('the facts of a verification', () => {
  it('tell its moves one by one, and who made them', async () => {
    await harness.press(harness.cards[0]!);
    await harness.undo(harness.cards[0]!.id, WANG);
    const facts = await of();
    expect(told(facts)).toEqual([
      'verification.confirm open submitting person 张三',
      'verification.yes submitting verified platform ',
      'verification.undo verified undoing person 王老板',
      'verification.undo-yes undoing undone platform ',
    ]);
    expect(facts.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4]);
    expect(facts.map(({ stream }) => stream)).toEqual(Array(4).fill(`store:${shops.shops[0].id}`));
    expect(facts[1]).toMatchObject({
      certainty: 'answered',
      detail: { businessDay: '2026-11-22', product: '畅玩4小时', count: 1, amount: 4900 },
    });
  });

  it('tell the place, and the verification keeps it with the note, for every coupon of the press', async () => {
    harness.outside.ticket('5000000004', 1);
    const beside = { place: { id: 'p3', name: '3 号桌' }, note: '小王的' };
    const shown = await harness.desk.lookup(shops.shops[0], '5000000004', 'telegram:1', beside);
    if (shown.kind !== 'open') throw new Error('no card');
    await harness.press(shown.card);
    expect(await harness.desk.get(shown.card.id)).toMatchObject(beside);
    expect((await of(shown.card.id)).map(({ detail }) => detail['place'])).toEqual(['3 号桌', '3 号桌']);
  });

  it('tell a lost answer, the end of the asking, and a decision', async () => {
    harness.outside.order('lost-after');
    await harness.press(harness.cards[0]!);
    harness.outside.fallSilent();
    await harness.settleAll();
    await harness.desk.decide(harness.cards[0]!.id, true, WANG);
    expect(told(await of())).toEqual([
      'verification.confirm open submitting person 张三',
      'verification.lost submitting unsure program ',
      'verification.unclear unsure person program ',
      'verification.decide-yes person verified person 王老板',
    ]);
    expect((await of()).at(-1)).toMatchObject({ certainty: 'decided' });
  });

  it('tell why it was refused, and that a card was dropped', async () => {
    harness.outside.order('refusal');
    await harness.press(harness.cards[0]!);
    expect((await of()).at(-1)).toMatchObject({ kind: 'verification.no', to: 'refused', detail: { reason: 'risk' } });
    await harness.lookup('5000000003');
    await harness.desk.drop(harness.cards[1]!.id, ZHANG);
    expect(told(await of(harness.cards[1]!.id))).toEqual(['verification.drop open dropped person 张三']);
  });

  it('name whoever acts, whatever kind of principal that is', async () => {
    const guest = { kind: 'customer', id: 'wecom-kf:7', name: '顾客' } as const;
    const key = { kind: 'key', id: 'k1', name: '收银' } as const;
    await harness.press(harness.cards[0]!, 1, guest);
    await harness.undo(harness.cards[0]!.id, key);
    expect((await harness.desk.get(harness.cards[0]!.id))?.by).toEqual(guest);
    expect((await of()).map(({ by }) => by)).toEqual([guest, PLATFORM, key, PLATFORM]);
  });

  it('are not written where nothing moved: a second press, a late drop', async () => {
    await harness.press(harness.cards[0]!);
    const before = await of();
    await harness.press(harness.cards[0]!);
    await harness.desk.drop(harness.cards[0]!.id, ZHANG);
    expect(await harness.desk.decide(harness.cards[0]!.id, false, WANG)).toBeUndefined();
    expect(await of()).toEqual(before);
  });

  it('do not hold the code', async () => {
    await harness.press(harness.cards[0]!);
    await harness.undo(harness.cards[0]!.id);
    expect(JSON.stringify(await of())).not.toContain('5000000003');
  });

  it('stand or fall with the move: a fact that cannot be written leaves the card open', async () => {
    await sql`create trigger full before insert on fact begin select raise(abort, 'disk is full'); end`.execute(
      shops.database.db,
    );
    try {
      await expect(harness.press(harness.cards[0]!)).rejects.toThrow('disk is full');
    } finally {
      await sql`drop trigger full`.execute(shops.database.db);
    }
    expect(await harness.rows()).toEqual([]);
    expect(harness.calls).toEqual([]);
    expect((await harness.press(harness.cards[0]!)).kind).toBe('begun');
  });
});
