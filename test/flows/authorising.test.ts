/** Whose shop is it: the pages around a platform's authorisation, by whom they can be used, and taking it back. */
import { describe, expect, it } from 'vitest';
import { FakeBrowser } from '../doubles/devices/browser.ts';
import type { FakeChat, FakeMessage, FakePerson } from '../doubles/telegram.ts';
import { HOUR, labels, linkIn, openHarness, texts, type Harness } from './harness.ts';

const open = () => openHarness({ gateways: true });
const SHOP = '访庭空间（万达1号店）';

/** Somebody asks for a link, in his private chat unless told. */
async function link(bot: Harness, person: FakePerson, platform = '大众点评', chat: FakeChat = person.chat): Promise<FakeMessage> {
  const saying = chat === person.chat ? {} : { in: chat };
  let [asked] = await bot.ask(person, '/bind', saying);
  if (labels(asked!).includes('使用新账号')) {
    await bot.press(person, asked!, '使用新账号');
    asked = chat.messages.at(-1);
  }
  await bot.press(person, asked!, platform);
  return chat.messages.at(-1)!;
}

const bound = (bot: Harness) => bot.database.db.selectFrom('chat').select('id').where('store_id', 'is not', null).execute();
const owners = (bot: Harness) => bot.database.db.selectFrom('owner').select('person').execute();

describe('the page before the platform’s', () => {
  it.each(['大众点评', '美团服务零售'])(
    'names who asks, from which account and chat, and for which platform: %s',
    async (platform) => {
      const bot = await open();
      const wang = bot.telegram.person('王老板');
      const browser = new FakeBrowser();
      await browser.opens(linkIn(await link(bot, wang, platform)));
      expect(browser.status).toBe(200);
      expect(browser.text).toContain(`「王老板」在私聊里请求绑定你在${platform}的门店`);
      expect(browser.text).toContain('会成为店主');
      expect(browser.text).toContain(wang.ref);
      expect(browser.button).toBe(`知道了，去${platform}授权`);
    },
  );

  it('needs no script, keeps a cookie that nobody else can read or send, and lets its form lead on to the platform', async () => {
    const bot = await open();
    const browser = new FakeBrowser();
    await browser.opens(linkIn(await link(bot, bot.telegram.person('王老板'))));
    expect(browser.html).not.toMatch(/<script|style=|javascript:/i);
    const policy = browser.headers.get('content-security-policy')!;
    expect(policy).toContain("default-src 'none'");
    // Redirects of the platform's count as the form's own way.
    expect(policy).not.toContain('form-action');
    expect(browser.headers.get('referrer-policy')).toBe('no-referrer');
    expect(browser.baked).toEqual([
      expect.stringMatching(/^hexiao_oauth=\w{32}; Max-Age=7200; Path=\/oauth; HttpOnly; SameSite=Lax$/),
    ]);
    await browser.opens(`${bot.publicUrl}/oauth/style.css`);
    expect(browser.status).toBe(200);
  });

  it('speaks English to an English browser, and shows a name as nothing but a name', async () => {
    const bot = await open();
    const browser = new FakeBrowser({ language: 'en-GB,en;q=0.9,zh;q=0.5' });
    await browser.opens(linkIn(await link(bot, bot.telegram.person('<b onload=x>&Boss'))));
    expect(browser.text).toContain('“<b onload=x>&Boss” asks, in a private chat, to bind your store on Dianping');
    expect(browser.html).not.toContain('<b onload');
    expect(browser.html).toContain('<html lang="en">');
  });

  it('changes nothing by being looked at, by whomever and however often', async () => {
    const bot = await open();
    const wang = bot.telegram.person('王老板');
    const message = await link(bot, wang);
    for (let n = 0; n < 3; n += 1) await new FakeBrowser().opens(linkIn(message));
    expect(await bot.authorises(message)).toContain('已收到授权');
    expect(texts(wang.chat).at(-1)).toContain(`已绑定「${SHOP}」`);
  });
});

it.each([
  ['a word nobody gave', `/oauth/dianping/${'c'.repeat(32)}`, 400],
  ['a platform that is bound by a password', `/oauth/umember/${'c'.repeat(32)}`, 404],
  ['a word of another shape', '/oauth/dianping/abc', 404],
  ['a grant nobody gave', `/oauth/dianping/done/${'c'.repeat(32)}`, 400],
])('%s leads nowhere', async (_, path, status) => {
  const bot = await open();
  expect((await fetch(`${bot.publicUrl}${path}`)).status).toBe(status);
  expect((await fetch(`${bot.publicUrl}${path}`, { method: 'POST' })).status).not.toBe(200);
});

describe('a stranger’s link in a real owner’s hands', () => {
  it('says whose chat it is; closed, nothing happens', async () => {
    const bot = await open();
    const thief = bot.telegram.person('路人');
    const message = await link(bot, thief);
    const victim = new FakeBrowser();
    await victim.opens(linkIn(message));
    expect(victim.text).toContain('「路人」');
    expect(victim.text).toContain(thief.ref);
    expect(victim.text).toContain('请直接关闭本页');
    expect(await bound(bot)).toEqual([]);
    expect(await owners(bot)).toEqual([]);
  });

  it('led past our page to the platform’s, his yes binds nothing, and he is told', async () => {
    const bot = await open();
    const thief = bot.telegram.person('路人');
    const own = new FakeBrowser();
    await own.opens(linkIn(await link(bot, thief)));
    await own.presses({ stays: true });
    const victim = new FakeBrowser();
    await victim.opens(own.ledTo!);
    await bot.quiet();
    expect(victim.status).toBe(403);
    expect(victim.text).toContain('没有绑定任何门店');
    expect(victim.text).toContain('如果链接是别人发给你的，请不要继续');
    expect(await bound(bot)).toEqual([]);
    expect(await owners(bot)).toEqual([]);
    expect(bot.gateways.meituan.calls('token')).toBe(0);
  });

  it('nor where another site presses the button for him', async () => {
    const bot = await open();
    const victim = new FakeBrowser();
    const address = linkIn(await link(bot, bot.telegram.person('路人')));
    await victim.opens(address);
    await victim.presses({ site: 'cross-site' });
    expect(victim.status).toBe(403);
    // Old browsers neither say where a form came from nor keep their cookies to themselves.
    const cookie = victim.baked[0]!.split(';')[0]!;
    for (const body of ['', 'proof=', `proof=${'a'.repeat(43)}`]) {
      const headers = { cookie, 'content-type': 'application/x-www-form-urlencoded' };
      expect((await fetch(address, { method: 'POST', headers, body, redirect: 'manual' })).status).toBe(403);
    }
    expect((await fetch(address, { method: 'POST', redirect: 'manual' })).status).toBe(403);
    for (const type of ['multipart/form-data', 'multipart/form-data; boundary=x', 'application/json', 'text/plain']) {
      const headers = { cookie, 'content-type': type };
      expect((await fetch(address, { method: 'POST', headers, body: 'garbage', redirect: 'manual' })).status).toBe(403);
    }
    expect(bot.faults).toEqual([]);
  });
});

describe('a group', () => {
  async function group(bot: Harness) {
    const wang = bot.telegram.person('王老板');
    const chat = bot.telegram.group('前台群', { admins: [wang] });
    wang.says('/start');
    await bot.quiet();
    const said = await link(bot, wang, '大众点评', chat);
    await bot.tick();
    return { wang, chat, said, told: wang.chat.messages.at(-1)! };
  }

  it('never sees the link: its administrator gets it in private, and the group is bound from there', async () => {
    const bot = await open();
    const { chat, said, told } = await group(bot);
    expect(said.text).toContain('已私聊发给你，不发在群里');
    expect(texts(chat).join()).not.toContain('http');
    expect(told.text).toContain('绑定群「前台群」');
    const browser = new FakeBrowser();
    await browser.opens(linkIn(told));
    expect(browser.text).toContain('「王老板」在群「前台群」里请求');
    expect(await bot.authorises(told, browser)).toContain(`「王老板」现在可以在群「前台群」里为「${SHOP}」核销`);
    expect(texts(chat).join()).toContain(`已绑定「${SHOP}」`);
  });

  it('cannot be bound to another’s shop with a state that was copied', async () => {
    const bot = await open();
    const { chat, told } = await group(bot);
    const owner = new FakeBrowser();
    await owner.opens(linkIn(told));
    await owner.presses({ stays: true });
    // A member saw the address over a shoulder and authorises his own account with it.
    const member = new FakeBrowser();
    await member.opens(owner.ledTo!);
    await bot.quiet();
    expect(member.status).toBe(403);
    expect(texts(chat).join()).not.toContain('已绑定');
    // The owner's own way is still open.
    await owner.opens(owner.ledTo!);
    await bot.quiet();
    expect(texts(chat).join()).toContain('已绑定');
  });

  it('whose administrator has no private chat with the bot is told how to go on', async () => {
    const bot = await open();
    const wang = bot.telegram.person('王老板');
    const chat = bot.telegram.group('前台群', { admins: [wang] });
    const said = await link(bot, wang, '大众点评', chat);
    await bot.tick();
    expect(said.text).toContain('请先私聊我发送“开始”');
    expect(bot.faults).toEqual([]);
  });
});

describe('taking back', () => {
  /** A merchant who was talked into agreeing, and the page he ends on. */
  async function granted(bot: Harness): Promise<{ thief: FakePerson; browser: FakeBrowser }> {
    const thief = bot.telegram.person('路人');
    const browser = new FakeBrowser();
    await bot.authorises(await link(bot, thief), browser);
    return { thief, browser };
  }

  it('is offered on the last page, which says who can verify where for which store; it unbinds and ends the ownership', async () => {
    const bot = await open();
    const { thief, browser } = await granted(bot);
    expect(browser.text).toContain(`「路人」现在可以在私聊里为「${SHOP}」核销`);
    expect(browser.text).toContain(thief.ref);
    expect(browser.address.href).not.toContain('auth_code');
    const [code = ''] = bot.gateways.meituan.books.order(1);
    const card = await bot.card(thief, code);
    await browser.presses();
    expect(browser.text).toContain('已收回');
    expect(browser.button).toBeUndefined();
    expect(await bot.press(thief, card, '确认核销')).toContain('没有核销权限');
    expect(bot.gateways.meituan.books.used(code)).toEqual([]);
    await bot.tick();
    expect(texts(thief.chat).at(-1)).toContain('本聊天已与门店解绑');
    expect((await bot.ask(thief, code))[0]!.text).toContain('还没有绑定');
    expect(await owners(bot)).toEqual([]);
    expect(bot.faults).toEqual([]);
  });

  it('is told to the owners there were, who heard of the new one before', async () => {
    const bot = await open();
    const wang = bot.telegram.person('王老板');
    await bot.authorises(await link(bot, wang));
    const { thief, browser } = await granted(bot);
    await bot.tick();
    const told = await wang.chat.shows('成为店主');
    expect(told.text).toContain('路人 在私聊里用大众点评的商家账号完成了绑定');
    expect(labels(told)).toEqual(['移除 路人']);
    await browser.presses();
    await bot.tick();
    expect(texts(wang.chat).at(-1)).toContain('路人 通过大众点评得到的授权，已被授权的人收回');
    expect(await owners(bot)).toEqual([{ person: wang.ref }]);
    const [code = ''] = bot.gateways.meituan.books.order(1);
    expect((await bot.card(wang, code)).text).toContain('未使用');
    expect((await bot.ask(thief, '/status'))[0]!.text).toContain('还没有绑定');
  });

  it('by whoever agreed alone, once, and within the hour', async () => {
    const bot = await open();
    const { thief, browser } = await granted(bot);
    const other = new FakeBrowser();
    await other.opens(browser.address);
    expect(other.status).toBe(400);
    expect(other.text).not.toContain('路人');
    await other.opens(linkIn(await link(bot, bot.telegram.person('别人'))));
    const forged = new URLSearchParams({ proof: /value="([^"]+)"/.exec(browser.html)![1]! });
    const cookie = other.baked[0]!.split(';')[0]!;
    expect((await fetch(browser.address, { method: 'POST', headers: { cookie }, body: forged })).status).toBe(403);
    bot.later(HOUR + 1);
    await browser.presses();
    expect(browser.status).toBe(403);
    const [code = ''] = bot.gateways.meituan.books.order(1);
    expect((await bot.card(thief, code)).text).toContain('未使用');
  });

  it('before a store was chosen, the list in the chat leads nowhere any more', async () => {
    const bot = await open();
    bot.gateways.meituan.books.shop();
    const { thief, browser } = await granted(bot);
    expect(browser.text).toContain('「路人」现在是你大众点评账号的店主，正在私聊里选择门店');
    const stores = thief.chat.messages.at(-1)!;
    await browser.presses();
    await bot.press(thief, stores, SHOP);
    expect(texts(thief.chat).at(-1)).toContain('只有店主');
    expect(await bound(bot)).toEqual([]);
  });

  it('takes the account off a store of his own that it was added to', async () => {
    const bot = await open();
    const thief = await bot.owner('路人');
    const browser = new FakeBrowser();
    await bot.authorises(await link(bot, thief), browser);
    await bot.press(thief, thief.chat.messages.at(-1)!, '同一家（两个平台的券都能核销）');
    await browser.reloads();
    expect(browser.text).toContain(`为「${SHOP}」核销`);
    await browser.presses();
    const [code = ''] = bot.gateways.meituan.books.order(1);
    expect((await bot.ask(thief, code))[0]!.text).toContain('券码不存在');
    expect((await bot.card(thief)).text).toContain('大声發');
  });

  it('of an owner who authorised anew unbinds that chat; he stays the owner he was', async () => {
    const bot = await open();
    const wang = bot.telegram.person('王老板');
    await bot.authorises(await link(bot, wang));
    const browser = new FakeBrowser();
    await bot.authorises(await link(bot, wang), browser);
    await browser.presses();
    expect(browser.text).toContain('已收回');
    expect((await bot.ask(wang, '/status'))[0]!.text).toContain('还没有绑定');
    expect(await owners(bot)).toEqual([{ person: wang.ref }]);
  });

  it('there is nothing to take back where the platform did not accept it', async () => {
    const bot = await open();
    bot.gateways.meituan.fail('token', { kind: 'no', words: 'auth_code已过期' });
    const { browser } = await granted(bot);
    expect(browser.text).toContain('没有绑定任何门店');
    expect(browser.button).toBeUndefined();
  });
});
