import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groupStores, wordTogether, type ComparedSummary } from '../../../handlers/reports/several-stores.ts';
import { words } from '../../../locales/index.ts';
import { STORE } from '../../fixtures/cards.ts';

const ZH = words('zh-CN');
const EMPTY = { unpriced: 0, undone: 0, undoneTotal: 0, refused: 0, unsure: 0, byProduct: [], byPerson: [] };

const day = (name: string, total: number, more: Partial<ComparedSummary['figures']> = {}): ComparedSummary => ({
  store: { ...STORE, id: name, name },
  day: '2026-11-22',
  running: false,
  figures: { count: 1, total, ...EMPTY, byProduct: [{ name: '畅玩', count: 1, total }], ...more },
  corrections: [],
});
const word = (days: readonly ComparedSummary[]): string => wordTogether(days, ZH);

describe('a day of several stores', () => {
  it('has sums to the fen, and each store either in its line or in the line of the rest', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(10_000_000), { minLength: 2, maxLength: 60 }), (totals) => {
        const text = word(totals.map((total, n) => day(`店${n}`, total)));
        const sum = totals.reduce((all, total) => all + total, 0);
        expect(text).toContain(`核销 ${totals.length} 张\n合计 ${ZH.money(sum)}\n`);
        const [, list = ''] = /按门店\n([\s\S]*?)(?:\n\n|$)/.exec(text) ?? [];
        const listed = [...list.matchAll(/× \d+　¥([\d,]+\.\d\d)/g)].map(([, money = '']) => Number(money.replace(/[,.]/g, '')));
        expect(listed.reduce((all, total) => all + total, 0)).toBe(sum);
        expect(listed.length).toBeLessThanOrEqual(21);
      }),
      { numRuns: 60 },
    );
  });

  it('names the store of what needs a look, and is silent about those where nothing does', () => {
    const told = { count: 1, total: 100, ...EMPTY };
    const changed = { day: '2026-11-21', told, now: { ...told, total: 200 } };
    const text = word([
      { ...day('一店', 300), compared: [ZH.say('summary-reconcile-agrees')] },
      { ...day('二店', 200, { unsure: 2 }), compared: [ZH.say('summary-reconcile-agrees')] },
      { ...day('三店', 100), corrections: [changed] },
    ]);
    expect(text).toContain('\n撤销 0 张 · 待确认 2 张 · 未通过 0 次\n对账：与平台一致\n\n按门店\n');
    expect(text).toContain('\n\n二店\n撤销 0 张 · 待确认 2 张 · 未通过 0 次\n');
    expect(text).toContain('\n\n三店\n更正 2026-11-21：核销 1 张，合计 ¥1.00 → ¥2.00');
    expect(text).not.toContain('\n一店\n');
    expect(text.match(/与平台一致/g)).toHaveLength(1);
  });

  it('says how many stores have no details for want of room', () => {
    const text = word(Array.from({ length: 40 }, (_, n) => day(`店${n}`, 100 + n)));
    const detailed = text.match(/明细\n· 畅玩/g)?.length ?? 0;
    expect(detailed).toBeGreaterThan(0);
    expect(text).toContain(`还有 ${40 - detailed} 家的明细`);
    expect(text.length).toBeLessThan(1_300);
  });

  it('never adds the sums of a practice store to real ones, nor a running day to a closed one', () => {
    const practice = { ...day('练习', 1), store: { ...STORE, id: 'p', practice: true as const } };
    const groups = groupStores([day('一店', 1), practice, day('二店', 2), { ...day('三店', 3), running: true }]);
    expect(groups.map((group) => group.map(({ store }) => store.id))).toEqual([['一店', '二店'], ['p'], ['三店']]);
  });
});
