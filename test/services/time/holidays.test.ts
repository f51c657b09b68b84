/** The table of China's holidays against what the State Council published for 2026, and what is not known of other years and countries. */
import { describe, expect, it } from 'vitest';
import { hasHolidays, knowsHolidays, nextHoliday, specialDay } from '../../../services/time/holidays.ts';

const CHINA = 'Asia/Shanghai';
/** Of 2026, by the notice of 4 November 2025: days off, first to last, and weekend days worked in exchange. */
const PUBLISHED = [
  ['元旦', '01-01', '01-03', '01-04'],
  ['春节', '02-15', '02-23', '02-14', '02-28'],
  ['清明', '04-04', '04-06'],
  ['劳动节', '05-01', '05-05', '05-09'],
  ['端午', '06-19', '06-21'],
  ['中秋', '09-25', '09-27'],
  ['国庆节', '10-01', '10-07', '09-20', '10-10'],
] as const;

const days = Array.from({ length: 365 }, (_, n) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10));

describe('the holidays of 2026', () => {
  it('are those that were published, day by day', () => {
    for (const day of days) {
      const date = day.slice(5);
      const off = PUBLISHED.find(([, first, last]) => first <= date && date <= last);
      const worked = PUBLISHED.find(([, , , ...exchanged]) => exchanged.some((one) => one === date));
      const special = specialDay(day, CHINA);
      expect([day, special?.name['zh-CN'], special?.off]).toEqual([day, (off ?? worked)?.[0], off ? true : worked && false]);
    }
  });

  it('are told of in advance', () => {
    const national = { name: { 'zh-CN': '国庆节', en: 'National Day' }, first: '2026-10-01', last: '2026-10-07' };
    expect(nextHoliday('2026-09-28', CHINA)).toEqual(national);
    expect(nextHoliday('2026-10-03', CHINA)).toEqual({ ...national, first: '2026-10-03' });
  });
});

describe('what is not known', () => {
  it('a year that is not published has ordinary days only', () => {
    expect([knowsHolidays(2026, CHINA), knowsHolidays(2999, CHINA)]).toEqual([true, false]);
    expect(specialDay('2999-10-01', CHINA)).toBeUndefined();
    expect(nextHoliday('2999-01-01', CHINA)).toBeUndefined();
  });

  it('nor has a zone outside of China any other', () => {
    expect([hasHolidays('Asia/Urumqi'), hasHolidays('Asia/Tokyo')]).toEqual([true, false]);
    expect(specialDay('2026-10-01', 'Asia/Tokyo')).toBeUndefined();
    expect(knowsHolidays(2026, 'Asia/Tokyo')).toBe(false);
  });
});
