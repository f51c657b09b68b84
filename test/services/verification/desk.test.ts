import type { Principal } from '../../../services/facts/by.ts';
import { sql } from '../../../services/database/database.ts';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { freshHarness, openShops, ZHANG, type Shops } from './harness.ts';

let shops: Shops;
beforeAll(async () => {
  shops = await openShops();
});
afterAll(async () => {
  vi.useRealTimers();
  await shops.database.close();
});

/** A harness with one coupon, and a card of it for each of `cards` lookups. */
async function withCards(uses: number, cards: number) {
  const harness = await freshHarness(shops);
  harness.outside.ticket('5000000003', uses);
  for (let n = 0; n < cards; n++) await harness.lookup('5000000003');
  return harness;
}

/** A press on another coupon of the order consumed this one too. */
async function usedAlong(harness: Awaited<ReturnType<typeof freshHarness>>, code: string): Promise<void> {
  const { db } = shops.database;
  const at = Date.now();
  const [row] = await harness.rows();
  const used = { id: `${row!.id}_1`, code, state: 'verified', count: 1, settled_at: at, changed_at: at, check_at: null } as const;
  await db
    .insertInto('verification')
    .values({ ...row!, ...used, confirmation: 'other', request_id: null, coupon: JSON.stringify({ code, remaining: 1 }) })
    .execute();
}

const LI: Principal = { kind: 'person', id: 'telegram:2', name: '李四' };
const states = async (harness: Awaited<ReturnType<typeof freshHarness>>) => (await harness.rows()).map(({ state }) => state);

/** What was told as news: not the card's change to 结果待确认 while the platform is still being asked. */
const news = (harness: Awaited<ReturnType<typeof withCards>>) => harness.told.filter(({ checking }) => !checking);

describe('a press', () => {
  it('after the first is idempotent: it shows the same settled card, by anyone, any number of times', async () => {
    const harness = await withCards(1, 1);
    const [card] = harness.cards;
    const begun = await Promise.all(
      Array.from({ length: 50 }, (_, n) => harness.press(card!, 1, { kind: 'person', id: `telegram:${n}`, name: `${n}` })),
    );
    expect(begun.filter(({ kind }) => kind === 'begun')).toHaveLength(1);
    expect(harness.calls).toHaveLength(1);
    const settled = await harness.desk.get(card!.id);
    expect(settled?.state).toBe('verified');
    expect(await harness.press(card!, 1, LI)).toEqual({ kind: 'already', verification: settled });
    expect(await harness.desk.drop(card!.id, LI)).toEqual({ kind: 'already', verification: settled });
  });

  it('on another card of the same coupon shows the outcome of the first', async () => {
    const harness = await withCards(1, 10);
    const begun = await Promise.all(harness.cards.map((card) => harness.press(card)));
    expect(begun.filter(({ kind }) => kind === 'begun')).toHaveLength(1);
    const stands = begun.flatMap((one) => (one.kind === 'already' ? one.verification.id : []));
    expect(new Set(stands).size).toBe(1);
    expect(harness.calls).toHaveLength(1);
  });

  it('on a card that was pressed before shows its own outcome, whatever became of the coupon since', async () => {
    const harness = await withCards(1, 2);
    const [first, second] = harness.cards;
    await harness.press(first!);
    await harness.undo(first!.id);
    await harness.press(second!);
    expect(await states(harness)).toEqual(['undone', 'verified']);
    expect(await harness.press(first!, 1, LI)).toEqual({ kind: 'already', verification: await harness.desk.get(first!.id) });
  });

  it('is refused while the same code is unsure, and allowed after its outcome is known', async () => {
    const harness = await withCards(2, 2);
    harness.outside.order('lost-before');
    await harness.press(harness.cards[0]!);
    expect((await harness.press(harness.cards[1]!)).kind).toBe('already');
    expect((await harness.lookup('5000000003')).kind).toBe('known');
    await harness.settleAll();
    expect((await harness.press(harness.cards[1]!)).kind).toBe('begun');
    expect(await states(harness)).toEqual(['refused', 'verified']);
  });

  it('is refused while the same code is under way in another store of the merchant', async () => {
    const harness = await withCards(1, 1);
    await harness.lookup('5000000003', shops.shops[1]);
    harness.outside.order('lost-before');
    await harness.press(harness.cards[0]!);
    const { id, storeId } = harness.cards[0]!;
    expect(await harness.press(harness.cards[1]!, 1, LI)).toMatchObject({ kind: 'already', verification: { id, storeId } });
    expect(harness.calls).toHaveLength(1);
    await harness.settleAll();
    expect((await harness.press(harness.cards[1]!, 1, LI)).kind).toBe('begun');
  });

  it('is refused while the same code is under way in a store that shares an account by a listing', async () => {
    const harness = await withCards(1, 1);
    const { db } = shops.database;
    await db
      .insertInto('listing')
      .values({ id: 'l', store_id: shops.elsewhere.id, account_id: 'a', external_id: '9', name: '', since: 0, removed_at: null })
      .execute();
    try {
      await harness.lookup('5000000003', shops.elsewhere);
      harness.outside.order('lost-before');
      await harness.press(harness.cards[0]!);
      expect((await harness.press(harness.cards[1]!, 1, LI)).kind).toBe('already');
      harness.outside.order('lost-before');
      await harness.settleAll();
      await harness.press(harness.cards[1]!);
      expect((await harness.press(harness.cards[0]!)).kind).toBe('already');
    } finally {
      await db.deleteFrom('listing').execute();
    }
  });

  it('on a card older than the last use requires a new lookup', async () => {
    const harness = await withCards(3, 2);
    harness.later(1);
    await harness.press(harness.cards[0]!);
    expect((await harness.press(harness.cards[1]!)).kind).toBe('already');
    await harness.lookup('5000000003');
    expect((await harness.press(harness.cards[2]!)).kind).toBe('begun');
  });

  it('on an expired card says so', async () => {
    const harness = await withCards(1, 1);
    harness.later(15 * 60_000);
    expect(await harness.press(harness.cards[0]!)).toEqual({ kind: 'gone' });
    expect(await harness.desk.drop(harness.cards[0]!.id, ZHANG)).toEqual({ kind: 'gone' });
    expect(await harness.desk.beginUndo('nothing', ZHANG)).toEqual({ kind: 'gone' });
  });
});

describe('a lookup', () => {
  it('dates its card before the call: a use meanwhile makes the card stale', async () => {
    const harness = await withCards(3, 1);
    const { client } = harness.outside;
    const { lookup } = client;
    client.lookup = async (...args) => {
      const found = await lookup(...args);
      client.lookup = lookup;
      harness.later(5);
      await harness.press(harness.cards[0]!);
      harness.later(5);
      return found;
    };
    await harness.lookup('5000000003');
    expect((await harness.press(harness.cards[1]!)).kind).toBe('already');
  });
});

describe('a call', () => {
  it('that is queued past its deadline is aborted before its recheck, and never sent', async () => {
    const harness = await withCards(1, 1);
    const { client } = harness.outside;
    const abortedAtTheCall: (boolean | undefined)[] = [];
    const { verify } = client;
    client.verify = (request, waiting) => {
      abortedAtTheCall.push(waiting?.signal?.aborted);
      return verify(request, waiting);
    };
    const begun = await harness.desk.begin(harness.cards[0]!.id, ZHANG, 1, undefined);
    if (begun.kind !== 'begun') throw new Error('not begun');
    harness.later(60_000);
    await harness.desk.submit(begun.verification);
    // Not a timer's turn later, when it may be out already.
    expect(abortedAtTheCall).toEqual([true]);
  });

  it('with a late answer is recorded by it, and the chat, which saw 结果待确认, is told once', async () => {
    const harness = await withCards(1, 1);
    harness.outside.order('late');
    await harness.press(harness.cards[0]!);
    harness.later(80_000);
    const { client } = harness.outside;
    const { query } = client;
    client.query = async (...args) => {
      await harness.answers();
      return await query(...args);
    };
    await harness.recheck();
    expect(await states(harness)).toEqual(['verified']);
    expect(news(harness).map(({ state }) => state)).toEqual(['verified']);
  });
});

describe('an undo', () => {
  it('waits while another use of the same coupon is in flight', async () => {
    const harness = await withCards(3, 1);
    await harness.press(harness.cards[0]!);
    harness.later(1);
    await harness.lookup('5000000003');
    harness.outside.order('dies-before');
    await harness.press(harness.cards[1]!);
    const undo = await harness.undo(harness.cards[0]!.id);
    expect(undo).toMatchObject({ kind: 'already', verification: { id: harness.cards[0]!.id, state: 'verified' } });
    await harness.crash();
    await harness.settleAll();
    expect((await harness.undo(harness.cards[0]!.id)).kind).toBe('begun');
    expect(await states(harness)).toEqual(['undone', 'refused']);
  });

  it('of an earlier use blocks the next use, also after a later use has ended', async () => {
    const harness = await withCards(3, 1);
    await harness.press(harness.cards[0]!);
    harness.later(1);
    await harness.lookup('5000000003');
    await harness.press(harness.cards[1]!);
    harness.later(1);
    await harness.lookup('5000000003');
    harness.outside.order('lost-before');
    await harness.undo(harness.cards[0]!.id);
    expect(await harness.press(harness.cards[2]!)).toMatchObject({ kind: 'already', verification: { id: harness.cards[0]!.id } });
  });

  it('answered while it is given up is not left to a person', async () => {
    const harness = await withCards(1, 1);
    await harness.press(harness.cards[0]!);
    harness.outside.order('late');
    await harness.undo(harness.cards[0]!.id);
    harness.later(80_000);
    harness.outside.client.queryUndo = async () => {
      await harness.answers();
      return { result: { kind: 'person' }, note: 'person' };
    };
    await harness.recheck();
    expect(await states(harness)).toEqual(['undone']);
    expect(news(harness).map(({ state }) => state)).toEqual(['undone']);
  });

  it('is decided by a person only after the queries have ended, and once', async () => {
    const harness = await withCards(1, 1);
    const { id } = harness.cards[0]!;
    await harness.press(harness.cards[0]!);
    harness.outside.order('lost-before');
    await harness.undo(id);
    expect(await harness.desk.decide(id, true, LI)).toBeUndefined();
    harness.outside.fallSilent();
    await harness.settleAll();
    expect(harness.told.map(({ state, checking }) => [state, checking])).toEqual([['undo-unsure', false]]);
    expect(await harness.desk.decide(id, false, LI)).toMatchObject({
      state: 'verified',
      decided: true,
      decidedBy: LI.id,
      undoBy: ZHANG.id,
    });
    expect(await harness.desk.decide(id, true, LI)).toBeUndefined();
  });
});

describe('a lost answer', () => {
  it('is left to a person a day after the press at the latest', async () => {
    const harness = await withCards(1, 1);
    harness.outside.order('lost-after');
    await harness.press(harness.cards[0]!);
    const pressedAt = Date.now();
    harness.outside.fallSilent();
    await harness.settleAll();
    expect(await states(harness)).toEqual(['person']);
    expect(Date.now() - pressedAt).toBeLessThanOrEqual(24 * 3_600_000);
    const [row] = await harness.rows();
    expect(await harness.desk.decide(row!.id, true, LI)).toMatchObject({ state: 'verified', amount: 4900, decided: true });
  });

  describe('that cannot be stored', () => {
    const full = () =>
      sql`create trigger full before update on verification when new.state <> 'unsure' and old.state = 'submitting'
        begin select raise(abort, 'disk is full'); end`.execute(shops.database.db);
    const room = () => sql`drop trigger if exists full`.execute(shops.database.db);
    afterEach(room);

    it('is written again and again, with the same values, until there is room', async () => {
      const harness = await withCards(1, 1);
      await full();
      const answeredAt = Date.now();
      harness.slept = async () => {
        if (Date.now() - answeredAt > 15_000) await room();
      };
      await harness.press(harness.cards[0]!);
      const [row] = await harness.rows();
      expect(row).toMatchObject({ state: 'verified', certainty: 'answered', settled_at: answeredAt, amount: 4900 });
      expect(row?.receipt_handle).toBe(row?.request_id);
      expect(harness.calls).toHaveLength(1);
      expect(harness.told).toEqual([]);
    });

    it('for half a minute is shown as unsure, queried again, and the call not repeated', async () => {
      const harness = await withCards(1, 1);
      await full();
      const pressedAt = Date.now();
      const begun = await harness.desk.begin(harness.cards[0]!.id, ZHANG, 1, undefined);
      if (begun.kind !== 'begun') throw new Error('not begun');
      expect(await harness.desk.submit(begun.verification)).toMatchObject({ state: 'unsure', checking: true });
      expect(Date.now() - pressedAt).toBeGreaterThanOrEqual(30_000);
      expect(harness.defects.map(String)).toContainEqual(expect.stringContaining('disk is full'));
      await room();
      expect(await states(harness)).toEqual(['submitting']);
      await harness.settleAll();
      expect(await states(harness)).toEqual(['verified']);
      expect(harness.calls).toHaveLength(1);
    });
  });

  it.each([
    ['in a store of others that is the same shop', 'same shop'],
    ['with another coupon of its order', 'order'],
  ])(
    'is not taken for a use that was confirmed %s meanwhile: the platform shows one, and somebody says whose',
    async (_, how) => {
      const harness = await withCards(1, 1);
      const { client } = harness.outside;
      harness.later(1_000);
      harness.outside.order('lost-before');
      await harness.press(harness.cards[0]!);
      if (how === 'same shop') {
        await harness.lookup('5000000003', shops.elsewhere);
        await harness.press(harness.cards[1]!, 1, LI);
      } else {
        await usedAlong(harness, '5000000003');
      }
      // A platform without request ids: it sees that the coupon is used, which it was not a moment ago.
      const item = { count: 1 };
      client.query = async () => ({ result: { kind: 'verified', at: Date.now(), items: [item] }, note: 'used' });
      await harness.settleAll();
      expect((await states(harness)).toSorted()).toEqual(['person', 'verified']);
    },
  );

  it('of a coupon with several uses is not taken for one of the same shop’s other uses', async () => {
    const harness = await withCards(3, 1);
    harness.later(1_000);
    harness.outside.order('lost-before');
    await harness.press(harness.cards[0]!);
    await harness.lookup('5000000003', shops.elsewhere);
    await harness.press(harness.cards[1]!, 1, LI);
    const item = { count: 1 };
    harness.outside.client.query = async () => ({
      result: { kind: 'verified', at: Date.now(), items: [item], certainty: 'inferred' },
      note: 'used',
    });
    await harness.settleAll();
    expect((await states(harness)).toSorted()).toEqual(['person', 'verified']);
  });

  it('keeps how the platform knew of it', async () => {
    const harness = await withCards(1, 1);
    harness.outside.order('lost-after');
    await harness.press(harness.cards[0]!);
    const { query } = harness.outside.client;
    harness.outside.client.query = async (...args) => {
      const answer = await query(...args);
      return answer.result.kind === 'verified' ? { ...answer, result: { ...answer.result, certainty: 'listed' } } : answer;
    };
    await harness.settleAll();
    expect(await harness.rows()).toMatchObject([{ state: 'verified', certainty: 'listed' }]);
  });

  it('of a process that died is queried at once by the next, and the call not repeated', async () => {
    const harness = await withCards(1, 1);
    harness.outside.order('dies-after');
    await harness.press(harness.cards[0]!);
    await harness.crash();
    expect(await harness.recheck()).toBe(1);
    expect(await states(harness)).toEqual(['verified']);
    expect(harness.told.map(({ state }) => state)).toEqual(['unsure', 'verified']);
    expect(harness.calls).toHaveLength(1);
  });
});
