import { describe, expect, it } from 'vitest';
import { ALL_DAY, ALWAYS } from '../../../services/self-service/hours.ts';
import { readDays, readWeek } from '../../../services/self-service/read-hours.ts';

const span = (from: number, to: number) => ({ from: from * 60, to: to * 60 });
const DAY = [span(10, 22)];
const week = (...days: readonly (readonly object[])[]) => days;

describe('the hours of a week as people type them', () => {
  it.each([
    ['每天 10:00-22:00', week(DAY, DAY, DAY, DAY, DAY, DAY, DAY)],
    ['10：00～22：00', week(DAY, DAY, DAY, DAY, DAY, DAY, DAY)],
    ['周一至周五 10:00-22:00；周末 全天', week(DAY, DAY, DAY, DAY, DAY, ALL_DAY, ALL_DAY)],
    ['工作日 10点-22点\n周六、周日 休息', week(DAY, DAY, DAY, DAY, DAY, [], [])],
    ['周六到周一 10:00-22:00', week(DAY, [], [], [], [], DAY, DAY)],
    ['mon-fri 10:00-22:00; sun closed', week(DAY, DAY, DAY, DAY, DAY, [], [])],
    ['每天 18:00-次日2:00', week(...Array.from({ length: 7 }, () => [span(18, 26)]))],
    ['每天 9:00-12:00，14:00-24:00', week(...Array.from({ length: 7 }, () => [span(9, 12), span(14, 24)]))],
    ['24小时', ALWAYS.week],
    ['每天 10:00-22:00；周三 休息', week(DAY, DAY, [], DAY, DAY, DAY, DAY)],
  ])('%s', (text, expected) => {
    expect(readWeek(text)).toEqual({ week: expected });
  });

  it.each([
    ['周一至周五 10:00-22:00；节假日 休息', { week: week(DAY, DAY, DAY, DAY, DAY, [], []), holidays: [] }],
    ['节假日：9:00-次日2:00', { holidays: [span(9, 26)] }],
    ['法定节假日 照常', { holidays: 'usual' }],
    ['weekdays 10:00-22:00; public holidays 24 hours', { week: week(DAY, DAY, DAY, DAY, DAY, [], []), holidays: ALL_DAY }],
  ])('with holidays: %s', (text, expected) => {
    expect(readWeek(text)).toEqual(expected);
  });

  it.each([
    '',
    '你好',
    '节假日',
    '周一 照常',
    '节假日 周一 10:00-22:00',
    '周八 10:00-22:00',
    '每天',
    '每天 25:00-26:00',
    '每天 10:00',
    '10:70-11:00',
    '周一至 10:00-22:00',
    '每天 10:00-22:00 左右',
  ])('not understood: %s', (text) => {
    expect(readWeek(text)).toBeUndefined();
  });
});

describe('the hours of single days', () => {
  it.each([
    ['12月25日 休息', ['2026-12-25'], []],
    ['12-25 10:00-22:00', ['2026-12-25'], DAY],
    ['2027/1/1 全天', ['2027-01-01'], ALL_DAY],
    ['1-1 休息', ['2027-01-01'], []],
    ['11-28 照常', ['2026-11-28'], undefined],
    ['12月31日至1月2日 休息', ['2026-12-31', '2027-01-01', '2027-01-02'], []],
    ['2月29日 休息', ['2028-02-29'], []],
  ])('%s', (text, days, spans) => {
    expect(readDays(text, '2026-11-28')).toEqual({ days, spans });
  });

  it.each(['休息', '2月30日 休息', '2026-11-27 休息', '12-25', '12-25 大概', '1-1至12-31 休息'])('not understood: %s', (text) => {
    expect(readDays(text, '2026-11-28')).toBeUndefined();
  });
});
