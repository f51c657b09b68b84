/** What is done by itself: one store, card, result or account that cannot be handled holds up no other. */
import { expect, test } from 'vitest';
import type { FakePerson } from '../doubles/telegram.ts';
import { DAY, HOUR, labels, MINUTE, openTown, SECOND, texts, type Town } from './harness.ts';

/** A zone that this runtime does not know: no time of this store can be told. */
async function breakZone(town: Town, storeId: string): Promise<void> {
  await town.store.db.updateTable('store').set({ time_zone: 'Asia/Nowhere' }).where('id', '=', storeId).execute();
}
const mend = (town: Town): Promise<unknown> =>
  town.store.db.updateTable('store').set({ time_zone: 'Asia/Shanghai' }).where('time_zone', '=', 'Asia/Nowhere').execute();

const storeOf = async (town: Town, person: FakePerson): Promise<string> =>
  (await town.wiring.chats.get(`telegram:${person.id}`)).store!.id;

const said = (town: Town): string[] => town.faults.map((fault) => (fault as { message: string }).message);
const posted = (person: FakePerson): string[] => texts(person.chat).filter((text) => text.includes('日报 · '));

test('a summary that cannot be made does not stop the others, and is told once it can', async () => {
  const town = await openTown();
  const [broken, healthy] = [await town.learner('甲'), await town.owner('乙')];
  for (const owner of [broken, healthy]) await town.ask(owner, '/report');
  await breakZone(town, await storeOf(town, broken));
  town.later(DAY);
  await town.tick();
  expect([posted(broken).length, posted(healthy).length]).toEqual([0, 1]);
  expect(said(town)).toEqual(['a summary cannot be made']);
  await mend(town);
  town.later(MINUTE);
  await town.tick();
  expect([posted(broken).length, posted(healthy).length]).toEqual([1, 1]);
});

test('a summary that cannot be made is tried less and less often, and never for ever in one go', async () => {
  const town = await openTown();
  const owner = await town.learner();
  await town.ask(owner, '/report');
  await breakZone(town, await storeOf(town, owner));
  town.later(DAY);
  const minutes: number[] = [];
  for (let minute = 0; minute < 48 * 60; minute++) {
    const before = town.faults.length;
    await town.wiring.postSummaries();
    if (town.faults.length > before) minutes.push(minute);
    town.later(MINUTE);
  }
  const waits = minutes.slice(1).map((at, n) => at - minutes[n]!);
  expect(waits.slice(0, 10)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 360]);
  expect(new Set(waits.slice(9))).toEqual(new Set([360]));
  await mend(town);
  town.later(6 * HOUR);
  await town.tick();
  // Every day that has ended since is told.
  expect(posted(owner)).toHaveLength(4);
  const { failures } = await town.store.db.selectFrom('owner_group').select('failures').executeTakeFirstOrThrow();
  expect(failures).toBe(0);
});

test('a card that cannot be shown anew does not stop the minutes on the others', async () => {
  const town = await openTown();
  const owners = [await town.learner('甲'), await town.learner('乙'), await town.learner('丙')];
  const cards = [];
  for (const owner of owners) {
    const card = await town.card(owner, '1000123456');
    await town.press(owner, card, '确认核销');
    cards.push(card);
  }
  await breakZone(town, await storeOf(town, owners[0]!));
  const unreadable = town.store.db.updateTable('verification').set({ coupon: 'cut off' });
  await unreadable.where('chat_id', '=', `telegram:${owners[1]!.id}`).execute();
  town.later(5 * MINUTE);
  await town.tick();
  expect(cards.map((card) => labels(card)[0])).toEqual(['撤销（还剩 10 分钟）', '撤销（还剩 10 分钟）', '撤销（还剩 5 分钟）']);
  expect(new Set(said(town))).toEqual(new Set(['a card cannot be shown anew', 'a defect with a verification']));
  await town.tick();
  expect(town.faults).toHaveLength(2);
  await mend(town);
  town.later(3 * MINUTE);
  await town.tick();
  expect(labels(cards[0]!)[0]).toBe('撤销（还剩 2 分钟）');
});

test('a result that cannot be told, or read, does not keep the others from being settled', async () => {
  const town = await openTown();
  const owner = await town.owner();
  const pressed = [];
  for (let n = 0; n < 3; n++) {
    const code = town.umember.books.coupon();
    const card = await town.card(owner, code);
    town.umember.fail('verify', { kind: 'reset', applied: true });
    await town.press(owner, card, '确认核销');
    pressed.push({ code, card });
  }
  const rows = town.store.db.updateTable('verification');
  await rows.set({ coupon: 'cut off' }).where('code', '=', pressed[0]!.code).execute();
  await rows.set({ card: 'cut off' }).where('code', '=', pressed[1]!.code).execute();
  for (let n = 0; n < 5; n++) {
    town.later(SECOND);
    await town.tick();
  }
  expect(pressed[2]!.card.text).toContain('核销成功');
  const states = await town.store.db.selectFrom('verification').select('state').orderBy('submitted_at').execute();
  expect(states.map(({ state }) => state)).toEqual(['unsure', 'unsure', 'verified']);
  expect(new Set(said(town))).toEqual(new Set(['a defect with a verification']));
  // Looked after again in time, not at every tick.
  expect(town.faults).toHaveLength(2);
});

test.each(['unsure', 'submitting'] as const)(
  'a result (%s) that cannot be told is looked after less and less often',
  async (state) => {
    const town = await openTown();
    const owner = await town.owner();
    const card = await town.card(owner);
    town.umember.fail('verify', { kind: 'reset', applied: true });
    await town.press(owner, card, '确认核销');
    await breakZone(town, await storeOf(town, owner));
    // Lost, or found as a dead process left it.
    await town.store.db.updateTable('verification').set({ state }).execute();
    const seconds: number[] = [];
    for (let second = 0; second < 600; second++) {
      const before = town.faults.length;
      town.later(SECOND);
      await town.wiring.recheck();
      if (town.faults.length > before) seconds.push(second);
    }
    expect(seconds.slice(1).map((at, n) => at - seconds[n]!)).toEqual([3, 10, 30, 60, 300]);
    await mend(town);
    town.later(15 * MINUTE);
    await town.tick();
    await town.tick();
    expect(card.text).toContain('核销成功');
  },
);

test('who asks about a result for too long changes nothing where another has asked meanwhile', async () => {
  const town = await openTown();
  const owner = await town.owner();
  const card = await town.card(owner);
  town.umember.fail('verify', { kind: 'reset', applied: false });
  await town.press(owner, card, '确认核销');
  const asked = () =>
    town.store.db.selectFrom('verification').select(['asked', 'check_at', 'notes', 'state']).executeTakeFirstOrThrow();
  const calls = town.umember.calls('detail');
  town.umember.fail('detail', { kind: 'late', ms: 300 });
  town.later(2 * SECOND);
  const slow = town.wiring.recheck();
  await expect.poll(() => town.umember.calls('detail')).toBe(calls + 1);
  town.later(80 * SECOND);
  await town.wiring.recheck();
  const after = await asked();
  expect([after.asked, after.state]).toEqual([1, 'unsure']);
  town.later(SECOND);
  await slow;
  expect(await asked()).toEqual(after);
});

test('an account that cannot be looked after does not keep the others’ owners from being warned', async () => {
  const town = await openTown();
  const [broken, healthy] = [await town.owner('甲'), town.telegram.person('乙')];
  town.umember.books.account('other@example.com');
  town.umember.books.shop({ owner: 'other@example.com', requests: 3 });
  const [platforms] = await town.ask(healthy, '/bind');
  await town.press(healthy, platforms!, '美团 · umember');
  await town.ask(healthy, 'other@example.com', { replyTo: healthy.chat.messages.at(-1)! });
  await town.ask(healthy, 'secret', { replyTo: healthy.chat.messages.at(-1)! });
  const account = town.store.db.updateTable('account').set({ sealed: 'v1.AAAA' });
  await account.where('identity', '=', 'owner@example.com').execute();
  // By then the logins have ended.
  town.later(2 * DAY);
  await town.tick();
  await town.tick();
  expect(texts(healthy.chat).at(-1)).toContain('剩余接口次数只有');
  expect(said(town)).toEqual(['an account cannot be looked after']);
  expect(texts(broken.chat).at(-1)).not.toContain('剩余');
});
