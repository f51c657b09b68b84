/** A rule for a place's customers in Chromium: a phone at the door sends a code, and the lamp goes on without a press. */
import { afterEach, expect, test, vi } from 'vitest';
import { startMerchantSystem, type MerchantSystem } from '../doubles/merchant-system.ts';
import { labels } from './harness.ts';
import { confirm, send, settled, shoot, usePhones } from './phones.ts';
import { openRuledShop } from './place-harness.ts';

vi.setConfig({ testTimeout: 90_000, hookTimeout: 60_000 });

/** A coupon of the practice store. */
const CODE = '1000123456';

const { open, tabIn } = usePhones();
const systems: MerchantSystem[] = [];
afterEach(async () => {
  for (const system of systems.splice(0)) await system.close();
});

test.each([
  ['zh-CN', 'light', '3 号桌已开灯'],
  ['en', 'dark', 'The light at table 3 is on'],
] as const)('one code, no press, the lamp, and the owner’s announcement (%s, %s)', async (locale, colorScheme, lamp) => {
  const { bot, owner, link } = await openRuledShop('所有位置的顾客', { practised: true });
  const system = await startMerchantSystem();
  systems.push(system);
  await bot.ask(owner, `回调 ${system.url}`);
  system.next.push({ status: 200, body: JSON.stringify({ message: lamp }) });
  const tab = await tabIn(await open({ locale, colorScheme }), await link());
  await send(tab, CODE);
  await settled(tab).waitFor();
  await vi.waitFor(async () => {
    await bot.tick('outbox');
    expect(await settled(tab).innerText()).toContain(lamp);
  }, 20_000);
  expect(await tab.getByRole('article').count()).toBe(1);
  expect(await confirm(tab).count()).toBe(0);
  expect(await tab.getByRole('button', { name: /撤销|Undo/ }).count()).toBe(0);
  await shoot(tab, `9-by-rule-${locale}-${colorScheme}`);
  const rows = async () => await bot.database.db.selectFrom('verification').select(['by_kind', 'state']).execute();
  expect(await rows()).toEqual([{ by_kind: 'rule', state: 'verified' }]);
  const told = owner.chat.messages.find(({ text }) => text.includes('自动核销 1') && text.includes(CODE));
  expect(labels(told!).some((label) => label.includes('撤销'))).toBe(true);
  // A pasted link is a card, and waits.
  await send(tab, 'https://i.meituan.com/coupon?couponCode=1000420616');
  await confirm(tab).waitFor();
  expect(await rows()).toHaveLength(1);
  await shoot(tab, `9-linked-${locale}-${colorScheme}`);
  expect(bot.faults).toEqual([]);
});
