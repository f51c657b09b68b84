import { describe, expect, it } from 'vitest';
import { wordSummary } from '../../../handlers/reports/summary.ts';
import { words, type Locale } from '../../../locales/index.ts';
import { reckon, type Figures } from '../../../services/ledger/ledger.ts';
import type { Correction } from '../../../services/ledger/reports.ts';
import { STORE } from '../../fixtures/cards.ts';

const NOTHING: Figures = {
  count: 0,
  total: 0,
  unpriced: 0,
  undone: 0,
  undoneTotal: 0,
  refused: 0,
  unsure: 0,
  byProduct: [],
  byPerson: [],
};

interface Changes {
  readonly figures?: Partial<Figures>;
  readonly store?: Partial<typeof STORE>;
  readonly running?: boolean;
  readonly corrections?: readonly Correction[];
}
const of = ({ figures, store, running = false, corrections = [] }: Changes = {}, locale: Locale = 'zh-CN'): string[] =>
  wordSummary(
    { store: { ...STORE, ...store }, day: '2026-11-22', running, figures: { ...NOTHING, ...figures }, corrections },
    words(locale),
  ).split('\n');

describe('the summary of a day', () => {
  it('of an idle day is whole too', () => {
    expect(of()).toEqual(['日报 · 人民路店 · 2026-11-22', '核销 0 张', '合计 ¥0.00', '撤销 0 张 · 待确认 0 张 · 未通过 0 次']);
  });

  it('tells sums, then products, then people', () => {
    const figures = {
      count: 3,
      total: 17_600,
      undone: 1,
      undoneTotal: 4900,
      unsure: 1,
      refused: 2,
      byProduct: [
        { name: '畅玩4小时', count: 2, total: 9800 },
        { name: '通宵8小时', count: 1, total: 7800 },
      ],
      byPerson: [
        { name: '小王', count: 2, total: 9800 },
        { name: '', count: 1, total: 7800 },
      ],
    };
    expect(of({ figures })).toEqual([
      '日报 · 人民路店 · 2026-11-22',
      '核销 3 张',
      '合计 ¥176.00',
      '撤销 1 张（¥49.00） · 待确认 1 张 · 未通过 2 次（平台没有核销）',
      '',
      '按商品',
      '· 畅玩4小时 × 2　¥98.00',
      '· 通宵8小时 × 1　¥78.00',
      '',
      '按人员',
      '· 小王 × 2　¥98.00',
      '· 未命名 × 1　¥78.00',
    ]);
  });

  it('has what brought most first, however many there were', () => {
    const rows = [
      { state: 'verified', title: '大包', person: 'telegram:1', person_name: '小王', count: 4, amount: 23_600 },
      { state: 'verified', title: '麻将机', person: 'telegram:1', person_name: '小王', count: 3, amount: 41_700 },
    ] as const;
    expect(of({ figures: reckon(rows) }).slice(6, 8)).toEqual(['· 麻将机 × 3　¥417.00', '· 大包 × 4　¥236.00']);
  });

  it('says what is not in the sum, and that the day still runs', () => {
    expect(of({ running: true })[0]).toBe('日报 · 人民路店 · 2026-11-22（截至目前）');
    expect(of({ figures: { unpriced: 2 } })).toContain('其中 2 张金额未知，未计入合计');
  });

  it.each([
    ['05:00', '营业日次日 05:00 截止'],
    ['22:00', '营业日当日 22:00 截止'],
  ])('names the end of the business day: %s', (dayEnd, line) => {
    expect(of({ store: { dayEnd } })[1]).toBe(line);
  });

  it('sums up what goes beyond twenty lines', () => {
    const byProduct = Array.from({ length: 25 }, (_, n) => ({ name: `${n}`, count: 1, total: 100 }));
    const lines = of({ figures: { byProduct } });
    expect(lines.filter((line) => line.startsWith('· '))).toHaveLength(21);
    expect(lines.at(-1)).toBe('· 其余 5 项 × 5　¥5.00');
  });

  it('corrects days that were told before: only what changed has an arrow', () => {
    const told = { ...NOTHING, count: 5, total: 24_500, unsure: 1 };
    const now = { ...NOTHING, count: 4, total: 19_600, undone: 1 };
    expect(of({ corrections: [{ day: '2026-11-21', told, now }] }).at(-1)).toBe(
      '更正 2026-11-21：核销 5 → 4 张，合计 ¥245.00 → ¥196.00，撤销 0 → 1 张，待确认 1 → 0 张，未通过 0 次',
    );
  });

  it('of the practice store is marked; and it speaks English', () => {
    expect(
      wordSummary(
        { store: { ...STORE, practice: true }, day: '2026-11-22', running: false, figures: NOTHING, corrections: [] },
        words('zh-CN'),
      ),
    ).toMatch(/^练习 · 模拟 · 日报/);
    const english = of({ figures: { count: 1, total: 4900 } }, 'en');
    expect(english[0]).toBe('Daily summary · 人民路店 · 2026-11-22');
    expect(english.join('\n')).not.toMatch(/[核销合计撤]/);
  });
});
