import { sql } from '../../../services/database/database.ts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freshWorld, openShops, ZHANG, type Shops } from './harness.ts';

let shops: Shops;
beforeAll(async () => {
  shops = await openShops();
});
afterAll(async () => {
  vi.useRealTimers();
  await shops.store.close();
});

/** A world with one coupon, and a card of it for each of `cards` lookups. */
async function withCards(uses: number, cards: number) {
  const world = await freshWorld(shops);
  world.outside.ticket('5000000003', uses);
  for (let n = 0; n < cards; n++) await world.show('5000000003');
  return world;
}

/** A press on another coupon of the order consumed this one too. */
async function usedAlong(world: Awaited<ReturnType<typeof freshWorld>>, code: string): Promise<void> {
  const { db } = shops.store;
  const at = Date.now();
  const [row] = await world.rows();
  const used = { id: `${row!.id}_1`, code, state: 'verified', count: 1, settled_at: at, changed_at: at, check_at: null } as const;
  await db
    .insertInto('verification')
    .values({ ...row!, ...used, confirmation: 'other', request_id: null, coupon: JSON.stringify({ code, remaining: 1 }) })
    .execute();
}

const LI = { id: 'telegram:2', name: '李四' };
const states = async (world: Awaited<ReturnType<typeof freshWorld>>) => (await world.rows()).map(({ state }) => state);

/** What was told as news: not the card's change to 结果待确认 while the platform is still being asked. */
const news = (world: Awaited<ReturnType<typeof withCards>>) => world.told.filter(({ checking }) => !checking);

describe('a press', () => {
  it('that comes after the first shows the same settled card, whoever presses and how often', async () => {
    const world = await withCards(1, 1);
    const [card] = world.cards;
    const begun = await Promise.all(
      Array.from({ length: 50 }, (_, n) => world.press(card!, 1, { id: `telegram:${n}`, name: `${n}` })),
    );
    expect(begun.filter(({ kind }) => kind === 'begun')).toHaveLength(1);
    expect(world.calls).toHaveLength(1);
    const settled = await world.desk.get(card!.id);
    expect(settled?.state).toBe('verified');
    expect(await world.press(card!, 1, LI)).toEqual({ kind: 'stands', verification: settled });
    expect(await world.desk.drop(card!.id, LI)).toEqual({ kind: 'stands', verification: settled });
  });

  it('on another card of the same coupon is told what became of the first', async () => {
    const world = await withCards(1, 10);
    const begun = await Promise.all(world.cards.map((card) => world.press(card)));
    expect(begun.filter(({ kind }) => kind === 'begun')).toHaveLength(1);
    const stands = begun.flatMap((one) => (one.kind === 'stands' ? one.verification.id : []));
    expect(new Set(stands).size).toBe(1);
    expect(world.calls).toHaveLength(1);
  });

  it('waits for an unsure one of the same code, and goes on once that is settled', async () => {
    const world = await withCards(2, 2);
    world.outside.order('lost-before');
    await world.press(world.cards[0]!);
    expect((await world.press(world.cards[1]!)).kind).toBe('stands');
    expect((await world.show('5000000003')).kind).toBe('known');
    await world.settleAll();
    expect((await world.press(world.cards[1]!)).kind).toBe('begun');
    expect(await states(world)).toEqual(['refused', 'verified']);
  });

  it('on a card older than the last use asks for a new look first', async () => {
    const world = await withCards(3, 2);
    world.later(1);
    await world.press(world.cards[0]!);
    expect((await world.press(world.cards[1]!)).kind).toBe('stands');
    await world.show('5000000003');
    expect((await world.press(world.cards[2]!)).kind).toBe('begun');
  });

  it('on a card that is forgotten by now is told so', async () => {
    const world = await withCards(1, 1);
    world.later(15 * 60_000);
    expect(await world.press(world.cards[0]!)).toEqual({ kind: 'gone' });
    expect(await world.desk.drop(world.cards[0]!.id, ZHANG)).toEqual({ kind: 'gone' });
    expect(await world.desk.beginUndo('nothing', ZHANG)).toEqual({ kind: 'gone' });
  });
});

describe('a look', () => {
  it('counts from when it was asked for: a use meanwhile makes its card old', async () => {
    const world = await withCards(3, 1);
    const { counter } = world.outside;
    const { lookup } = counter;
    counter.lookup = async (...args) => {
      const found = await lookup(...args);
      counter.lookup = lookup;
      world.later(5);
      await world.press(world.cards[0]!);
      world.later(5);
      return found;
    };
    await world.show('5000000003');
    expect((await world.press(world.cards[1]!)).kind).toBe('stands');
  });
});

describe('a call', () => {
  it('that could not be sent in time is never sent: its waiting ends before anybody asks about it', async () => {
    const world = await withCards(1, 1);
    const { counter } = world.outside;
    const abortedAtTheCall: (boolean | undefined)[] = [];
    const { verify } = counter;
    counter.verify = (request, waiting) => {
      abortedAtTheCall.push(waiting?.signal?.aborted);
      return verify(request, waiting);
    };
    const begun = await world.desk.begin(world.cards[0]!.id, ZHANG, 1, undefined);
    if (begun.kind !== 'begun') throw new Error('not begun');
    world.later(60_000);
    await world.desk.submit(begun.verification);
    // Not a timer's turn later, when it may be out already.
    expect(abortedAtTheCall).toEqual([true]);
  });

  it('answered late is believed, and what was asked meanwhile is not told a second time', async () => {
    const world = await withCards(1, 1);
    world.outside.order('late');
    await world.press(world.cards[0]!);
    world.later(80_000);
    const { counter } = world.outside;
    const { settle } = counter;
    counter.settle = async (...args) => {
      await world.answers();
      return await settle(...args);
    };
    await world.recheck();
    expect(await states(world)).toEqual(['verified']);
    expect(news(world)).toEqual([]);
  });
});

describe('taking back', () => {
  it('waits while another use of the same coupon is in flight', async () => {
    const world = await withCards(3, 1);
    await world.press(world.cards[0]!);
    world.later(1);
    await world.show('5000000003');
    world.outside.order('dies-before');
    await world.press(world.cards[1]!);
    const undo = await world.undo(world.cards[0]!.id);
    expect(undo).toMatchObject({ kind: 'stands', verification: { id: world.cards[0]!.id, state: 'verified' } });
    await world.crash();
    await world.settleAll();
    expect((await world.undo(world.cards[0]!.id)).kind).toBe('begun');
    expect(await states(world)).toEqual(['undone', 'refused']);
  });

  it('of an earlier use holds up the next one, also after a later use has ended', async () => {
    const world = await withCards(3, 1);
    await world.press(world.cards[0]!);
    world.later(1);
    await world.show('5000000003');
    await world.press(world.cards[1]!);
    world.later(1);
    await world.show('5000000003');
    world.outside.order('lost-before');
    await world.undo(world.cards[0]!.id);
    expect(await world.press(world.cards[2]!)).toMatchObject({ kind: 'stands', verification: { id: world.cards[0]!.id } });
  });

  it('that is answered while somebody is about to be asked is not handed to people', async () => {
    const world = await withCards(1, 1);
    await world.press(world.cards[0]!);
    world.outside.order('late');
    await world.undo(world.cards[0]!.id);
    world.later(80_000);
    world.outside.counter.settleUndo = async () => {
      await world.answers();
      return { settlement: { kind: 'person' }, note: 'person' };
    };
    await world.recheck();
    expect(await states(world)).toEqual(['undone']);
    expect(news(world)).toEqual([]);
  });

  it('is decided by people only when the platform is asked no more, and once', async () => {
    const world = await withCards(1, 1);
    const { id } = world.cards[0]!;
    await world.press(world.cards[0]!);
    world.outside.order('lost-before');
    await world.undo(id);
    expect(await world.desk.decide(id, true, LI)).toBeUndefined();
    world.outside.fallSilent();
    await world.settleAll();
    expect(world.told.map(({ state, checking }) => [state, checking])).toEqual([['undo-unsure', false]]);
    expect(await world.desk.decide(id, false, LI)).toMatchObject({ state: 'verified', decided: true });
    expect(await world.desk.decide(id, true, LI)).toBeUndefined();
  });
});

describe('a lost answer', () => {
  it('becomes people’s matter a day after the press at the latest, when the platform stays silent', async () => {
    const world = await withCards(1, 1);
    world.outside.order('lost-after');
    await world.press(world.cards[0]!);
    const pressedAt = Date.now();
    world.outside.fallSilent();
    await world.settleAll();
    expect(await states(world)).toEqual(['person']);
    expect(Date.now() - pressedAt).toBeLessThanOrEqual(24 * 3_600_000);
    const [row] = await world.rows();
    expect(await world.desk.decide(row!.id, true, LI)).toMatchObject({ state: 'verified', amount: 4900, decided: true });
  });

  it('that came but could not be written down is asked for again, not sent again', async () => {
    const world = await withCards(1, 1);
    await sql`create trigger full before update on verification when new.state <> 'unsure' and old.state = 'submitting'
      begin select raise(abort, 'disk is full'); end`.execute(shops.store.db);
    try {
      await expect(world.press(world.cards[0]!)).rejects.toThrow('disk is full');
    } finally {
      await sql`drop trigger full`.execute(shops.store.db);
    }
    expect(await states(world)).toEqual(['submitting']);
    await world.settleAll();
    expect(await states(world)).toEqual(['verified']);
    expect(world.calls).toHaveLength(1);
  });

  it.each([
    ['in another store of the merchant', 1],
    ['with another coupon of its order', 0],
  ])('is not taken for a use that was confirmed %s meanwhile: the platform shows one, and somebody says whose', async (_, at) => {
    const world = await withCards(1, 1);
    const { counter } = world.outside;
    world.later(1_000);
    world.outside.order('lost-before');
    await world.press(world.cards[0]!);
    if (at === 1) {
      await world.show('5000000003', shops.shops[1]);
      await world.press(world.cards[1]!, 1, LI);
    } else {
      await usedAlong(world, '5000000003');
    }
    // A platform without request ids: it sees that the coupon is used, which it was not a moment ago.
    const item = { count: 1 };
    counter.settle = async () => ({ settlement: { kind: 'verified', at: Date.now(), items: [item] }, note: 'used' });
    await world.settleAll();
    expect((await states(world)).toSorted()).toEqual(['person', 'verified']);
  });

  it('of a process that died is asked about at once by the next, and never sent again', async () => {
    const world = await withCards(1, 1);
    world.outside.order('dies-after');
    await world.press(world.cards[0]!);
    await world.crash();
    expect(await world.recheck()).toBe(1);
    expect(await states(world)).toEqual(['verified']);
    expect(world.told.map(({ state }) => state)).toEqual(['unsure', 'verified']);
    expect(world.calls).toHaveLength(1);
  });
});
