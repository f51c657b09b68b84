import fc from 'fast-check';
import { strFromU8, unzipSync } from 'fflate';
import { readXlsx } from 'hucre';
import { expect, it } from 'vitest';
import { csvLine } from '../../../services/export/csv.ts';
import { createWorkbook, type Cell, type Column } from '../../../services/export/xlsx.ts';

const COLUMNS: readonly Column[] = [
  { title: '时间', kind: 'time', width: 17 },
  { title: '券码', kind: 'text', width: 18 },
  { title: '张数', kind: 'whole', width: 8 },
  { title: '金额', kind: 'money', width: 12 },
];

function written(...sheets: readonly (readonly (readonly Cell[])[])[]): Buffer {
  const pieces: Uint8Array[] = [];
  const book = createWorkbook((piece) => pieces.push(piece));
  for (const [n, rows] of sheets.entries()) {
    book.sheet(`表 ${n + 1}`, COLUMNS);
    for (const row of rows) book.row(row);
  }
  book.end();
  return Buffer.concat(pieces);
}

it('another program reads what was written: dates as dates, amounts as numbers, codes and formulas as text', async () => {
  const at = Date.UTC(2026, 10, 22, 18, 30);
  const { sheets } = await readXlsx(
    written(
      [
        [at, '0000000616', 2, 4905],
        [undefined, '=1+1', undefined, 7],
      ],
      [[at, '+86 & <b> "x"\u0000', 0, 0]],
    ),
  );
  expect(sheets.map(({ name }) => name)).toEqual(['表 1', '表 2']);
  expect(sheets[0]!.rows[0]).toEqual(['时间', '券码', '张数', '金额']);
  expect(sheets[0]!.rows[1]).toEqual([new Date(at), '0000000616', 2, 49.05]);
  expect(sheets[0]!.rows[2]).toEqual([null, '=1+1', null, 0.07]);
  expect(sheets[1]!.rows[1]?.[1]).toBe('+86 & <b> "x"');
  expect(sheets[0]!.freezePane).toMatchObject({ rows: 1 });
});

it('a long name goes on below, a count has its thousands, and a title stands above the end of its numbers', () => {
  const pieces: Uint8Array[] = [];
  const book = createWorkbook((piece) => pieces.push(piece));
  book.sheet('表', [{ title: '商品', kind: 'prose', width: 30 }, ...COLUMNS]);
  book.row(['【周末及法定节假日通用】豪华大包间欢唱6小时', 0, '0000000616', 12_228, 1]);
  book.end();
  const files = unzipSync(Buffer.concat(pieces));
  const styles = strFromU8(files['xl/styles.xml']!)
    .split('<cellXfs')[1]!
    .match(/<xf .*?<\/xf>/g)!;
  const cells = strFromU8(files['xl/worksheets/sheet1.xml']!);
  const styleOf = (at: string): string => styles[Number(new RegExp(`r="${at}" s="(\\d+)"`).exec(cells)![1])]!;
  expect(styleOf('A2')).toMatch(/numFmtId="49".*vertical="top" wrapText="1"/);
  expect(styleOf('C2')).toMatch(/numFmtId="49"(?!.*wrapText)/);
  // 23 characters, most of them Chinese, in 30.
  expect(cells).toContain('<row r="2" ht="32" customHeight="1">');
  const format = /numFmtId="(\d+)"/.exec(styleOf('D2'))![1];
  expect(strFromU8(files['xl/styles.xml']!)).toContain(`numFmtId="${format}" formatCode="#,##0_)"`);
  expect(['A1', 'C1', 'D1', 'E1'].map((at) => styleOf(at).includes('horizontal="right"'))).toEqual([false, false, true, true]);
});

it('printed, every page begins with the titles', () => {
  const book = strFromU8(unzipSync(written([], []))['xl/workbook.xml']!);
  expect(book.match(/localSheetId="\d">[^<]*/g)).toEqual([`localSheetId="0">'表 1'!$1:$1`, `localSheetId="1">'表 2'!$1:$1`]);
});

it('whatever text stands in a cell is read again', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }), { minLength: 1, maxLength: 20 }),
      async (texts) => {
        const { sheets } = await readXlsx(written(texts.map((text) => [0, text, 1, 1])));
        expect(sheets[0]!.rows.slice(1).map((row) => row[1])).toEqual(texts);
      },
    ),
    { numRuns: 50 },
  );
});

/** What other programs spoilt: leading zeros, sixteen digits and more, and what a spreadsheet takes for a formula. */
const SPOILT = ['06932169358293', '00367901234567890323', '468768768833943384', '=HYPERLINK("x")', '@SUM', '-1+1', '\t=1'];

it('codes that spreadsheets shorten and titles that they would run come back letter by letter', async () => {
  const { sheets } = await readXlsx(written(SPOILT.map((text) => [0, text, 1, 1])));
  expect(sheets[0]!.rows.slice(1).map((row) => row[1])).toEqual(SPOILT);
  const cells = csvLine(SPOILT).trimEnd().split(',');
  expect(cells.slice(0, 3)).toEqual(SPOILT.slice(0, 3));
  for (const cell of cells.slice(3)) expect(cell).toMatch(/^"?'/);
});

it('a line of CSV runs nothing, and is read as it was', () => {
  expect(csvLine(['0000000616', '=1+1', '-2', '@x', '+1', 'a "b", c', 49, undefined, '两\n行'])).toBe(
    `0000000616,'=1+1,'-2,'@x,'+1,"a ""b"", c",49,,"两\n行"\r\n`,
  );
});
