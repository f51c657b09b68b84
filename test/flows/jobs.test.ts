/** What is done by itself: one store, card, result or account that cannot be handled holds up no other. */
import { expect, test } from 'vitest';
import { sql } from '../../services/database/database.ts';
import type { FakePerson } from '../doubles/telegram.ts';
import { DAY, HOUR, labels, MINUTE, openHarness, SECOND, texts, type Harness } from './harness.ts';

/** A zone that this runtime does not know: no time of this store can be told. */
async function breakZone(bot: Harness, storeId: string): Promise<void> {
  await bot.database.db.updateTable('store').set({ time_zone: 'Asia/Nowhere' }).where('id', '=', storeId).execute();
}
const mend = (bot: Harness): Promise<unknown> =>
  bot.database.db.updateTable('store').set({ time_zone: 'Asia/Shanghai' }).where('time_zone', '=', 'Asia/Nowhere').execute();

const storeOf = async (bot: Harness, person: FakePerson): Promise<string> => await bot.stored.storeOf(`telegram:${person.id}`);

/** What the books say of a store whose time zone nobody knows, at each of their runs. */
const SUMS = 'the sums of a store cannot be made';
const said = (bot: Harness): string[] => bot.faults.map((fault) => (fault as { message: string }).message);
const posted = (person: FakePerson): string[] => texts(person.chat).filter((text) => text.includes('日报 · '));

test('a summary that cannot be made does not stop the others, and is told once it can', async () => {
  const bot = await openHarness();
  const [broken, healthy] = [await bot.learner('甲'), await bot.owner('乙')];
  for (const owner of [broken, healthy]) await bot.ask(owner, '/report');
  await breakZone(bot, await storeOf(bot, broken));
  bot.later(DAY);
  await bot.tick();
  expect([posted(broken).length, posted(healthy).length]).toEqual([0, 1]);
  expect(new Set(said(bot))).toEqual(new Set(['a summary cannot be made', SUMS]));
  await mend(bot);
  bot.later(MINUTE);
  await bot.tick();
  expect([posted(broken).length, posted(healthy).length]).toEqual([1, 1]);
});

test('a summary that cannot be made is tried less and less often, and never for ever in one go', async () => {
  const bot = await openHarness();
  const owner = await bot.learner();
  await bot.ask(owner, '/report');
  await breakZone(bot, await storeOf(bot, owner));
  bot.later(DAY);
  const minutes: number[] = [];
  for (let minute = 0; minute < 48 * 60; minute++) {
    const before = bot.faults.length;
    await bot.tick('summaries');
    if (bot.faults.length > before) minutes.push(minute);
    bot.later(MINUTE);
  }
  const waits = minutes.slice(1).map((at, n) => at - minutes[n]!);
  expect(waits.slice(0, 10)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 360]);
  expect(new Set(waits.slice(9))).toEqual(new Set([360]));
  await mend(bot);
  bot.later(6 * HOUR);
  await bot.tick();
  // Every day that has ended since is told.
  expect(posted(owner)).toHaveLength(4);
  const { failures } = await bot.database.db.selectFrom('owner_group').select('failures').executeTakeFirstOrThrow();
  expect(failures).toBe(0);
});

test('a card that cannot be shown anew does not stop the minutes on the others', async () => {
  const bot = await openHarness();
  const owners = [await bot.learner('甲'), await bot.learner('乙'), await bot.learner('丙')];
  const cards = [];
  for (const owner of owners) {
    const card = await bot.card(owner, '1000123456');
    await bot.press(owner, card, '确认核销');
    cards.push(card);
  }
  await breakZone(bot, await storeOf(bot, owners[0]!));
  const unreadable = bot.database.db.updateTable('verification').set({ coupon: 'cut off' });
  await unreadable.where('chat_id', '=', `telegram:${owners[1]!.id}`).execute();
  bot.later(5 * MINUTE);
  await bot.tick();
  expect(cards.map((card) => labels(card)[0])).toEqual(['撤销（还剩 10 分钟）', '撤销（还剩 10 分钟）', '撤销（还剩 5 分钟）']);
  expect(new Set(said(bot))).toEqual(new Set(['outbox: a message cannot be worded', 'a defect with a verification', SUMS]));
  await bot.tick();
  expect(said(bot).filter((message) => message !== SUMS)).toHaveLength(2);
  await mend(bot);
  bot.later(3 * MINUTE);
  await bot.tick();
  expect(labels(cards[0]!)[0]).toBe('撤销（还剩 2 分钟）');
});

test('nor does one whose update cannot be stored; its next one is shown once it can', async () => {
  const bot = await openHarness();
  const owners = [await bot.learner('甲'), await bot.learner('乙')];
  const cards = [];
  for (const owner of owners) {
    const card = await bot.card(owner, '1000123456');
    await bot.press(owner, card, '确认核销');
    cards.push(card);
  }
  await sql`create trigger refusing before insert on outbox
    when new.chat_id = ${sql.lit(`telegram:${owners[0]!.id}`)} begin select raise(abort, 'no'); end`.execute(bot.database.db);
  bot.later(5 * MINUTE);
  await bot.tick();
  expect(cards.map((card) => labels(card)[0])).toEqual(['撤销（还剩 10 分钟）', '撤销（还剩 5 分钟）']);
  expect(said(bot)).toEqual(['a card cannot be shown anew']);
  await sql`drop trigger refusing`.execute(bot.database.db);
  bot.later(3 * MINUTE);
  await bot.tick();
  expect(cards.map((card) => labels(card)[0])).toEqual(['撤销（还剩 2 分钟）', '撤销（还剩 2 分钟）']);
});

test('a result that cannot be told, or read, does not keep the others from being settled', async () => {
  const bot = await openHarness();
  const owner = await bot.owner();
  const pressed = [];
  for (let n = 0; n < 3; n++) {
    const code = bot.umember.books.coupon();
    const card = await bot.card(owner, code);
    bot.umember.fail('verify', { kind: 'reset', applied: true });
    await bot.press(owner, card, '确认核销');
    pressed.push({ code, card });
  }
  const rows = bot.database.db.updateTable('verification');
  await rows.set({ coupon: 'cut off' }).where('code', '=', pressed[0]!.code).execute();
  await rows.set({ card: 'cut off' }).where('code', '=', pressed[1]!.code).execute();
  for (let n = 0; n < 5; n++) {
    bot.later(SECOND);
    await bot.tick();
  }
  expect(pressed[2]!.card.text).toContain('核销成功');
  const states = await bot.database.db.selectFrom('verification').select('state').orderBy('submitted_at').execute();
  expect(states.map(({ state }) => state)).toEqual(['unsure', 'unsure', 'verified']);
  expect(new Set(said(bot))).toEqual(new Set(['a defect with a verification']));
  // Looked after again in time, not at every tick.
  expect(bot.faults).toHaveLength(2);
});

test.each(['unsure', 'submitting'] as const)(
  'a result (%s) whose message cannot be stored is looked after less and less often',
  async (state) => {
    const bot = await openHarness();
    const owner = await bot.owner();
    const card = await bot.card(owner);
    bot.umember.fail('verify', { kind: 'reset', applied: true });
    await bot.press(owner, card, '确认核销');
    await sql`alter table outbox rename to elsewhere`.execute(bot.database.db);
    // Lost, or found as a dead process left it.
    await bot.database.db.updateTable('verification').set({ state }).execute();
    const seconds: number[] = [];
    for (let second = 0; second < 600; second++) {
      const before = bot.faults.length;
      bot.later(SECOND);
      await bot.tick('recheck');
      if (bot.faults.length > before) seconds.push(second);
    }
    expect(seconds.slice(1).map((at, n) => at - seconds[n]!)).toEqual([3, 10, 30, 60, 300]);
    await sql`alter table elsewhere rename to outbox`.execute(bot.database.db);
    bot.later(15 * MINUTE);
    await bot.tick();
    await bot.tick();
    expect(card.text).toContain('核销成功');
  },
);

test('a result that cannot be worded is settled all the same, and told once it can be', async () => {
  const bot = await openHarness();
  const owner = await bot.owner();
  const card = await bot.card(owner);
  bot.umember.fail('verify', { kind: 'reset', applied: true });
  await bot.press(owner, card, '确认核销');
  await breakZone(bot, await storeOf(bot, owner));
  bot.later(SECOND);
  await bot.tick();
  expect(await bot.database.db.selectFrom('verification').select('state').execute()).toEqual([{ state: 'verified' }]);
  expect(card.text).not.toContain('核销成功');
  expect(new Set(said(bot))).toEqual(new Set(['outbox: a message cannot be worded', SUMS]));
  await mend(bot);
  bot.later(MINUTE);
  await bot.tick();
  expect(card.text).toContain('核销成功');
  expect(texts(owner.chat).at(-1)).toContain('核销成功');
});

test('who asks about a result for too long changes nothing where another has asked meanwhile', async () => {
  const bot = await openHarness();
  const owner = await bot.owner();
  const card = await bot.card(owner);
  bot.umember.fail('verify', { kind: 'reset', applied: false });
  await bot.press(owner, card, '确认核销');
  const asked = () =>
    bot.database.db.selectFrom('verification').select(['asked', 'check_at', 'notes', 'state']).executeTakeFirstOrThrow();
  const calls = bot.umember.calls('detail');
  bot.umember.fail('detail', { kind: 'late', ms: 300 });
  bot.later(2 * SECOND);
  const slow = bot.tick('recheck');
  await expect.poll(() => bot.umember.calls('detail')).toBe(calls + 1);
  bot.later(80 * SECOND);
  await bot.tick('recheck');
  const after = await asked();
  expect([after.asked, after.state]).toEqual([1, 'unsure']);
  bot.later(SECOND);
  await slow;
  expect(await asked()).toEqual(after);
});

test('an account that cannot be looked after does not keep the others’ owners from being warned', async () => {
  const bot = await openHarness();
  const [broken, healthy] = [await bot.owner('甲'), bot.telegram.person('乙')];
  bot.umember.books.account('other@example.com');
  bot.umember.books.shop({ owner: 'other@example.com', requests: 3 });
  const [platforms] = await bot.ask(healthy, '/bind');
  await bot.press(healthy, platforms!, '美团 · umember');
  await bot.ask(healthy, 'other@example.com', { replyTo: healthy.chat.messages.at(-1)! });
  await bot.ask(healthy, 'secret', { replyTo: healthy.chat.messages.at(-1)! });
  const account = bot.database.db.updateTable('account').set({ sealed: 'v1.AAAA' });
  await account.where('identity', '=', 'owner@example.com').execute();
  // By then the logins have ended.
  bot.later(2 * DAY);
  await bot.tick();
  await bot.tick();
  expect(texts(healthy.chat).at(-1)).toContain('剩余验券次数只有');
  expect(said(bot)).toEqual(['an account cannot be looked after']);
  expect(texts(broken.chat).at(-1)).not.toContain('剩余');
});
