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
    /** The link on the poster that an owner is given. */
    async poster(owner: FakePerson): Promise<string> {
      const [, picture] = await corner.ask(owner, '/customers');
      const [code] = await scan(telegram.files.get(picture!.file!)!);
      return code!.text;
    },
  };
  return corner;
}

describe('顾客', () => {
  it('gives the owner a link for his store and its QR code, which leads where the link does', async () => {
    const corner = await openHarness();
    const owner = await corner.owner();
    const said = await corner.ask(owner, '顾客');
    expect(said).toHaveLength(2);
    expect(said[0]!.text).toContain(`「${STORE}」的顾客入口`);
    expect(said[1]!.text).toContain('客服账号「大声發」\nhttps://work.weixin.qq.com/kf/');
    const [code] = await scan(corner.telegram.files.get(said[1]!.file!)!);
    expect(said[1]!.text).toContain(code!.text);
    expect(said[1]!.text.endsWith(code!.text)).toBe(true);
    expect(corner.faults).toEqual([]);
  });

  it('gives one for each account, five at most', async () => {
    const corner = await openHarness();
    for (let n = 2; n <= 7; n += 1) corner.wecom.account(`wk${n}`, `${n} 号`);
    const said = await corner.ask(await corner.owner(), '/customers');
    expect(said.filter(({ file }) => file !== undefined)).toHaveLength(5);
    expect(said.at(-1)!.text).toContain('只列出前 5 个');
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
    expect(await corner.ask(owner, '/customers', { in: group })).toHaveLength(2);
  });

  it('says what to set up where no channel has such links', async () => {
    const corner = await openHarness({ kf: false });
    const [said] = await corner.ask(await corner.owner(), '顾客');
    expect(said!.text).toContain('要先接入微信客服');
    expect(said!.text).toContain('npm run doctor');
  });

  it('says so where 微信客服 is not open to the app, and where WeCom cannot be asked', async () => {
    const corner = await openHarness();
    const owner = await corner.owner();
    corner.wecom.fail('/kf/account/list', { kind: 'code', code: 48002 });
    expect((await corner.ask(owner, '顾客'))[0]!.text).toContain('要先接入微信客服');
    corner.wecom.fail('/kf/account/list', { kind: 'code', code: 60020 });
    expect((await corner.ask(owner, '顾客'))[0]!.text).toContain('暂时取不到');
    corner.wecom.forget('wkdesk');
    expect((await corner.ask(owner, '顾客'))[0]!.text).toContain('要先接入微信客服');
  });
});

describe('a customer who scans the poster', () => {
  it('is greeted with the store’s name and what to do', async () => {
    const corner = await openHarness();
    const poster = await corner.poster(await corner.owner());
    const lin = corner.wecom.customer('林小姐');
    const [greeting] = await corner.after(lin, () => lin.scans(poster));
    expect(greeting).toMatchObject({ greeting: true });
    expect(greeting!.text).toContain(`这里是「${STORE}」`);
    expect(greeting!.text).toContain('出示给店员');
  });

  it('is told the truth whatever he sends, by the store’s name, and nothing is verified', async () => {
    const corner = await openHarness();
    const poster = await corner.poster(await corner.owner());
    const lin = corner.wecom.customer('林小姐');
    await corner.after(lin, () => lin.scans(poster));
    const code = corner.umember.books.coupon();
    for (const did of [
      () => lin.says(code),
      () => lin.says('你好'),
      () => lin.says('日报'),
      () => lin.says('员工'),
      () => lin.sends('image'),
      () => lin.sends('voice'),
    ]) {
      const [said, ...more] = await corner.after(lin, did);
      expect(more).toEqual([]);
      expect(said!.text).toContain(`「${STORE}」的券由店员核销`);
      expect(said!.text).not.toContain('绑定');
    }
    const [help] = await corner.after(lin, () => lin.says('帮助'));
    expect(help!.text).toContain(`这里是「${STORE}」`);
    expect(help!.text).not.toContain('/staff');
    expect(corner.umember.books.used(code)).toEqual([]);
    expect(corner.umember.calls('detail')).toBe(0);
    expect(corner.faults).toEqual([]);
  });

  it('and is invited staff sends his six digits and verifies', async () => {
    const corner = await openHarness();
    const owner = await corner.owner();
    const poster = await corner.poster(owner);
    const [list] = await corner.ask(owner, '/staff');
    owner.presses(list!, '邀请员工');
    const word = /\b\d{6}\b/.exec((await owner.chat.shows(/\b\d{6}\b/)).text)![0];
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

  it('of a store that is no more is greeted as anybody', async () => {
    const corner = await openHarness();
    const lin = corner.wecom.customer('林小姐');
    expect((await corner.after(lin, () => lin.enters('gone')))[0]!.text).toContain('我是核销助手');
  });

  it('may own a store of his own all the same', async () => {
    const corner = await openHarness();
    const poster = await corner.poster(await corner.owner());
    const chen = corner.wecom.customer('陈老板');
    await corner.after(chen, () => chen.scans(poster));
    expect((await corner.after(chen, () => chen.says('绑定')))[0]!.text).toContain('选择平台');
  });
});
