/** One coupon, used once: through the whole bot, over real HTTP, whatever people and wires do. */
import { describe, expect, it } from 'vitest';
import { PlatformFault } from '../../services/platforms/platform.ts';
import type { FakeMessage, FakePerson } from '../doubles/telegram.ts';
import { openTown, type Town } from './town.ts';

/** Verified uses and fen as the ledger has them, and as the platform has them. */
async function books(town: Town) {
  const rows = await town.store.db.selectFrom('verification').select(['state', 'count', 'amount']).execute();
  const here = rows.filter(({ state }) => state === 'verified');
  const there = [...town.umember.books.tickets.values()].flatMap(({ used, yuan }) =>
    used.filter(({ by }) => by !== 'elsewhere').map(() => Math.round(Number(yuan) * 100)),
  );
  return {
    here: {
      uses: here.reduce((sum, { count }) => sum + count, 0),
      fen: here.reduce((sum, { amount }) => sum + (amount ?? 0), 0),
    },
    there: { uses: there.length, fen: there.reduce((sum, fen) => sum + fen, 0) },
    open: rows.filter(({ state }) => !['verified', 'refused', 'undone', 'dropped'].includes(state)).length,
  };
}

async function expectBalanced(town: Town): Promise<void> {
  const { here, there, open } = await books(town);
  expect(here).toEqual(there);
  expect(open).toBe(0);
}

/** Every update was heard and everything that was heard is answered. */
async function quiet(town: Town): Promise<void> {
  await town.telegram.acknowledged();
  await expect.poll(() => town.wiring.inboxRows.waiting()).toBe(0);
}

/** Lets time pass until the platform has been asked and the chat told. */
async function settle(town: Town): Promise<void> {
  await quiet(town);
  for (let n = 0; n < 12; n++) {
    town.later(4_000);
    await town.tick();
  }
  await quiet(town);
}

/** A second owner's chat, and a group of both. */
async function neighbours(town: Town, first: FakePerson) {
  const second = await town.owner('李老板');
  const group = await town.group(first, [second]);
  return { second, group };
}

describe('fifty presses on one card', () => {
  it('verify once, and the card says so', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const code = town.umember.books.coupon();
    const card = await town.card(owner, code);
    const presses = Array.from({ length: 50 }, () => owner.presses(card, '确认核销'));
    await quiet(town);
    expect(town.umember.calls('verify')).toBe(1);
    expect(town.umember.books.used(code)).toHaveLength(1);
    expect(card.text).toContain('核销成功');
    for (const press of presses) await town.telegram.answered(press);
    await expectBalanced(town);
    expect(town.faults).toEqual([]);
  });
});

describe('ten cards of one coupon in several chats', () => {
  it('verify once: one card says 核销成功, the others 已核销', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const { second, group } = await neighbours(town, owner);
    const code = town.umember.books.coupon();
    const cards: [FakePerson, FakeMessage][] = [];
    const places = [
      [owner, owner.chat],
      [second, second.chat],
      [owner, group],
    ] as const;
    for (let n = 0; n < 10; n++) {
      const [person, chat] = places[n % 3]!;
      const before = chat.messages.length;
      person.says(code, chat === person.chat ? {} : { in: chat });
      const card = await chat.shows((one) => chat.messages.indexOf(one) >= before && one.buttons.length > 0);
      cards.push([person, card]);
    }
    for (const [person, card] of cards) person.presses(card, '确认核销');
    await quiet(town);
    await settle(town);
    expect(town.umember.calls('verify')).toBe(1);
    expect(town.umember.books.used(code)).toHaveLength(1);
    // Pressed once more where a card still says it is being worked on, as people do.
    for (const [person, card] of cards) {
      const press = card.buttons.flat().find(({ label }) => label === '确认核销');
      if (press) person.presses(card, '确认核销');
    }
    await quiet(town);
    const said = cards.map(([, card]) => card.text);
    expect(said.filter((text) => text.includes('核销成功'))).toHaveLength(1);
    await expectBalanced(town);
    expect(town.faults).toEqual([]);
  });
});

describe('what Telegram delivers twice', () => {
  it('is heard once: the update, and the press under a new update id', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const code = town.umember.books.coupon();
    const card = await town.card(owner, code);
    town.telegram.repeat();
    const press = owner.presses(card, '确认核销');
    for (let n = 0; n < 5; n++) {
      town.telegram.repeat();
      town.telegram.pressAgain(press);
    }
    await quiet(town);
    expect(owner.chat.messages.filter(({ text, byBot }) => byBot && text.includes(code))).toHaveLength(1);
    expect(town.umember.calls('verify')).toBe(1);
    expect(card.text).toContain('核销成功');
    await expectBalanced(town);
  });
});

describe('an answer that is lost', () => {
  it('after the coupon was used settles by itself as 核销成功', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const code = town.umember.books.coupon();
    const card = await town.card(owner, code);
    town.umember.fail('verify', { kind: 'reset' });
    owner.presses(card, '确认核销');
    await owner.chat.shows('结果待确认');
    expect(card.text).not.toContain('成功');
    await settle(town);
    expect(card.text).toContain('核销成功');
    expect(town.umember.books.used(code)).toHaveLength(1);
    expect(town.umember.calls('verify')).toBe(1);
    expect(owner.chat.messages.filter(({ text }) => text.includes('核销成功'))).toHaveLength(2);
    await expectBalanced(town);
  });

  it('before the coupon was used settles as 未核销, and the next try verifies it', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const code = town.umember.books.coupon();
    const card = await town.card(owner, code);
    town.umember.fail('verify', { kind: 'reset', applied: false });
    owner.presses(card, '确认核销');
    await owner.chat.shows('结果待确认');
    await settle(town);
    expect(card.text).toContain('未核销');
    expect(owner.chat.messages.some(({ text }) => text.includes('成功'))).toBe(false);
    expect(town.umember.books.used(code)).toHaveLength(0);
    owner.presses(card, card.buttons.flat()[0]!.label);
    const again = await owner.chat.shows(
      (one) => one.id > card.id && one.buttons.flat().some(({ label }) => label === '确认核销'),
    );
    owner.presses(again, '确认核销');
    await quiet(town);
    expect(again.text).toContain('核销成功');
    expect(town.umember.books.used(code)).toHaveLength(1);
    await expectBalanced(town);
  });

  it('is not said again over the result, when Telegram is slower than the platform', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const code = town.umember.books.coupon();
    const card = await town.card(owner, code);
    town.umember.fail('verify', { kind: 'reset', heldMs: 150 });
    owner.presses(card, '确认核销');
    await owner.chat.shows('处理中');
    const slow = Promise.withResolvers<void>();
    town.telegram.fault('editMessageText', { kind: 'delay', until: slow.promise });
    await expect.poll(() => town.telegram.callsOf('editMessageText').length).toBe(2);
    for (let n = 0; n < 5; n++) {
      town.later(4_000);
      await town.tick();
    }
    slow.resolve();
    await settle(town);
    expect(card.text).toContain('核销成功');
    await expectBalanced(town);
  });

  it('while somebody presses another card of the same coupon makes no second call', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const { second } = await neighbours(town, owner);
    const code = town.umember.books.coupon();
    const mine = await town.card(owner, code);
    const theirs = await town.card(second, code);
    town.umember.fail('verify', { kind: 'cut' });
    owner.presses(mine, '确认核销');
    await owner.chat.shows('结果待确认');
    second.presses(theirs, '确认核销');
    await quiet(town);
    expect(town.umember.calls('verify')).toBe(1);
    await settle(town);
    expect(mine.text).toContain('核销成功');
    expect(town.umember.calls('verify')).toBe(1);
    await expectBalanced(town);
  });

  it.each([
    ['reset', true],
    ['reset', false],
    ['gateway', true],
    ['html', true],
    ['cut', true],
    ['error', false],
    ['no-data', true],
  ] as const)('as %s (used: %s) leaves the ledger equal to the books', async (kind, applied) => {
    const town = await openTown();
    const owner = await town.owner();
    const codes = [
      town.umember.books.coupon({ yuan: '59.90' }),
      town.umember.books.coupon(),
      town.umember.books.coupon({ yuan: '0.01' }),
    ];
    for (const code of codes) {
      const card = await town.card(owner, code);
      if (code === codes[1]) town.umember.fail('verify', { kind, applied });
      owner.presses(card, '确认核销');
      await quiet(town);
    }
    await settle(town);
    await expectBalanced(town);
    expect((await books(town)).there.uses).toBe(applied ? 3 : 2);
  });
});

describe('taking back, when its answer and the one before were lost', () => {
  it('is told both times: what was said of the use is not taken for what is said of the undo', async () => {
    const town = await openTown({
      practice: (platform) => ({
        ...platform,
        undo: () => Promise.reject(new PlatformFault('unreachable', 'unknown', 'lost')),
      }),
    });
    const owner = await town.learner();
    const card = await town.card(owner, '7100123456');
    owner.presses(card, '确认核销');
    await owner.chat.shows('结果待确认');
    await settle(town);
    expect(card.text).toContain('核销成功');
    owner.presses(card, card.buttons.flat().find(({ label }) => label.startsWith('撤销'))!.label);
    await quiet(town);
    const before = owner.chat.messages.length;
    owner.presses(card, '确认撤销');
    await settle(town);
    expect(card.text).toContain('核销成功');
    expect(card.buttons.flat().some(({ label }) => label.startsWith('撤销'))).toBe(true);
    expect(owner.chat.messages.slice(before).filter(({ byBot }) => byBot)).toHaveLength(1);
  });
});
