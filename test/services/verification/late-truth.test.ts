/** A call's own answer outranks what others concluded while it was away; nothing is sent by whoever has lost the claim. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createFacts } from '../../../services/facts/facts.ts';
import { PlatformFault } from '../../../services/platforms/platform.ts';
import { freshHarness, openShops, type Harness, type Shops } from './harness.ts';
import { recordOutcome } from '../../../services/verification/outcome.ts';
import { createRepository } from '../../../services/verification/repository/repository.ts';
import { createLedger } from '../../../services/ledger/ledger.ts';

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

const WANG = { kind: 'person', id: 'telegram:2', name: '王老板' } as const;
const card = () => harness.cards[0]!;
const row = async () => (await harness.rows())[0]!;
const told = () => harness.told.map(({ state }) => state);
const kinds = async () => (await createFacts(shops.database.db).of(card().id)).map(({ kind }) => kind.split('.')[1]);
const figures = () => createLedger(shops.database.db).figures(shops.shops[0].id, '2026-11-22');

describe('a yes that comes after others believed the call not done', () => {
  beforeEach(async () => {
    harness.outside.order('slow');
    await harness.press(card());
    // The process is suspended; another looks twice, and the coupon is unused.
    harness.later(80_000);
    await harness.settleAll();
    expect(await row()).toMatchObject({ state: 'refused', refusal: expect.stringContaining('"lost"') });
    expect(told()).toEqual(['unsure', 'refused']);
  });

  it('verifies it, and the chat is told', async () => {
    await harness.answers();
    expect(await row()).toMatchObject({ state: 'verified', certainty: 'answered', amount: 4900, refusal: null });
    expect(told()).toEqual(['unsure', 'refused', 'verified']);
    expect(await kinds()).toEqual(['confirm', 'lost', 'no', 'late-yes']);
    expect(await figures()).toMatchObject({ count: 1, total: 4900, refused: 0 });
    expect(harness.defects).toEqual([]);
  });

  it('brings everything the press consumed, once, and each to the fen', async () => {
    // Until here its answer is one item; now the platform says what else it consumed and refused.
    const { db } = shops.database;
    const repository = createRepository(db);
    const items = [
      { code: '5000000003', count: 1 },
      { code: '5948286811', count: 1 },
      { code: '4357249135', count: 1, refusal: { kind: 'refused', reason: 'refunded' } },
    ] as const;
    for (let n = 0; n < 2; n++) {
      const refused = (await repository.get(card().id))!;
      await recordOutcome(db, repository, refused, { kind: 'verified', at: 1, items }, { at: Date.now(), certainty: 'answered' });
    }
    const batch = await repository.batchOf((await repository.get(card().id))!);
    expect(batch.map(({ code, state }) => [code, state])).toEqual([
      ['5000000003', 'verified'],
      ['5948286811', 'verified'],
      ['4357249135', 'refused'],
    ]);
    expect(await figures()).toMatchObject({ count: 2, total: 9_800, refused: 1 });
  });

  it('verifies it once, and it can be undone', async () => {
    await harness.answers();
    await harness.undo(card().id);
    expect(await row()).toMatchObject({ state: 'undone' });
    expect(harness.outside.stands((await row()).request_id!)).toBe(false);
  });
});

describe('a yes that comes after somebody was asked', () => {
  const asked = async () => {
    harness.outside.order('slow');
    await harness.press(card());
    harness.outside.fallSilent();
    harness.later(80_000);
    await harness.settleAll();
    expect(told()).toEqual(['unsure', 'person']);
  };

  it('needs no decision any more', async () => {
    await asked();
    await harness.answers();
    expect(await row()).toMatchObject({ state: 'verified', certainty: 'answered', decided: 0 });
    expect(told()).toEqual(['unsure', 'person', 'verified']);
    expect(await harness.desk.decide(card().id, false, WANG)).toBeUndefined();
  });

  it('outranks the decision', async () => {
    await asked();
    await harness.desk.decide(card().id, false, WANG);
    await harness.answers();
    expect(await row()).toMatchObject({ state: 'verified', certainty: 'answered', decided: 0, refusal: null });
    expect(await kinds()).toEqual(['confirm', 'lost', 'unclear', 'decide-no', 'late-yes']);
  });
});

describe('a receipt that comes after others found or decided the same', () => {
  const found = async (silent: boolean, count = 1) => {
    harness.outside.order('slow');
    await harness.press(card(), count);
    if (silent) harness.outside.fallSilent();
    else
      // A list without prices and numbers of uses.
      harness.outside.client.query = async () => ({
        result: { kind: 'verified', certainty: 'inferred', at: Date.now(), items: [{ count }] },
        note: 'used',
      });
    harness.later(80_000);
    await harness.settleAll();
  };
  beforeEach(async () => {
    // The platform tells the price only in the receipt.
    const { lookup, verify } = harness.outside.client;
    harness.outside.client.lookup = async (...args) => {
      const coupon = await lookup(...args);
      if (coupon.kind !== 'coupon') return coupon;
      const { price: _, ...unpriced } = coupon;
      return unpriced;
    };
    harness.outside.client.verify = async (...args) => {
      const answer = await verify(...args);
      if (answer.kind !== 'verified') return answer;
      return { ...answer, items: answer.items.map((item) => ({ ...item, amount: 3_900 * item.count })) };
    };
    harness.outside.ticket('5000000004', 3);
    harness.cards.splice(0);
    await harness.lookup('5000000004');
  });

  it('brings the money and the way to undo it, and is not told again', async () => {
    await found(false);
    expect(await row()).toMatchObject({ state: 'verified', certainty: 'inferred', amount: null, receipt_handle: null });
    const { settled_at } = await row();
    harness.later(5_000);
    await harness.answers();
    expect(await row()).toMatchObject({ state: 'verified', certainty: 'answered', amount: 3_900, settled_at });
    expect(told()).toEqual(['unsure', 'verified']);
    expect(await figures()).toMatchObject({ count: 1, total: 3_900, unpriced: 0 });
    await harness.undo(card().id);
    expect(await row()).toMatchObject({ state: 'undone' });
    expect(harness.defects).toEqual([]);
  });

  it('takes the place of a decision', async () => {
    await found(true);
    await harness.desk.decide(card().id, true, WANG);
    await harness.answers();
    expect(await row()).toMatchObject({ state: 'verified', certainty: 'answered', amount: 3_900, decided: 0, decided_by: null });
    expect(told()).toEqual(['unsure', 'person']);
    expect(await kinds()).toEqual(['confirm', 'lost', 'unclear', 'decide-yes', 'late-yes']);
  });

  it('leaves an undo alone that was begun meanwhile', async () => {
    await found(false);
    harness.outside.order('lost-before');
    await harness.undo(card().id);
    await harness.answers();
    expect(await row()).toMatchObject({ state: 'undo-unsure', certainty: 'inferred' });
  });

  it('is an alarm where fewer were used than the books have', async () => {
    const { verify } = harness.outside.client;
    harness.outside.client.verify = async (...args) => {
      const answer = await verify(...args);
      if (answer.kind !== 'verified') return answer;
      return { ...answer, items: [{ count: 2 }, { count: 1, refusal: { kind: 'refused', reason: 'refunded' } }] };
    };
    await found(false, 3);
    await harness.answers();
    expect(await row()).toMatchObject({ state: 'verified', count: 3, certainty: 'inferred' });
    expect(harness.defects.map(String)).toEqual([expect.stringContaining('the platform answers otherwise')]);
  });
});

it('a certain no that comes late ends the asking', async () => {
  harness.outside.order('queued');
  await harness.press(card());
  harness.later(80_000);
  await harness.recheck();
  expect(told()).toEqual(['unsure']);
  await harness.answers();
  expect(await row()).toMatchObject({ state: 'refused', refusal: expect.stringContaining('"busy"'), check_at: null });
  expect(told()).toEqual(['unsure', 'refused']);
  expect(harness.calls).toEqual([]);
});

it('an answer against what the books hold for good is an alarm, and changes nothing', async () => {
  const { client } = harness.outside;
  harness.outside.order('late');
  // The platform listed the use, and now says no to the very call.
  const { verify } = client;
  client.verify = async (...args) => {
    const answer = await verify(...args);
    return answer.kind === 'verified' ? { kind: 'refused', reason: 'risk' } : answer;
  };
  await harness.press(card());
  harness.later(80_000);
  await harness.settleAll();
  expect((await row()).state).toBe('verified');
  await harness.answers();
  expect((await row()).state).toBe('verified');
  expect(harness.defects.map(String)).toEqual([expect.stringContaining('the platform answers otherwise')]);
  expect(told()).toEqual(['unsure', 'verified']);
});

describe('an undo', () => {
  beforeEach(async () => {
    await harness.press(card());
    harness.outside.order('slow');
    await harness.undo(card().id);
    harness.later(80_000);
    await harness.settleAll();
    expect(told()).toEqual(['undo-unsure', 'verified']);
  });

  it('that is answered after others believed it not done is undone, and told', async () => {
    await harness.answers();
    expect(await row()).toMatchObject({ state: 'undone', undone_at: 1 });
    expect(told()).toEqual(['undo-unsure', 'verified', 'undone']);
    expect(await kinds()).toEqual(['confirm', 'yes', 'undo', 'undo-lost', 'undo-no', 'late-undo-yes']);
    expect(await figures()).toMatchObject({ count: 0, total: 0, undone: 1, undoneTotal: 4900 });
  });

  it('that was tried again is undone once, by whichever arrives', async () => {
    harness.outside.order('slow');
    await harness.undo(card().id);
    await harness.answers();
    expect((await row()).state).toBe('undone');
    expect(harness.defects).toEqual([]);
  });
});

describe('whoever has lost the claim', () => {
  it('sends nothing after a suspend, whatever the timers say', async () => {
    harness.outside.order('queued');
    await harness.press(card());
    harness.later(60_000);
    await harness.answers();
    expect(harness.calls).toEqual([]);
    expect(await row()).toMatchObject({ state: 'refused', refusal: expect.stringContaining('"busy"') });
  });

  it('sends nothing after another took the verification over, also before its own deadline', async () => {
    harness.outside.order('queued');
    await harness.press(card());
    // Another instance, whose clock is far ahead, believes the lease over.
    harness.later(80_000);
    await harness.recheck();
    vi.setSystemTime(Date.now() - 70_000);
    await harness.answers();
    expect(harness.calls).toEqual([]);
  });

  it('sends nothing while its claim cannot be read', async () => {
    const { verify } = harness.outside.client;
    harness.outside.client.verify = async (request, waiting) => {
      const { db } = shops.database;
      await db.schema.alterTable('verification').renameTo('away').execute();
      try {
        return await verify(request, waiting);
      } finally {
        await db.schema.alterTable('away').renameTo('verification').execute();
      }
    };
    await harness.press(card());
    expect(harness.calls).toEqual([]);
    expect(await row()).toMatchObject({ state: 'refused', refusal: expect.stringContaining('"busy"') });
  });

  it('asks nothing of the platform while another asks, and changes nothing of what that finds', async () => {
    harness.outside.order('lost-after');
    await harness.press(card());
    harness.later(1_000);
    const { query } = harness.outside.client;
    let questions = 0;
    harness.outside.client.query = async (...args) => {
      questions += 1;
      const answer = await query(...args);
      // Asked for longer than the lease holds: another instance takes over, finds it out, and this answer is of no use.
      if (questions === 1) {
        expect(await harness.recheck()).toBe(0);
        harness.later(80_000);
        expect(await harness.recheck()).toBe(1);
        throw new PlatformFault('unreachable', 'unknown', 'too long');
      }
      return answer;
    };
    await harness.recheck();
    expect(questions).toBe(2);
    expect(await row()).toMatchObject({ state: 'verified', check_at: null, certainty: 'inferred' });
    expect(told()).toEqual(['verified']);
    expect(harness.defects).toEqual([]);
  });

  it('keeps the claim of a dead submission while it asks: no other instance asks beside it', async () => {
    harness.outside.order('dies-after');
    await harness.press(card());
    harness.later(80_000);
    const { query } = harness.outside.client;
    let questions = 0;
    harness.outside.client.query = async (...args) => {
      questions += 1;
      harness.later(2_000);
      if (questions === 1) await harness.recheck();
      return await query(...args);
    };
    expect(await harness.recheck()).toBe(1);
    expect((await row()).state).toBe('verified');
    expect(questions).toBe(1);
  });
});
