/** The audit trail as owners read it through the whole program: who invited whom, who changed what, who decided. */
import { expect, it } from 'vitest';
import type { FakeMessage, FakePerson } from '../doubles/telegram.ts';
import { openHarness, SECOND, labels, texts, type Harness } from './harness.ts';
import { labels as appLabels, openWecomAppHarness } from './wecom-app-harness.ts';

const STORE = '大声發24小时自助棋牌室5';
const last = (person: FakePerson): FakeMessage => person.chat.messages.at(-1)!;

/** Presses these buttons one after another, each below the owner's last message, by a part of its label. */
async function press(bot: Harness, owner: FakePerson, ...path: readonly string[]): Promise<void> {
  for (const label of path) {
    const found = labels(last(owner)).find((one) => one.includes(label));
    expect(found, `${label} in ${labels(last(owner)).join()}`).toBeDefined();
    await bot.press(owner, last(owner), found!);
  }
}
async function ask(bot: Harness, owner: FakePerson, text: string, ...path: readonly string[]): Promise<void> {
  await bot.ask(owner, text);
  await press(bot, owner, ...path);
}

/** An owner who has done one of everything; gives the end of the code that was decided about, and that of the key. */
async function busyOwner() {
  const bot = await openHarness();
  const owner = await bot.owner();
  const helper = await bot.staff(owner);
  await ask(bot, owner, '/settings', '营业日截止', '05:00');
  await ask(bot, owner, '/customers', '位置', '添加位置');
  await bot.ask(owner, '3 号桌');
  await ask(bot, owner, '/customers', '自动核销', '新建规则');
  await ask(bot, owner, '/api 收银台', '只读');
  const key = /hx_\S+/.exec(last(owner).text)![0].slice(-4);
  await ask(bot, owner, '/api', '吊销', '确定吊销');
  await bot.ask(owner, '回调 https://shop.example/hook?token=t0p');
  const code = bot.umember.books.coupon();
  const card = await bot.card(helper, code);
  bot.later(61 * SECOND);
  bot.umember.fail('verify', { kind: 'reset', applied: true });
  await bot.press(helper, card, '确认核销');
  bot.later(SECOND);
  await bot.tick();
  await bot.press(helper, card, '是本次核销');
  bot.later(SECOND);
  await ask(bot, owner, '/staff', '移除 小李', '确定移除');
  return { bot, owner, helper, code, key };
}

it('in Chinese, page by page, without a secret', async () => {
  const { bot, owner, helper, code, key } = await busyOwner();
  await bot.ask(owner, '操作记录');
  const first = last(owner);
  expect(first.text.split('\n').map((line) => line.replace(/^11-22 18:3\d /, ''))).toEqual([
    `「${STORE}」的操作记录（最近 30 天，新的在前）`,
    '王老板 移除了员工 小李',
    `小李 判断 …${code.slice(-4)}：已核销`,
    '王老板 添加了回调 shop.example',
    `王老板 吊销了接口密钥「收银台」…${key}`,
    `王老板 生成了接口密钥「收银台」…${key}`,
    '王老板 添加了规则「自动核销 1」',
    '王老板 添加了位置「3 号桌」',
    '王老板 设置「营业日截止」：次日 05:00（原 00:00）',
    '小李 绑定了自己的私聊',
    '小李 接受邀请，成为员工',
  ]);
  await bot.press(owner, first, '更早的');
  expect(
    last(owner)
      .text.split('\n')
      .map((line) => line.slice(12)),
  ).toEqual([
    expect.anything(),
    '王老板 邀请了员工',
    '王老板 绑定了自己的私聊',
    `王老板 添加了门店「${STORE}」`,
    '王老板 绑定成功，成为店主',
    '王老板 绑定了美团 · umember的账号',
  ]);
  const said = texts(owner.chat).filter((text) => text.includes('操作记录'));
  expect(said.join()).not.toMatch(new RegExp(`t0p|whsec_|hx_|${code}|owner@example.com`));

  // Whoever is staff no more, by a button of the owner's that he has seen.
  expect(await bot.press(helper, first, '更早的')).toBe('只有店主可以这样做。');
  expect(bot.faults).toEqual([]);
});

it('in English, and staff are refused in a sentence', async () => {
  const { bot, owner, code, key } = await busyOwner();
  const other = await bot.staff(owner, '小孙');
  expect((await bot.ask(other, '/history 操作')).map(({ text }) => text)).toEqual(['只有店主可以这样做。']);
  expect((await bot.ask(other, '操作记录 昨天')).map(({ text }) => text)).toEqual(['只有店主可以这样做。']);
  await ask(bot, owner, '/language', 'English');
  await bot.ask(owner, '/history changes today');
  expect(
    last(owner)
      .text.split('\n')
      .map((line) => line.replace(/^11-22 18:3\d /, '')),
  ).toEqual([
    `Changes at “${STORE}” (2026-11-22, newest first)`,
    '王老板 set a chat’s language: English',
    '小孙 bound their private chat',
    '小孙 accepted an invitation and joined the staff',
    '王老板 invited staff',
    '王老板 removed 小李 from the staff',
    `小李 decided about …${code.slice(-4)}: verified`,
    '王老板 added the webhook shop.example',
    `王老板 revoked the API key “收银台” …${key}`,
    `王老板 made the API key “收银台” …${key}`,
    '王老板 added the rule “自动核销 1”',
  ]);
  await press(bot, owner, 'Older');
  expect(last(owner).text).toContain('王老板 set “Day ends” to 05:00 (next day), was 00:00');
  await bot.ask(owner, 'audit trail yesterday');
  expect(last(owner).text).toBe(`No changes at “${STORE}” (2026-11-21).`);
  expect(bot.faults).toEqual([]);
});

it('企业微信 app: the same page, turned by its buttons', async () => {
  const bot = await openWecomAppHarness();
  const owner = await bot.owner();
  const said = await bot.ask(owner, '谁改了设置？');
  expect(said.map(({ text }) => text).join('\n')).toMatch(/的操作记录（最近 30 天，新的在前）\n11-22 18:3\d /);
  expect(said.flatMap(appLabels)).toEqual([]);
  expect(bot.faults).toEqual([]);
});
