import { describe, expect, it } from 'vitest';
import { openCard } from '../../../handlers/cards/open-card.ts';
import type { Coupon } from '../../../services/coupons/coupon.ts';
import { words, type Locale } from '../../../locales/index.ts';
import { EVENING, openCardOf, STORE } from '../../fixtures/cards.ts';

const of = (coupon: Partial<Coupon> = {}, locale: Locale = 'zh-CN') => openCard(openCardOf(coupon), STORE, words(locale));
const buttons = (coupon: Partial<Coupon>) => of(coupon).buttons.map((row) => row.map(({ label }) => label));

describe('the detail card', () => {
  it('tells what the platform told, and no more', () => {
    expect(of()).toEqual({
      title: '畅玩4小时',
      tone: 'open',
      fields: [
        { label: '券码', value: '0158082330' },
        { label: '售价', value: '¥49.00' },
        { label: '门店', value: '人民路店' },
        { label: '状态', value: '未使用' },
      ],
      buttons: [
        [
          { verb: 'use', id: 'c1-1', label: '确认核销', style: 'primary' },
          { verb: 'drop', id: 'c1', label: '取消' },
        ],
      ],
    });
    const full = of({ validUntil: EVENING + 3_600_000, phone: '178****1807', remaining: 3 });
    expect(full.fields.map(({ label }) => label)).toEqual(['券码', '售价', '门店', '状态', '有效期', '手机号', '可用次数']);
  });

  it('tells when a coupon may be used, and what was paid where that is another amount', () => {
    const noon = EVENING - 6.5 * 3_600_000;
    const DAY = 86_400_000;
    const useTimes = {
      hours: [
        { from: '10:00', to: '14:00' },
        { from: '20:00', to: '02:00', nextDay: true },
      ],
      offDays: [6, 7],
      offDates: [
        { from: noon, to: noon },
        { from: noon + DAY, to: noon + 3 * DAY },
      ],
    } as const;
    const { fields } = of({ paid: 4_600, validFrom: EVENING - DAY, validUntil: EVENING + DAY, useTimes });
    expect(fields.slice(2)).toEqual([
      { label: '顾客实付', value: '¥46.00' },
      { label: '门店', value: '人民路店' },
      { label: '状态', value: '未使用' },
      { label: '有效期', value: '2026-11-21 18:30 至 2026-11-23 18:30' },
      { label: '可用时段', value: '10:00–14:00、20:00–次日 02:00' },
      { label: '不可用日期', value: '周六、周日、2026-11-22、2026-11-23–2026-11-25' },
    ]);
    expect(of({ paid: 4_900 }).fields).toEqual(of().fields);
    expect(of({ useTimes }, 'en').fields.at(-1)).toEqual({
      label: 'Not on',
      value: 'Sat, Sun, 2026-11-22, 2026-11-23–2026-11-25',
    });
  });

  it('speaks English too', () => {
    const card = of({}, 'en');
    expect(card.fields.map(({ label }) => label)).toEqual(['Code', 'Price', 'Store', 'State']);
    expect(card.buttons.flat().map(({ label }) => label)).toEqual(['Verify', 'Cancel']);
  });

  it('of an expired coupon says so and still lets the platform decide', () => {
    const card = of({ validUntil: EVENING - 1 });
    expect(card.fields).toContainEqual({ label: '状态', value: '未使用 · 已过期' });
    expect(card.buttons.flat()[0]!.label).toBe('确认核销');
  });

  it.each([
    [{ remaining: 2 }, [['核销 1 张', '核销 2 张'], ['取消']]],
    [{ remaining: 3 }, [['核销 1 张', '核销 2 张', '核销 3 张'], ['取消']]],
    [{ remaining: 2, timesCard: true }, [['核销 1 次', '核销 2 次'], ['取消']]],
    [{ remaining: 3, atOnce: 1 }, [['确认核销', '取消']]],
    [{ remaining: 30 }, [['核销 1 张', '核销 2 张', '核销 3 张'], ['核销 4 张', '核销 5 张'], ['取消']]],
  ] as const)('%j: uses to choose from', (coupon, rows) => {
    expect(buttons(coupon)).toEqual(rows);
  });

  it('has one button that stands out, for one use', () => {
    expect(
      of({ remaining: 3 })
        .buttons.flat()
        .filter(({ style }) => style === 'primary')
        .map(({ label }) => label),
    ).toEqual(['核销 1 张']);
  });

  it('of the practice store is marked', () => {
    expect(openCard(openCardOf(), { ...STORE, practice: true }, words('zh-CN')).title).toBe('练习 · 模拟 · 畅玩4小时');
  });
});
