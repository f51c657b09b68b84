import { expect, it } from 'vitest';
import { looksLikeZone, readZone } from '../../../services/time/zones.ts';

it.each([
  ['Europe/Paris', 'Europe/Paris'],
  ['europe/paris', 'Europe/Paris'],
  ['Europe / Paris', 'Europe/Paris'],
  ['america/new york', 'America/New_York'],
  ['America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
  ['Paris', 'Europe/Paris'],
  ['new york', 'America/New_York'],
  ['Ａsia/Shanghai', 'Asia/Shanghai'],
  // Another name of the same zone.
  ['asia/chongqing', 'Asia/Chongqing'],
  ['Asia/Kolkata', 'Asia/Kolkata'],
  ['utc', 'UTC'],
])('%s is %s', (text, zone) => {
  expect(readZone(text)).toBe(zone);
});

it.each(['', '1000420616', '+08:00', 'GMT+8', '今天', 'summary', 'Europe/Pariss', "x/y'; drop", 'a'.repeat(500)])(
  '%s is none',
  (text) => {
    expect(readZone(text)).toBeUndefined();
  },
);

it('a misspelled name still looks like one', () => {
  expect(['Europe/Pariss', 'Paris', '04:30'].map(looksLikeZone)).toEqual([true, false, false]);
});
