/** Pictures of summaries: each text is drawn whatever fonts a machine has, and a phone can show what comes out. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { createCharts, type Bars, type Picture } from '../../../services/charts/charts.ts';
import { outlineText } from '../../../services/charts/outline-text.ts';
import { systemTime } from '../../../services/time/time.ts';

const charts = createCharts(systemTime);
afterAll(() => charts.close());

const products = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    label: `四小时棋牌包间 <${n}> & 茶`,
    value: count - n,
    text: `${count - n} 张`,
  }));
const bars = (count: number): Bars => ({ direction: 'lying', bars: products(count), theme: 'light', width: 600 });
const picture = (count: number, theme: Picture['theme'] = 'light'): Picture => ({
  title: '欢乐棋牌室（春熙路店）',
  subtitle: '日报 2026-11-28 周六',
  theme,
  figures: [
    { label: '核销', value: '1,036 张' },
    { label: '合计', value: '¥1,091,764.00' },
    { label: '撤销', value: '2 张' },
    { label: '待确认', value: '0' },
  ],
  charts: [{ title: '按商品', chart: { direction: 'lying', bars: products(count) } }],
});

describe('a chart', () => {
  test('has a bar, a name and a number for each value, and nothing of a name is markup', async () => {
    const svg = await charts.bars(bars(3));
    expect(svg.match(/fill="#0b7a5b"/g)).toHaveLength(3);
    expect(svg).toContain('四小时棋牌包间 &lt;0&gt; &amp; 茶');
    expect(svg).toContain('>3 张<');
    expect(svg).not.toMatch(/<script|href|style=".*url/);
  });

  test('draws no bar for a zero; beside a product its text stands all the same', async () => {
    const upright = await charts.bars({ ...bars(1), direction: 'upright', bars: [{ label: '9', value: 0, text: '0' }] });
    expect(upright).not.toContain('#0b7a5b');
    expect(upright).not.toContain('>0<');
    const lying = await charts.bars({
      ...bars(1),
      bars: [
        { label: '茶', value: 9, text: '1 张 ¥9.00' },
        { label: '单人畅玩券', value: 0, text: '3 张 ¥0.00' },
      ],
    });
    expect(lying.match(/fill="#0b7a5b"/g)).toHaveLength(1);
    expect(/<text[^>]*>3 张 ¥0.00/.exec(lying)![0]).not.toContain('opacity');
  });

  /** Upright bars of these values. */
  const upright = (width: number, ...values: readonly number[]): Bars => ({
    direction: 'upright',
    bars: values.map((value, n) => ({ label: String(n), value, text: String(value) })),
    theme: 'light',
    width,
  });

  test('of a month tells the amount of its highest day alone', async () => {
    const svg = await charts.bars(upright(340, ...Array.from({ length: 31 }, (_, n) => 200 + (n === 17 ? 731 : n))));
    expect(svg.match(/>\d{3}</g)).toEqual(['>931<']);
  });

  test('of a year on a phone has amounts that do not meet', async () => {
    const svg = await charts.bars(upright(340, ...Array.from({ length: 12 }, (_, n) => 224 + n)));
    const sizes = [...svg.matchAll(/font-size:(\d+)px[^>]*>\d{3}</g)].map(([, size]) => Number(size));
    expect(sizes).toHaveLength(12);
    // The width of three digits in the widest font of a system.
    expect(Math.max(...sizes) * 0.64 * 3).toBeLessThan(332 / 12 - 2);
  });

  test('cuts off a long name by itself, so that its beginning stays in the drawing', async () => {
    const svg = await charts.bars({
      ...bars(0),
      width: 340,
      bars: [{ label: 'Snooker table, 2 hours, for two', value: 1, text: '1' }],
    });
    expect(svg).toContain('>Snooker table,…<');
  });

  test('leaves room for the longest text at an end, and compares the bars without what sums up the rest', async () => {
    const bar = { label: '包间', value: 300, text: '1,082 张 ¥322,436.00' };
    const rest = { label: '其余 30 项', value: 4_874, text: '32,702 张 ¥4,874,119.00', rest: true } as const;
    const svg = await charts.bars({ ...bars(0), bars: [bar, rest] });
    // A bar begins where the labels end, at 264 of 600, and the longest text still has its place after it.
    const [, to] = /d="M[\d.]+ [\d.]+L([\d.]+) [^"]*"[^>]*fill="#0b7a5b"/.exec(svg)!;
    expect(Number(to)).toBeGreaterThan(350);
    expect(Number(to)).toBeLessThan(600 - 170);
    expect(svg).toContain(rest.text);
  });

  test('of nothing is an empty drawing', async () => {
    expect(await charts.bars(bars(0))).toMatch(/^<svg/);
  });
});

describe('outlined text', () => {
  test('leaves no word to a font, and keeps its colour and its place', async () => {
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg"><text x="10" y="20" font-size="16" fill="#123456">券 &amp; A</text></svg>';
    const drawn = await outlineText(svg);
    expect(drawn).not.toContain('<text');
    expect(drawn).toContain('fill="#123456"');
    // 券, & and A; a space has no outline.
    expect(drawn.match(/<path/g)).toHaveLength(3);
    expect(drawn).toContain('translate(10.00 20.00)');
  });

  test('leaves a gap for what no font has', async () => {
    const drawn = await outlineText('<svg><text x="0" y="0" font-size="10">🎱A</text></svg>');
    expect(drawn.match(/<path/g)).toHaveLength(1);
    expect(drawn).toContain('translate(5.00 0.00)');
  });
});

describe('a picture', () => {
  test.each([
    [0, 'light'],
    [1, 'dark'],
    [8, 'light'],
    [40, 'dark'],
  ] as const)("of %i products in %s is a PNG of a phone's width, at most 150 kB", async (count, theme) => {
    const png = await charts.picture(picture(count, theme));
    expect(await sharp(png).metadata()).toMatchObject({ format: 'png', width: 1080 });
    expect(png.length).toBeLessThanOrEqual(150_000);
  });

  test('is the same where no font is installed', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'hexiao-no-fonts-'));
    writeFileSync(path.join(folder, 'fonts.conf'), '<?xml version="1.0"?><fontconfig></fontconfig>');
    const program = `
      import { drawPicture } from ${JSON.stringify(new URL('../../../services/charts/picture.ts', import.meta.url).href)};
      import { createHash } from 'node:crypto';
      console.log(createHash('sha256').update(await drawPicture(${JSON.stringify(picture(1))})).digest('hex'));`;
    const without = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      env: { ...process.env, FONTCONFIG_FILE: path.join(folder, 'fonts.conf') },
      encoding: 'utf8',
    });
    const here = createHash('sha256')
      .update(await charts.picture(picture(1)))
      .digest('hex');
    expect(without.trim()).toBe(here);
  });
});
