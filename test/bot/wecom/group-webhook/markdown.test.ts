import { describe, expect, it } from 'vitest';
import { markdown, MESSAGE_LIMIT } from '../../../../bot/wecom/group-webhook/markdown.ts';

const COLUMNS = { count: '次数', amount: '金额' };
const bytes = (text: string): number => Buffer.byteLength(text);

describe('a summary in a group', () => {
  const summary = [
    '日报 · 大声發 · 2026-11-22',
    '核销 3 张',
    '合计 ¥147.00',
    '',
    '按商品',
    '· 畅玩4小时 × 2　¥98.00',
    '· 双人 × 茶 × 1　¥49.00',
    '',
    '按人员',
    '· 小李 × 3　¥147.00',
  ].join('\n');

  it('has a title, its figures as a list, and a table for products and one for people', () => {
    expect(markdown(summary, COLUMNS)).toEqual([
      [
        '**日报 · 大声發 · 2026-11-22**',
        '- 核销 3 张',
        '- 合计 ¥147.00',
        '',
        '| 按商品 | 次数 | 金额 |',
        '| :-- | --: | --: |',
        '| 畅玩4小时 | 2 | ¥98.00 |',
        '| 双人 × 茶 | 1 | ¥49.00 |',
        '',
        '| 按人员 | 次数 | 金额 |',
        '| :-- | --: | --: |',
        '| 小李 | 3 | ¥147.00 |',
      ].join('\n'),
    ]);
  });

  it('neutralises markup in names', () => {
    const [text] = markdown('日报\n按商品\n· **A|B** <@all> [x](http://y) `c` # × 1　¥1.00', COLUMNS);
    expect(text).toContain('| ＊＊A｜B＊＊ ＜@all＞ ［x］(http://y) ｀c｀ ＃ | 1 | ¥1.00 |');
    expect(text!.split('\n').at(-1)!.split('|')).toHaveLength(5);
  });

  it('stays a list where the lines are no rows', () => {
    expect(markdown('标题\n· 张三\n· 李四 × 很多', COLUMNS)).toEqual(['**标题**\n- · 张三\n- · 李四 × 很多']);
  });

  it('is split between rows when it is long, with repeated headings and no loss', () => {
    const names = Array.from({ length: 300 }, (_, n) => `非常好吃的双人下午茶套餐第${n}号`);
    const long = ['日报', '按商品', ...names.map((name) => `· ${name} × 1　¥49.00`)].join('\n');
    const messages = markdown(long, COLUMNS);
    expect(messages.length).toBeGreaterThan(3);
    for (const message of messages) {
      expect(bytes(message)).toBeLessThanOrEqual(MESSAGE_LIMIT);
      expect(message).toContain('| 按商品 | 次数 | 金额 |\n| :-- | --: | --: |');
    }
    const rows = messages.flatMap((message) => message.split('\n')).filter((line) => line.includes('套餐'));
    expect(rows.map((row) => row.split(' | ')[0]!.replace('| ', ''))).toEqual(names);
  });

  it('clips a name that is too long for a row, and splits a line that is too long for a message', () => {
    expect(markdown(`日报\n按商品\n· ${'长'.repeat(3000)} × 1　¥1.00`, COLUMNS)[0]).toMatch(/长… \| 1 \| ¥1.00 \|$/);
    const parts = markdown('😀'.repeat(3000), COLUMNS);
    expect(parts.join('')).toBe('😀'.repeat(3000));
    for (const part of parts) expect(bytes(part)).toBeLessThanOrEqual(MESSAGE_LIMIT);
  });

  it('is never empty', () => {
    expect(markdown('', COLUMNS)).toEqual(['…']);
    expect(markdown('\n\n', COLUMNS)).toEqual(['…']);
  });
});
