/** Stories of an owner who lets customers in by a poster, and of those who scan it. */
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { mountTelegram, mountWecomApp } from '../../bot/app/channels.ts';
import { createPatience } from '../bot/wecom/kf/harness.ts';
import { scan } from '../doubles/devices/phone-camera.ts';
import { startTelegram, type FakePerson } from '../doubles/telegram.ts';
import { startKf, type FakeCustomer } from '../doubles/wecom-kf.ts';
import { hurried, openProgram } from './program-harness.ts';

const STORE = '大声發24小时自助棋牌室5';

/** An owner on Telegram whose corporation has 微信客服; without it where `kf` is false. */
async function openHarness({ kf = true } = {}) {
  const telegram = await startTelegram({ privacy: false });
  const wecom = await startKf({ now: () => Date.now() });
  const patience = createPatience();
  let customers!: ReturnType<typeof mountWecomApp>[1]['channel'];
  const program = await openProgram(
    (parts) => {
      const { token, apiRoot } = telegram;
      const owners = mountTelegram({ token, apiRoot, mode: { kind: 'polling' } }, { ...parts, sleep: hurried(1) });
      const keys = { agentId: '1000002', token: 'TESTTOKEN', encodingAesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG' };
      const app = { ...keys, corpId: wecom.corpId, secret: wecom.secret, apiBase: wecom.url };
      const [, served] = mountWecomApp(app, { ...parts, sleep: patience.wait });
      customers = served.channel;
      wecom.called = (news) => customers.notify(news);
      return kf ? [owners, served] : [owners];
    },
    { practice: 'off' },
  );
  onTestFinished(async () => {
    await program.close();
    await telegram.close();
    await wecom.close();
    vi.useRealTimers();
  });
  const corner = {
    ...program,
    telegram,
    wecom,
    async ask(person: FakePerson, text: string, saying: Parameters<FakePerson['says']>[1] = {}) {
      const { written } = saying.in ?? person.chat;
      const before = written.length;
      person.says(text, saying);
      await telegram.acknowledged();
      await program.answered();
      return written.slice(before).filter(({ byBot }) => byBot);
    },
    /** What the bot says to a customer after he did something. */
    async after(customer: FakeCustomer, did: () => void) {
      const before = customer.messages.length;
      did();
      await customers.fetched();
      await program.answered();
      await customers.settled();
      return customer.messages.slice(before).filter(({ byBot }) => byBot);
    },
    async owner() {
      const owner = telegram.person('王老板');
      const [platforms] = await corner.ask(owner, '/bind');
      owner.presses(platforms!, '美团 · umember');
      await owner.chat.shows('邮箱');
      await corner.ask(owner, 'owner@example.com');
      await corner.ask(owner, 'secret');
      return owner;
    },
    /** Presses a button of the screen that `/customers` shows, and gives what the bot wrote then. */
    async presses(owner: FakePerson, ...labels: readonly string[]) {
      await corner.ask(owner, '/customers');
      let before = 0;
      for (const label of labels) {
        const on = owner.chat.written.findLast(({ buttons }) => buttons.flat().some((one) => one.label === label))!;
        before = owner.chat.written.length;
        owner.presses(on, label);
        await telegram.acknowledged();
        await program.answered();
      }
      return owner.chat.written.slice(before);
    },
    /** The links of 微信客服 among the QR codes. */
    async posters(owner: FakePerson): Promise<readonly string[]> {
      const codes = await Promise.all(
        (await corner.presses(owner, '位置和二维码', '全部二维码')).map(
          async ({ file }) => (await scan(telegram.files.get(file!)!))[0]!.text,
        ),
      );
      return codes.filter((text) => text.includes('work.weixin'));
    },
    /** The link on the poster of the only place. */
    poster: async (owner: FakePerson): Promise<string> => (await corner.posters(owner))[0]!,
  };
  return corner;
}

describe('顾客', () => {
  it('gives the owner links for each place, and their QR codes, which lead where the links do', async () => {
    const corner = await openHarness();
    const owner = await corner.owner();
    const said = await corner.presses(owner, '位置和二维码', '全部二维码');
    expect(said).toHaveLength(2);
    for (const [n, link] of ['https://t.me/', 'https://work.weixin.qq.com/kf/'].entries()) {
      expect(said[n]!.text).toContain(`「${STORE}」· 本店`);
      const [code] = await scan(corner.telegram.files.get(said[n]!.file!)!);
      expect(code!.text.startsWith(link)).toBe(true);
      expect(said[n]!.text.endsWith(code!.text)).toBe(true);
    }
    expect(corner.faults).toEqual([]);
  });

  it('gives ten at most', async () => {
    const corner = await openHarness();
    for (let n = 2; n <= 12; n += 1) corner.wecom.account(`wk${n}`, `${n} 号`);
    const said = await corner.presses(await corner.owner(), '位置和二维码', '全部二维码');
    expect(said.filter(({ file }) => file !== undefined)).toHaveLength(10);
    expect(said.at(-1)!.text).toContain('一次最多发 10 个');
  });

  it('is the owner’s, in a chat that is bound', async () => {
    const corner = await openHarness();
    const li = corner.telegram.person('小李');
    expect((await corner.ask(li, '/customers'))[0]!.text).toContain('还没有绑定门店');
    const owner = await corner.owner();
    const group = corner.telegram.group('前台群', { admins: [owner], members: [li] });
    await corner.ask(owner, '/bind', { in: group });
    owner.presses(await group.shows('美团 · umember ow'), '美团 · umember ow***@example.com');
    await group.shows('谁可以核销');
    expect((await corner.ask(li, '/customers', { in: group }))[0]!.text).toContain('只有店主');
    // Said to each other it is small talk.
    expect(await corner.ask(owner, '顾客', { in: group })).toEqual([]);
    expect(await corner.ask(li, '顾客 来了', { in: group })).toEqual([]);
    const [screen] = await corner.ask(owner, '/customers', { in: group });
    expect(screen!.text).toContain('自助核销：未开通');
    li.presses(screen!, '开通自助核销');
    await corner.telegram.acknowledged();
    await corner.answered();
    expect((await corner.ask(owner, '/customers', { in: group }))[0]!.text).toContain('自助核销：未开通');
  });

  it('leaves 微信客服 out where it is not open to the app, or WeCom cannot be asked', async () => {
    const corner = await openHarness();
    const owner = await corner.owner();
    for (const code of [48002, 60020]) {
      corner.wecom.fail('/kf/account/list', { kind: 'code', code });
      expect(await corner.posters(owner)).toEqual([]);
    }
  });

  it('adds, renames, describes and removes places by buttons and short answers; removing asks first', async () => {
    const corner = await openHarness();
    const owner = await corner.owner();
    const answers = async (button: string, ...texts: readonly string[]) => {
      await corner.presses(owner, ...button.split(' > '));
      const said = [];
      for (const text of texts) said.push((await corner.ask(owner, text)).at(-1)!.text);
      return said.at(-1);
    };
    expect(await answers('位置和二维码 > 添加位置', '3 号桌')).toContain('3 号桌');
    expect(await answers('位置和二维码 > 添加位置', '长'.repeat(21), ' 大  包 ')).toContain('· 大 包');
    expect(await answers('位置和二维码 > 大 包 > 改名', '小包')).toContain('· 小包');
    expect(await answers('位置和二维码 > 小包 > 顾客说明', '字'.repeat(301), '灯在门边')).toContain('灯在门边');
    expect(await answers('开放时间 > 改一周时间', '随便', '周一至周五 10:00-22:00；周末 休息')).toContain('周六至周日 不开放');
    expect(await answers('开放时间 > 改某一天', '1月1日 全天')).toContain('01-01 全天');
    expect(await answers('位置和二维码 > 添加位置', '/cancel')).toContain('已退出');
    // A command is no answer, and a code is none either where a name is asked for.
    expect(await answers('位置和二维码 > 添加位置', '/status')).toContain(STORE);
    await corner.presses(owner, '位置和二维码', '小包', '移除');
    const left = (await corner.presses(owner, '位置和二维码', '小包', '移除', '确定移除')).map(({ text }) => text).join('\n');
    expect(left).toContain('已移除“小包”');
    expect(left).toContain('（1 个）');
    expect(corner.faults).toEqual([]);
  });
});

describe('a customer who scans the poster', () => {
  it('is told that staff verify as long as self-service is off, and nothing is looked up', async () => {
    const corner = await openHarness();
    const poster = await corner.poster(await corner.owner());
    const lin = corner.wecom.customer('林小姐');
    const [greeting] = await corner.after(lin, () => lin.scans(poster));
    expect(greeting).toMatchObject({ greeting: true });
    expect(greeting!.text).toContain(`「${STORE}」暂未开通自助核销`);
    const code = corner.umember.books.coupon();
    for (const did of [() => lin.says(code), () => lin.says('日报'), () => lin.says('员工')]) {
      const [said, ...more] = await corner.after(lin, did);
      expect(more).toEqual([]);
      expect(said!.text).toContain('暂未开通自助核销');
      expect(said!.text).not.toContain('绑定');
    }
    expect(corner.umember.books.used(code)).toEqual([]);
    expect(corner.umember.calls('detail')).toBe(0);
    expect(corner.faults).toEqual([]);
  });

  it('verifies by himself once it is on: a code, a menu, 核销成功 with the instructions, one use however often he clicks', async () => {
    const corner = await openHarness();
    const owner = await corner.owner();
    await corner.presses(owner, '开通自助核销');
    await corner.presses(owner, '位置和二维码', '本店', '顾客说明');
    await corner.ask(owner, '灯在门边');
    const poster = await corner.poster(owner);
    const lin = corner.wecom.customer('林小姐');
    const [greeting] = await corner.after(lin, () => lin.scans(poster));
    expect(greeting!.text).toContain(`「${STORE}」· 本店`);
    const code = corner.umember.books.coupon();
    const [card] = await corner.after(lin, () => lin.says(code));
    expect(card!.text).toContain('位置：本店');
    const [done] = await corner.after(lin, () => lin.clicks('确认核销'));
    expect(done!.text).toContain('核销成功');
    expect(done!.text).toContain('灯在门边');
    expect(done!.text).not.toContain('核销人');
    await corner.after(lin, () => lin.clicks('确认核销'));
    expect(corner.umember.books.used(code)).toHaveLength(1);
    // Another shop's customer cannot click his menu, and a replaced code leads nowhere.
    await corner.presses(owner, '位置和二维码', '本店', '换新二维码', '确定换新');
    const late = corner.wecom.customer('迟到的人');
    expect((await corner.after(late, () => late.scans(poster)))[0]!.text).toContain('已经失效');
    expect(corner.faults).toEqual([]);
  });

  it('and whose code fits a rule reads 核销成功 at once; a lost answer comes by itself, and the owner is told of each', async () => {
    const corner = await openHarness();
    const owner = await corner.owner();
    await corner.presses(owner, '开通自助核销');
    const poster = await corner.poster(owner);
    await corner.presses(owner, '自动核销', '新建规则', '谁', '所有位置的顾客');
    await corner.presses(owner, '自动核销', '自动核销 1', '试算', '开启');
    const lin = corner.wecom.customer('林小姐');
    await corner.after(lin, () => lin.scans(poster));
    const code = corner.umember.books.coupon();
    const answers = await corner.after(lin, () => lin.says(code));
    expect(answers).toHaveLength(1);
    expect(answers[0]!.text).toContain('核销成功');
    expect(answers[0]!.text).not.toContain('自动核销 1');
    expect(answers[0]!.items).toEqual([]);
    // Words beside a code are for the customer to confirm.
    const [card] = await corner.after(lin, () => lin.says(`${corner.umember.books.coupon()} 可以吗`));
    expect(card!.items.map(({ label }) => label)).toContain('确认核销');
    corner.umember.fail('verify', { kind: 'reset', applied: true });
    const lost = corner.umember.books.coupon();
    expect((await corner.after(lin, () => lin.says(lost))).at(-1)!.text).toContain('结果待确认');
    corner.later(1000);
    await corner.after(lin, () => undefined);
    await corner.tick();
    const said = await corner.after(lin, () => undefined);
    expect([...lin.messages, ...said].findLast(({ byBot }) => byBot)!.text).toContain('核销成功');
    await corner.tick('outbox');
    const told = owner.chat.written.filter(({ text }) => text.includes('核销成功') && text.includes('自动核销 1'));
    expect(told.map(({ text }) => [code, lost].find((one) => text.includes(one)))).toEqual([code, lost]);
    for (const one of [code, lost]) expect(corner.umember.books.used(one)).toHaveLength(1);
    expect(corner.faults).toEqual([]);
  });

  it('and is invited staff sends his eight digits and verifies', async () => {
    const corner = await openHarness();
    const owner = await corner.owner();
    const poster = await corner.poster(owner);
    const [list] = await corner.ask(owner, '/staff');
    owner.presses(list!, '邀请员工');
    owner.presses(await owner.chat.shows(/把这个链接发给他/), '改用数字（打不开链接时）');
    const word = /\b\d{8}\b/.exec((await owner.chat.shows(/\b\d{8}\b/)).text)![0];
    const li = corner.wecom.customer('小李');
    await corner.after(li, () => li.scans(poster));
    expect((await corner.after(li, () => li.says(word)))[0]!.text).toContain('的员工');
    const code = corner.umember.books.coupon();
    expect((await corner.after(li, () => li.says(code)))[0]!.text).toContain('未使用');
    await corner.after(li, () => li.clicks('确认核销'));
    expect(corner.umember.books.used(code)).toHaveLength(1);
    // His name is the one WeChat knows him by.
    expect((await corner.ask(owner, '/staff'))[0]!.text).toContain('小李');
    expect((await corner.ask(owner, '/history'))[0]!.text).toContain('小李');
    expect((await corner.ask(owner, '/summary'))[0]!.text).toContain('· 小李 × 1');
  });

  it('of a store that is no more is sent to the staff, as anybody', async () => {
    const corner = await openHarness();
    const lin = corner.wecom.customer('林小姐');
    expect((await corner.after(lin, () => lin.enters('gone')))[0]!.text).toContain('出示给店员');
  });

  it('may own a store of his own all the same', async () => {
    const corner = await openHarness();
    const poster = await corner.poster(await corner.owner());
    const chen = corner.wecom.customer('陈老板');
    await corner.after(chen, () => chen.scans(poster));
    expect((await corner.after(chen, () => chen.says('绑定')))[0]!.text).toContain('选择平台');
  });
});
