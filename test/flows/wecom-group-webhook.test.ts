import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { mountGroupWebhook, mountTelegram } from '../../bot/app/channels.ts';
import { startTelegram, type FakePerson } from '../doubles/telegram.ts';
import { startRobots } from '../doubles/wecom-group-webhook.ts';
import { hurried, openProgram } from './program-harness.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The whole bot with an owner on Telegram and group webhooks. */
async function openOffice() {
  const telegram = await startTelegram({ privacy: false });
  const wecom = await startRobots({ now: () => Date.now() });
  let loseGroup!: (chat: string) => Promise<void>;
  const program = await openProgram(
    (parts) => {
      loseGroup = parts.loseGroup;
      const { token, apiRoot } = telegram;
      return [
        mountTelegram({ token, apiRoot, mode: { kind: 'polling' } }, { ...parts, sleep: hurried(1) }),
        mountGroupWebhook({ apiBase: wecom.url, timeoutMs: 2000 }, parts),
      ];
    },
    { practice: 'off' },
  );
  onTestFinished(async () => {
    await program.close();
    await telegram.close();
    await wecom.close();
    vi.useRealTimers();
  });
  const owner = telegram.person('王老板');
  const office = {
    ...program,
    telegram,
    wecom,
    owner,
    loseGroup,
    /** Says something and gives what the bot wrote in answer. */
    async ask(person: FakePerson, text: string) {
      const before = person.chat.written.length;
      person.says(text);
      await telegram.acknowledged();
      await program.answered();
      return person.chat.written.slice(before).filter(({ byBot }) => byBot);
    },
    async press(person: FakePerson, message: Parameters<FakePerson['presses']>[0], label: string) {
      const before = person.chat.written.length;
      person.presses(message, label);
      await telegram.acknowledged();
      await program.answered();
      return person.chat.written.slice(before).filter(({ byBot }) => byBot);
    },
    async bound(person = owner) {
      const [platforms] = await office.ask(person, '/bind');
      await office.press(person, platforms!, '美团 · umember');
      await office.ask(person, 'owner@example.com');
      await office.ask(person, 'secret');
    },
    /** One coupon verified by the owner. */
    async verify(): Promise<void> {
      const [card] = await office.ask(owner, program.umember.books.coupon());
      await office.press(owner, card!, '确认核销');
    },
  };
  await office.bound();
  return office;
}

const written = (messages: readonly { text: string }[]): string => messages.map(({ text }) => text).join('\n');

describe('绑定日报 with the address of a group', () => {
  it('greets the group, deletes the address, and says when the summary comes', async () => {
    const office = await openOffice();
    const group = office.wecom.group();
    const said = written(await office.ask(office.owner, `绑定日报 ${group.address}`));
    expect(said).toContain(`企业微信群（webhook …${group.key.slice(-4)}）`);
    expect(said).toContain('每天 00:00');
    expect(group.messages).toEqual(['核销助手已接入本群，日报会发到这里。']);
    expect(office.owner.chat.messages.filter(({ text }) => text.includes(group.key))).toEqual([]);
    expect(office.lines.join('\n')).not.toContain(group.key);
    expect(office.faults).toEqual([]);
  });

  it('warns where the address could not be deleted', async () => {
    const office = await openOffice();
    office.telegram.fault('deleteMessage', {
      kind: 'error',
      code: 400,
      description: "Bad Request: message can't be deleted for everyone",
    });
    const said = written(await office.ask(office.owner, `绑定日报 ${office.wecom.group().address}`));
    expect(said).toContain('请你马上手动删除');
  });

  it('makes it receive each day’s summary, once, with a table of products and people', async () => {
    const office = await openOffice();
    const group = office.wecom.group();
    await office.ask(office.owner, `/report ${group.address}`);
    await office.ask(office.owner, `/report ${group.address}`);
    await office.verify();
    await office.verify();
    office.later(6 * HOUR);
    await office.tick();
    await office.tick();
    const summaries = group.messages.filter((text) => text.includes('日报 · '));
    expect(summaries).toHaveLength(1);
    expect(summaries[0]).toMatch(/^\*\*日报 · 大声發24小时自助棋牌室5 · 2026-11-22\*\*\n/);
    expect(summaries[0]).toContain('- 核销 2 张\n- 合计 ¥98.00');
    expect(summaries[0]).toContain('| 按商品 | 次数 | 金额 |\n| :-- | --: | --: |\n| 开业特惠通用畅玩4小时 | 2 | ¥98.00 |');
    expect(summaries[0]).toContain('| 按人员 | 次数 | 金额 |\n| :-- | --: | --: |\n| 王老板 | 2 | ¥98.00 |');
    office.later(DAY);
    await office.tick();
    expect(group.messages.filter((text) => text.includes('日报 · '))).toHaveLength(2);
  });

  it('that is of no use says why, and keeps nothing', async () => {
    const office = await openOffice();
    expect(written(await office.ask(office.owner, '绑定日报 http://169.254.169.254/latest'))).toContain(
      '不是企业微信群的 webhook',
    );
    const group = office.wecom.group();
    group.removed = true;
    expect(written(await office.ask(office.owner, `绑定日报 ${group.address}`))).toContain('企业微信不认这个地址');
    const full = office.wecom.group();
    full.fail({ kind: 'code', code: 45009 });
    expect(written(await office.ask(office.owner, `绑定日报 ${full.address}`))).toContain('过一分钟再试');
    const odd = office.wecom.group();
    odd.fail({ kind: 'code', code: 40058 });
    expect(written(await office.ask(office.owner, `绑定日报 ${odd.address}`))).toContain('没有接受测试消息');
    odd.fail({ kind: 'reset', after: false });
    expect(written(await office.ask(office.owner, `绑定日报 ${odd.address}`))).toContain('暂时连不上企业微信');
    expect(written(await office.ask(office.owner, '/report off'))).not.toContain('企业微信群');
  });

  it('is for owners only, and a secret whoever sends it', async () => {
    const office = await openOffice();
    const stranger = office.telegram.person('路人');
    const group = office.wecom.group();
    expect(written(await office.ask(stranger, `绑定日报 ${group.address}`))).toContain('本聊天还没有绑定门店');
    expect(stranger.chat.messages.filter(({ text }) => text.includes(group.key))).toEqual([]);
    expect(group.messages).toEqual([]);
  });
});

describe('a group that receives summaries', () => {
  async function connected() {
    const office = await openOffice();
    const group = office.wecom.group();
    await office.ask(office.owner, `绑定日报 ${group.address}`);
    return { office, group };
  }

  it('is listed with its key masked at /report off, and removed by a button', async () => {
    const { office, group } = await connected();
    const list = (await office.ask(office.owner, '/report off')).at(-1)!;
    expect(list.text).toContain(`企业微信群（webhook …${group.key.slice(-4)}）`);
    expect(list.text).not.toContain(group.key);
    const [button] = list.buttons.flat();
    const said = written(await office.press(office.owner, list, button!.label));
    expect(said).toContain('不再接收');
    office.later(DAY);
    await office.tick();
    expect(group.messages).toHaveLength(1);
    const kept = await office.database.db.selectFrom('kv').select('ns').where('ns', '=', 'webhook').execute();
    expect(kept).toEqual([]);
  });

  it('is removed by owners only, also where a button is forged', async () => {
    const { office, group } = await connected();
    const list = (await office.ask(office.owner, '/report off')).at(-1)!;
    const stranger = office.telegram.person('路人');
    await office.ask(stranger, '你好');
    const press = stranger.forges(stranger.chat.messages.at(-1)!, list.buttons.flat()[0]!.data);
    await office.telegram.acknowledged();
    await office.answered();
    expect((await office.telegram.answered(press)).text).toContain('只有店主');
    office.later(DAY);
    await office.tick();
    expect(group.messages.filter((text) => text.includes('日报 · '))).toHaveLength(1);
  });

  it('that lost its robot is told to the owner once, and asked no more', async () => {
    const { office, group } = await connected();
    group.removed = true;
    office.later(6 * HOUR);
    for (let round = 0; round < 3; round += 1) await office.tick();
    const told = () => office.owner.chat.messages.filter(({ text }) => text.includes('已失效'));
    expect(told()).toHaveLength(1);
    expect(told()[0]!.text).toContain(`webhook …${group.key.slice(-4)}`);
    expect(told()[0]!.text).toContain('大声發24小时自助棋牌室5');
    const asked = office.wecom.requests.length;
    office.later(3 * DAY);
    for (let round = 0; round < 3; round += 1) await office.tick();
    expect(office.wecom.requests).toHaveLength(asked);
    expect(told()).toHaveLength(1);
  });

  it('that two notice as lost at the same time is told of once', async () => {
    const { office } = await connected();
    const [group] = (await office.database.db.selectFrom('owner_group').select('chat_id').execute()).map((row) => row.chat_id);
    await Promise.all([office.loseGroup(group!), office.loseGroup(group!)]);
    await office.tick();
    expect(office.owner.chat.messages.filter(({ text }) => text.includes('已失效'))).toHaveLength(1);
  });

  it('gets the summary later when WeCom is out of reach, and marked when it may be there already', async () => {
    const { office, group } = await connected();
    group.fail({ kind: 'code', code: -1 });
    group.fail({ kind: 'reset', after: true });
    office.later(6 * HOUR);
    for (let round = 0; round < 4; round += 1) {
      await office.tick();
      office.later(10_000);
    }
    const summaries = group.messages.filter((text) => text.includes('日报 · '));
    expect(summaries).toHaveLength(2);
    expect(summaries[0]).not.toContain('可能是重复消息');
    expect(summaries[1]).toContain('可能是重复消息');
  });
});

it('an owner of several stores chooses which one the group is for', async () => {
  const office = await openOffice();
  office.umember.books.shop({ name: '二店' });
  const second = office.telegram.person('李老板');
  const [platforms] = await office.ask(second, '/bind');
  await office.press(second, platforms!, '美团 · umember');
  await office.ask(second, 'owner@example.com');
  await office.ask(second, 'secret');
  await office.press(second, second.chat.messages.at(-1)!, '二店');
  await office.ask(second, '/unbind');
  await office.press(second, second.chat.messages.at(-1)!, '确定解绑');
  const group = office.wecom.group();
  const question = (await office.ask(second, `绑定日报 ${group.address}`)).at(-1)!;
  expect(question.buttons.flat().map(({ label }) => label)).toEqual(['大声發24小时自助棋牌室5', '二店']);
  expect(written(await office.press(second, question, '二店'))).toContain('「二店」');
  office.later(6 * HOUR);
  await office.tick();
  expect(group.messages.filter((text) => text.includes('日报 · '))).toEqual([expect.stringContaining('二店')]);
});
