/** A merchant's own system is told of what happens, from the chat in which it is connected to the lamp that goes on. */
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { startMerchantSystem, type MerchantSystem, type Received } from '../doubles/merchant-system.ts';
import type { FakeMessage, FakePerson } from '../doubles/telegram.ts';
import { DAY, HOUR, labels, MINUTE, openHarness, SECOND, type Harness } from './harness.ts';

let bot: Harness;
let owner: FakePerson;
let system: MerchantSystem;
beforeEach(async () => {
  system = await startMerchantSystem();
  bot = await openHarness();
  owner = await bot.owner();
});
afterEach(() => system.close());

const secretIn = (text: string): string => /whsec_[\w+/=]+/.exec(text)![0];
/** Connects the system, and says its secret. */
const connect = async (person = owner): Promise<string> => {
  const [said] = await bot.ask(person, `回调 ${system.url}`);
  return secretIn(said!.text);
};
const verify = async (person = owner, code = bot.umember.books.coupon()) => {
  const card = await bot.card(person, code);
  await bot.press(person, card, '确认核销');
  return { code, card };
};
const undo = async (person: FakePerson, card: FakeMessage) => {
  await bot.press(
    person,
    card,
    labels(card).find((label) => label.startsWith('撤销'))!,
  );
  await bot.press(person, card, '确认撤销');
};
const types = () => system.received.map(({ event }) => event.type);
const checked = ({ body, headers }: Received, secret: string): unknown =>
  new Webhook(secret).verify(body, headers as Record<string, string>);

describe('an owner', () => {
  it('connects a system in private; the secret is shown once, and the other owners hear of it', async () => {
    const other = await bot.owner('李老板');
    const [said] = await bot.ask(owner, `/webhook ${system.url}`);
    expect(said!.text).toContain('已添加回调 127.0.0.1');
    expect(secretIn(said!.text)).toMatch(/^whsec_[\w+/=]{44}$/);
    expect(said!.text).not.toContain('t0p');
    await bot.tick('outbox');
    expect(other.chat.messages.at(-1)!.text).toContain('添加了回调地址 127.0.0.1');
    const [list] = await bot.ask(owner, '回调');
    await bot.press(owner, list!, labels(list!)[0]!);
    const screen = owner.chat.messages.at(-1)!;
    expect(screen.text).not.toContain('whsec_');
    expect(labels(screen)).toEqual(['测试', '最近 20 次', '换密钥', '停用', '移除']);
  });

  it('is told in a sentence why an address cannot be one, and a group is no place for it', async () => {
    const said = async (text: string) => (await bot.ask(owner, text))[0]!.text;
    expect(await said('回调 ftp://a.example')).toContain('不是网址');
    expect(await said('回调 https://a:b@shop.example/')).toContain('用户名');
    await connect();
    expect(await said(`回调 ${system.url}`)).toContain('已经在用');
    const group = await bot.group(owner, []);
    expect((await bot.ask(owner, '/webhook', { in: group }))[0]!.text).toContain('私聊');
  });
});

describe('a verification', () => {
  it('is told at once, signed, and the answer of the system stands on the card', async () => {
    const secret = await connect();
    system.next.push({ status: 200, body: JSON.stringify({ message: '3 号桌已开灯' }) });
    const { code, card } = await verify();
    const [first] = await system.gets(1);
    expect(checked(first!, secret)).toMatchObject({
      type: 'coupon.verified',
      data: {
        status: 'verified',
        code,
        amount: 4900,
        sequence: 1,
        by: { kind: 'person', name: '王老板' },
        certainty: 'answered',
      },
    });
    await vi.waitFor(async () => {
      await bot.tick('outbox');
      expect(card.text).toContain('3 号桌已开灯');
    });
    expect(card.text).toContain('核销成功');
  });

  it('and its undo come one after the other, numbered without a gap; a refusal is told as one', async () => {
    const learner = await bot.learner();
    await connect(learner);
    await undo(learner, (await verify(learner, '1000123456')).card);
    await verify(learner, '1000123457');
    const events = (await system.gets(3)).map(({ event }) => [event.type, event.data['sequence'], event.data['status']]);
    expect(events).toEqual([
      ['coupon.verified', 1, 'verified'],
      ['coupon.undone', 2, 'undone'],
      ['coupon.verified', 3, 'verified'],
    ]);
  });

  it('whose answer is lost is told as unsure, and once more when it is known; a refusal by a code and in words', async () => {
    const learner = await bot.learner();
    await connect(learner);
    await verify(learner, '7100123456');
    await system.gets(1);
    bot.later(2 * SECOND);
    await bot.tick();
    const [before, after] = [await bot.card(learner, '5000123456'), learner];
    learner.says('5000123456');
    await bot.quiet();
    await bot.press(after, after.chat.messages.at(-1)!, '核销 2 张');
    await bot.press(learner, before, '核销 3 张');
    await system.gets(4);
    expect(types()).toEqual(['coupon.unsure', 'coupon.verified', 'coupon.verified', 'coupon.refused']);
    const [unsure, verified, , refused] = system.received.map(({ event }) => event.data);
    expect(unsure).toMatchObject({ status: 'unsure', verified_at: null, refusal: null });
    expect(verified).toMatchObject({ id: unsure!['id'], status: 'verified' });
    expect(refused).toMatchObject({ refusal: { code: 'uses', message: expect.stringContaining('次数不足') as string } });
  });

  it('that failed to be told is told again by the plan, later ones of the coupon behind it, others at once', async () => {
    const learner = await bot.learner();
    await connect(learner);
    system.next.push({ status: 500 });
    const { card } = await verify(learner, '1000123456');
    await system.gets(1);
    await undo(learner, card);
    await verify(learner, '1000123457');
    await system.gets(2);
    expect(types()).toEqual(['coupon.verified', 'coupon.verified']);
    bot.later(10 * SECOND);
    await bot.tick('webhooks');
    expect(types().slice(2)).toEqual(['coupon.verified', 'coupon.undone']);
    const ids = system.received.map(({ headers }) => headers['webhook-id']);
    expect(ids[2]).toBe(ids[0]);
    // As it was when it happened, though it has been taken back since.
    expect(system.received[2]!.event.data).toMatchObject({ status: 'verified', undone_at: null });
  });
});

it('the end of a business day is told once, though several chats get the summary', async () => {
  await connect();
  await bot.ask(owner, '/report');
  const other = await bot.owner('李老板');
  await bot.ask(other, '/report');
  await verify();
  await system.gets(1);
  bot.later(DAY);
  await bot.tick();
  await bot.tick();
  expect(types()).toEqual(['coupon.verified', 'summary.posted']);
  expect(system.received[1]!.event.data).toMatchObject({
    day: '2026-11-22',
    count: 1,
    amount: 4900,
    by_person: [{ name: '王老板', count: 1 }],
  });
});

it('a login that the platform refuses is told as something that needs attention', async () => {
  await connect();
  bot.umember.books.account('owner@example.com', 'changed');
  bot.umember.endLogins();
  await bot.ask(owner, bot.umember.books.coupon());
  await bot.tick();
  await system.gets(1);
  expect(system.received[0]!.event).toMatchObject({
    type: 'account.attention',
    data: { platform: 'umember', message: expect.stringContaining('拒绝了账号') as string },
  });
});

it('a program that is told to stop writes down what the system answers to the last press', async () => {
  await connect();
  const answered = Promise.withResolvers<{ status: number }>();
  system.answer = () => answered.promise;
  await verify();
  await system.gets(1);
  let stopped = false;
  const stopping = bot.stop().then(() => (stopped = true));
  await pause(20);
  expect(stopped).toBe(false);
  answered.resolve({ status: 200 });
  await stopping;
  const states = bot.database.db.selectFrom('outbox').select('state').where('kind', '=', 'webhook');
  expect(await states.execute()).toEqual([{ state: 'sent' }]);
});

describe('an endpoint', () => {
  it('that takes nothing for three days is turned off, and the owner told how to turn it on again', async () => {
    await connect();
    system.always = { status: 503 };
    await verify();
    await system.gets(1);
    // One more than the plan has: the first answer may be written after the first wait.
    for (const wait of [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR, 20 * HOUR, DAY, DAY]) {
      bot.later(wait + SECOND);
      await bot.tick('webhooks');
    }
    expect(system.received).toHaveLength(10);
    await bot.tick('outbox');
    const told = owner.chat.messages.at(-1)!;
    expect(told.text).toContain('已自动停用');
    bot.later(DAY);
    await verify();
    await bot.tick();
    expect(system.received).toHaveLength(10);
    system.always = { status: 200 };
    await bot.press(owner, told, '查看');
    await bot.press(owner, owner.chat.messages.at(-1)!, '启用');
    // A day earlier where the first answer was written before the first wait.
    expect(owner.chat.messages.at(-1)!.text).toMatch(
      /127\.0\.0\.1.* 已启用。从 2026-11-2[56] .* 到现在的通知没有发送，也不会补发/,
    );
    await verify();
    await system.gets(11);
  });

  it('shows its last deliveries with what went wrong, and sends one again', async () => {
    await connect();
    system.next.push({ status: 410 });
    await verify();
    const told = await vi.waitFor(async () => {
      await bot.tick('outbox');
      const last = owner.chat.messages.at(-1)!;
      expect(last.text).toContain('410');
      return last;
    });
    await bot.press(owner, told, '查看');
    const screen = owner.chat.messages.at(-1)!;
    await bot.press(owner, screen, '启用');
    await bot.press(owner, screen, '最近 20 次');
    const log = owner.chat.messages.at(-1)!;
    expect(log.text).toMatch(/✗ .* coupon\.verified · 410 · 第 1 次/);
    await bot.press(owner, log, labels(log)[0]!);
    await system.gets(2);
    expect(system.received[1]!.headers['webhook-id']).toBe(system.received[0]!.headers['webhook-id']);
  });

  it('signs with both secrets for a day after a rotation, and then with the new one', async () => {
    const before = await connect();
    const [list] = await bot.ask(owner, '回调');
    await bot.press(owner, list!, labels(list!)[0]!);
    const screen = owner.chat.messages.at(-1)!;
    await bot.press(owner, screen, '换密钥');
    const after = secretIn(owner.chat.messages.at(-1)!.text);
    await bot.press(owner, screen, '测试');
    const [test] = await system.gets(1);
    expect(test!.event.type).toBe('webhook.test');
    for (const secret of [before, after]) checked(test!, secret);
    bot.later(DAY + MINUTE);
    await bot.press(owner, screen, '测试');
    const [, late] = await system.gets(2);
    checked(late!, after);
    expect(() => checked(late!, before)).toThrow(/signature/);
  });

  it('that refuses a test gets the next one at once, and stays on', async () => {
    const [said] = await bot.ask(owner, `回调 ${system.url}`);
    system.next.push({ status: 410 }, { status: 500 });
    for (const count of [1, 2, 3]) {
      await bot.press(owner, said!, '测试');
      await system.gets(count);
    }
    await verify();
    await system.gets(4);
    expect(types()).toEqual(['webhook.test', 'webhook.test', 'webhook.test', 'coupon.verified']);
  });

  it('is nobody’s but the owners’: a press of somebody else is refused to him', async () => {
    await connect();
    const staff = await bot.staff(owner);
    const [no] = await bot.ask(staff, '/webhook');
    expect(no!.text).toContain('只有店主');
  });
});
