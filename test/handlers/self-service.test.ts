/** Who may do what where customers verify by themselves: every role, every action, at press time. */
import { expect, it, vi } from 'vitest';
import type { Person } from '../../handlers/message.ts';
import { createPlaceLinks } from '../../handlers/self-service/place-links.ts';
import { LOCALES, words } from '../../locales/index.ts';
import { buttonsOf, GUEST, LI, openHandlers, textOf, WANG, type Harness } from './harness.ts';

const STRANGER: Person = { id: 'telegram:4', name: '路人' };
/** Codes of the practice store that can be used. */
let last = 0;
const fresh = (): string => `1000${String(420_616 + (last += 1))}`;

const PEOPLE = { owner: WANG, staff: LI, customer: GUEST, stranger: STRANGER } as const;
type Name = keyof typeof PEOPLE;

/** A card that a person was shown for a code of his own. */
async function cardOf(bot: Harness, person: Person): Promise<string> {
  const use = (await bot.ask(person, fresh())).flatMap(buttonsOf).find(({ verb }) => verb === 'use');
  if (!use) throw new Error('no card');
  return use.id;
}

/** What a person says or presses, and what it takes to have been allowed. */
const ACTIONS: Readonly<Record<string, (bot: Harness, person: Person) => Promise<boolean>>> = {
  'looks a code up': async (bot, person) => textOf(await bot.ask(person, fresh())).includes('未使用'),
  'confirms his own card': async (bot, person) => {
    const [use] = (await bot.ask(person, fresh())).flatMap(buttonsOf).filter(({ verb }) => verb === 'use');
    return use !== undefined && textOf(await bot.press(person, 'use', use.id)).includes('核销成功');
  },
  'cancels his own card': async (bot, person) => {
    const [drop] = (await bot.ask(person, fresh())).flatMap(buttonsOf).filter(({ verb }) => verb === 'drop');
    return drop !== undefined && textOf(await bot.press(person, 'drop', drop.id)).includes('已取消');
  },
  'confirms another’s card': async (bot, person) =>
    textOf(await bot.press(person, 'use', await cardOf(bot, person === WANG ? LI : WANG))).includes('核销成功'),
  'confirms a customer’s card': async (bot, person) =>
    person !== GUEST && textOf(await bot.press(person, 'use', await cardOf(bot, GUEST))).includes('核销成功'),
  'undoes what he verified': async (bot, person) => {
    const code = fresh();
    const [use] = (await bot.ask(person, code)).flatMap(buttonsOf).filter(({ verb }) => verb === 'use');
    if (!use) return false;
    await bot.press(person, 'use', use.id);
    return textOf(await bot.press(person, 'undo-yes', use.id.slice(0, -2))).includes('已撤销');
  },
  'undoes what a customer verified': async (bot, person) => {
    const id = await cardOf(bot, GUEST);
    await bot.press(GUEST, 'use', id);
    return textOf(await bot.press(person, 'undo-yes', id.slice(0, -2))).includes('已撤销');
  },
  'reads the records': async (bot, person) => textOf(await bot.ask(person, '记录')).includes('核销记录'),
  'reads the summary': async (bot, person) => textOf(await bot.ask(person, '日报')).includes('日报'),
  'opens 顾客': async (bot, person) => textOf(await bot.ask(person, '/customers')).includes('自助核销：已开通'),
  'stops self-service': async (bot, person) => {
    const stop = (await bot.ask(WANG, '/customers')).flatMap(buttonsOf).find(({ verb }) => verb === 'self-off')!;
    const stopped = textOf(await bot.press(person, 'self-stop', stop.id)).includes('已停止自助核销');
    if (stopped) await bot.press(WANG, 'self-on', stop.id);
    return stopped;
  },
  'is given a place’s QR code': async (bot, person) => {
    const codes = (await bot.ask(WANG, '/customers')).flatMap(buttonsOf).find(({ verb }) => verb === 'self-places')!;
    return (await bot.press(person, 'self-codes', codes.id)).some(({ kind }) => kind === 'picture');
  },
};

const MAY: Readonly<Record<keyof typeof ACTIONS, readonly Name[]>> = {
  'looks a code up': ['owner', 'staff', 'customer'],
  'confirms his own card': ['owner', 'staff', 'customer'],
  'cancels his own card': ['owner', 'staff', 'customer'],
  'confirms another’s card': ['owner', 'staff'],
  'confirms a customer’s card': ['owner', 'staff'],
  'undoes what he verified': ['owner', 'staff'],
  'undoes what a customer verified': ['owner'],
  'reads the records': ['owner', 'staff'],
  'reads the summary': ['owner', 'staff'],
  'opens 顾客': ['owner'],
  'stops self-service': ['owner'],
  'is given a place’s QR code': ['owner'],
};

it('each role does what it may, and nothing else', async () => {
  const bot = await openHandlers();
  await bot.bind();
  await bot.invite();
  await bot.pressed(WANG, await bot.ask(WANG, '/customers'), '开通自助核销');
  await bot.pressed(WANG, await bot.pressed(WANG, await bot.ask(WANG, '/customers'), '次数上限'), '每人 不限');
  const codes = textOf(
    await bot.pressed(WANG, await bot.pressed(WANG, await bot.ask(WANG, '/customers'), '位置和二维码'), '全部二维码'),
  );
  await bot.ask(GUEST, `/start ${/start=(s_[\w-]{22})/.exec(codes)![1]!}`);
  const done: Record<string, string[]> = {};
  for (const [action, act] of Object.entries(ACTIONS)) {
    done[action] = [];
    for (const [name, person] of Object.entries(PEOPLE)) {
      // Nobody without a role may say more than twenty things a minute.
      vi.setSystemTime(Date.now() + 60_000);
      if (await act(bot, person)) done[action].push(name);
    }
  }
  expect(done).toEqual(MAY);
  expect(bot.faults).toEqual([]);
});

it('an owner reads no command line where customers have no way in', async () => {
  const places = { token: () => Promise.resolve('t'.repeat(22)) };
  const links = createPlaceLinks({ places, customerLinks: () => Promise.resolve([]) });
  const none = await links({ id: 'p', storeId: 's', name: '本店', instructions: '', tokenMac: '' });
  expect(none).toBe('customers-none');
  for (const locale of LOCALES) expect(words(locale).say('customers-none')).not.toMatch(/npm|doctor|README/);
});

const shownTo = async (bot: Harness, person: Person) => (await bot.ask(person, '顾客')).flatMap(buttonsOf);

it('is one card of WeCom, and stops everywhere where it is on at more than one store', async () => {
  const bot = await openHandlers();
  await bot.bind();
  const off = await shownTo(bot, WANG);
  expect(off.map(({ label }) => label)).toEqual(['开通自助核销', '位置和二维码', '开放时间', '次数上限', '自动核销', '今天']);
  await bot.pressed(WANG, await bot.ask(WANG, '顾客'), '开通自助核销');
  expect((await shownTo(bot, WANG)).map(({ verb }) => verb)).not.toContain('self-stop');
  await bot.pressed(WANG, await bot.ask(WANG, '/store'), '练习棋牌室（大学城店）');
  await bot.pressed(WANG, await bot.ask(WANG, '顾客'), '开通自助核销');
  const stopped = textOf(await bot.pressed(WANG, await bot.ask(WANG, '顾客'), '全部停止'));
  expect(stopped).toContain('练习棋牌室（人民路店）');
  expect(stopped).toContain('练习棋牌室（大学城店）');
  expect((await shownTo(bot, WANG)).map(({ label }) => label)).toContain('开通自助核销');
});
