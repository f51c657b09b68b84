import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLocale, LOCALES, words } from '../../locales/index.ts';

const at = Date.parse('2026-11-22T18:30:59+08:00');

describe.each(LOCALES)('words in %s', (locale) => {
  const { money, moment, clock } = words(locale);

  it.each([
    [4900, '¥49.00'],
    [0, '¥0.00'],
    [1, '¥0.01'],
    [115, '¥1.15'],
    [123_456_789, '¥1,234,567.89'],
    [1e12, '¥10,000,000,000.00'],
    [-4900, '-¥49.00'],
    [-1, '-¥0.01'],
  ])('%i fen are %s', (fen, shown) => expect(money(fen)).toBe(shown));

  it('show every fen of every amount', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (fen) => {
        expect(Number(money(fen).replace(/[¥,.]/g, ''))).toBe(fen);
      }),
    );
  });

  it('show moments in the zone of the store', () => {
    expect(moment(at, 'Asia/Shanghai')).toBe('2026-11-22 18:30');
    expect(moment(Date.parse('2026-11-22T16:30Z'), 'Asia/Shanghai')).toBe('2026-11-23 00:30');
    expect(moment(at, 'America/New_York')).toBe('2026-11-22 05:30');
    expect(clock(at, 'Asia/Shanghai')).toBe('18:30');
    expect(clock(Date.parse('2026-11-22T16:05Z'), 'Asia/Shanghai')).toBe('00:05');
  });
});

describe('numbers of things', () => {
  it('bend in English and not in Chinese', () => {
    const [one, two] = [1, 2].map((count) => words('en').say('uses', { count }));
    expect([one, two]).toEqual(['1 use', '2 uses']);
    expect([1, 2].map((count) => words('zh-CN').say('uses', { count }))).toEqual(['1 张', '2 张']);
  });
});

it.each([
  ['zh-CN', true],
  ['en', true],
  ['fr', false],
  ['', false],
  [undefined, false],
])('%s is a language we speak: %s', (text, spoken) => expect(isLocale(text)).toBe(spoken));
