import { expect, it } from 'vitest';
import { openCard } from '../../../handlers/cards/open-card.ts';
import { words } from '../../../locales/index.ts';
import { STORE } from '../../fixtures/cards.ts';
import { buttonsOf, labelsOf, openHandlers, textOf, WANG } from '../harness.ts';

it('the uses that are asked for come first, and the note goes with the card into the records', async () => {
  const bot = await openHandlers();
  await bot.bind();
  const card = await bot.ask(WANG, '5000987654 两次 3号桌');
  expect(labelsOf(card)[0]).toContain('2');
  expect(card.flatMap(buttonsOf).filter(({ style }) => style === 'primary')).toHaveLength(1);
  expect(textOf(card)).toMatch(/备注: 3号桌[\s\S]*按你写的/);
  expect(textOf(await bot.ask(WANG, '/history'))).toContain('没有找到记录');
  const done = await bot.pressed(WANG, card, labelsOf(card)[0]!);
  expect(textOf(done)).toMatch(/核销成功[\s\S]*次数: 2[\s\S]*备注: 3号桌/);
  expect(textOf(await bot.ask(WANG, '/history'))).toContain('王老板 · 3号桌');
});

it('more uses than there are is said, and nothing is preset', async () => {
  const bot = await openHandlers();
  await bot.bind();
  const card = await bot.ask(WANG, '5000987654 x9');
  expect(textOf(card)).toContain('写的是 9，但一次最多核销 3');
  expect(labelsOf(card)[0]).toContain('1');
});

it('a code that is asked about keeps what was written beside it', async () => {
  const bot = await openHandlers();
  await bot.bind();
  const question = await bot.ask(WANG, '5OOO987654 2张 小王的');
  const card = await bot.pressed(WANG, question, '是券码');
  expect(textOf(card)).toContain('备注: 小王的');
  expect(labelsOf(card)[0]).toContain('2');
});

it('more than a card has buttons for can be asked for', () => {
  const coupon = { kind: 'coupon', code: '5000987654', title: '次卡', remaining: 20 } as const;
  const at = { id: 'a', storeId: STORE.id, chat: '', openedAt: 0 };
  const { buttons } = openCard({ ...at, coupon, uses: 12 }, STORE, words('zh-CN'));
  expect(buttons.flat().map(({ id }) => id)).toEqual(['a-12', 'a-1', 'a-2', 'a-3', 'a-4', 'a-5', 'a']);
});
