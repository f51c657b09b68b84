import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { KnownWords } from '../../../services/ledger/names.ts';
import { beginsMeant, readParts, readSearch, spellingsOf } from '../../../services/ledger/read-search.ts';

const STORE = { id: 's', zone: 'Asia/Shanghai', dayEnd: '00:00' };
/** A Sunday. */
const NOW = Date.parse('2026-11-22T18:30:00+08:00');
const NAMES = ['小王', '畅玩4小时', '3号桌', '周五特惠', '今天特价', 'Alice', '林小姐', '退款券'];
const known: KnownWords = async (_, words) =>
  await Promise.resolve(
    words.map((spellings) => spellings.some((one) => NAMES.some((name) => name.toLowerCase().includes(one.toLowerCase())))),
  );
const read = (text: string) => readSearch(text, STORE, { now: NOW, known });

it.each([
  ['上周 小王 四小时', '2026-11-09 ~ 2026-11-15 | 小王 | 四小时', ''],
  ['昨天 退款失败', '2026-11-21 | 退款失败', ''],
  ['昨天退款失败', '2026-11-21 | 退款失败', ''],
  ['昨天小王', '2026-11-21 | 小王', ''],
  ['小王的昨天', '2026-11-21 | 小王', ''],
  ['上周五晚上小王已撤销', '2026-11-13 18:00-24:00 | 已撤销 | 小王', ''],
  ['0332 8085 12', '…8512', ''],
  ['0616', '…0616', ''],
  ['3号', '2026-11-03', ''],
  ['3号桌', '3号桌', ''],
  // No such room: 3号 is not taken for a day in front of it.
  ['3号小王', '', '3号小王'],
  ['周五特惠', '周五特惠', ''],
  ['今天特价', '今天特价', ''],
  ['last week alice refused', '2026-11-09 ~ 2026-11-15 | refused | alice', ''],
  ['from nov 1 to nov 5', '2026-11-01 ~ 2026-11-05', ''],
  ['2026-11-01 2026-11-15', '2026-11-01 ~ 2026-11-15', ''],
  ['本月 3号', '2026-11-03', ''],
  ['昨天 小王 晚上', '2026-11-21 18:00-24:00 | 小王', ''],
  // Two ranges that say different things, two codes, and names that nobody has.
  ['上周 去年', '2026-11-09 ~ 2026-11-15', '去年'],
  ['0616 小王 0617', '…0616 | 小王', '0617'],
  ['昨天 小张', '2026-11-21', '小张'],
  ['明天 小王', '小王', '明天'],
  ['小张，小李', '', '小张 小李'],
  ["%' or 1=1 --", '', "%' or 1=1 --"],
])('%s: %s', async (text, said, unknown) => {
  const reading = await read(text);
  expect(reading.said.join(' | ')).toBe(said);
  expect(reading.unknown.join(' ')).toBe(unknown);
});

it('names are looked for as they are spelled, in digits and in words', () => {
  expect(spellingsOf('四小时')).toEqual(['四小时', '4小时']);
  expect(spellingsOf('3号桌')).toEqual(['3号桌', '三号桌']);
  expect(spellingsOf('十二')).toEqual(['十二']);
});

it('names of customers and notes are searched over a quarter of a year, or the days that were said', async () => {
  expect((await read('林小姐')).search).toMatchObject({ saidSince: '2026-08-22' });
  expect((await read('去年 林小姐')).search).toMatchObject({ saidSince: undefined, from: '2025-01-01', to: '2025-12-31' });
});

it('every word is understood or named, whatever is typed, and nothing throws', async () => {
  const piece = fc.oneof(
    fc.constantFrom('昨天', '小王', '退款', '0616', '上周', '晚上', ' ', '的', '、'),
    fc.string({ unit: 'binary', maxLength: 6 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 8 }), async (pieces) => {
      const text = pieces.join('');
      const parts = readParts(text, '2026-11-22');
      const { said, unknown, search } = await read(text);
      expect(said.length + unknown.length > 0).toBe(parts.length > 0);
      expect(unknown.every((word) => parts.some((part) => part.text === word))).toBe(true);
      expect(JSON.parse(JSON.stringify(search))).toEqual(JSON.parse(JSON.stringify(search)));
      expect(typeof beginsMeant(text, '2026-11-22')).toBe('boolean');
    }),
    { numRuns: 60 },
  );
});
