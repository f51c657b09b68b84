import { describe, expect, it } from 'vitest';
import { openTown } from './town.ts';

describe('a code in Telegram', () => {
  it('becomes a card with what the coupon is, and one tap verifies it', async () => {
    const town = await openTown();
    const owner = await town.owner();
    const code = town.umember.books.coupon();
    const card = await town.card(owner, code);
    expect(card.text).toContain('开业特惠通用畅玩4小时');
    expect(card.text).toContain('¥49.00');
    expect(card.text).toContain('大声發24小时自助棋牌室5');
    expect(card.text).toContain('未使用');
    expect(card.buttons.flat().map(({ label }) => label)).toEqual(['确认核销', '取消']);

    const press = owner.presses(card, '确认核销');
    await owner.chat.shows('核销成功');
    expect(card.text).toContain('核销成功');
    expect(card.text).toContain('王老板');
    expect(card.text).toContain('2026-11-22 18:30');
    expect(card.buttons).toEqual([]);
    expect((await town.telegram.answered(press)).alert).toBe(false);
    expect(town.umember.books.used(code)).toHaveLength(1);
    expect(town.faults).toEqual([]);
  });
});
