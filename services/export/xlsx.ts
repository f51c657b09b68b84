/**
 * Writes a workbook of plain sheets as XLSX, a row at a time: what is written is compressed and handed on, and nothing but that is
 * kept. Office Open XML, ECMA-376; texts are inline strings, so none is ever a formula.
 */
import { strToU8, Zip, ZipDeflate } from 'fflate';
import { widthOf } from '../charts/text-width.ts';

/**
 * `text`: never a number, so that leading zeros stay. `prose`: text that goes on in lines below. `money`: fen, shown in yuan.
 * `time` and `day`: ms by the wall clock.
 */
export type Kind = 'text' | 'prose' | 'whole' | 'money' | 'time' | 'day';

export interface Column {
  readonly title: string;
  readonly kind: Kind;
  /** In characters. */
  readonly width: number;
}

export type Cell = string | number | undefined;

export interface Workbook {
  /** Begins the next sheet, with its titles in a frozen first row. */
  sheet(name: string, columns: readonly Column[]): void;
  /** Adds a row to the sheet. */
  row(cells: readonly Cell[]): void;
  end(): void;
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const TYPES = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const DAY_MS = 86_400_000;
/** Days from the first day of Excel's calendar to 1970. */
const EPOCH = 25_569;
/** Characters that a cell holds at most. */
const LONGEST = 32_000;
/** Characters of a sheet that are compressed at once. */
const PIECE = 64 * 1024;

/** The width of a Chinese character in characters of a column, and the height of a line in points. */
const SQUARE = 2.1;
const LINE = 16;

/** Printed, a sheet is as wide as the paper. */
const FIT = '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>';

/**
 * The styles of cells, in their order in `cellXfs`: a format of numbers, and an alignment. Numbers keep off the text after them
 * (`_)`), and their titles off the button of the filter.
 */
const FORMATS = {
  none: [0],
  head: [0],
  numberHead: [0, 'horizontal="right" indent="2"'],
  text: [49],
  prose: [49, 'wrapText="1"'],
  whole: [167],
  money: [164],
  time: [165, 'horizontal="left"'],
  day: [166, 'horizontal="left"'],
} as const satisfies Readonly<Record<Kind | 'none' | 'head' | 'numberHead', readonly [number, string?]>>;
type Style = keyof typeof FORMATS;
const STYLE = Object.fromEntries(Object.keys(FORMATS).map((style, n) => [style, n])) as Readonly<Record<Style, number>>;
const CELL_STYLES = Object.entries(FORMATS).map(([style, [format, align = '']]) => {
  const bold = style === 'head' || style === 'numberHead' ? ' fontId="1" applyFont="1"' : '';
  return `<xf numFmtId="${format}" applyNumberFormat="1"${bold} applyAlignment="1"><alignment vertical="top" ${align}/></xf>`;
});
const STYLES = `${HEAD}<styleSheet xmlns="${MAIN}"><numFmts count="4"><numFmt numFmtId="164" formatCode="#,##0.00_)"/><numFmt numFmtId="167" formatCode="#,##0_)"/><numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/><numFmt numFmtId="166" formatCode="yyyy\\-mm\\-dd"/></numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="${CELL_STYLES.length}">${CELL_STYLES.join('')}</cellXfs></styleSheet>`;

/** `out` takes the bytes of the file, in order. */
export function createWorkbook(out: (piece: Uint8Array) => void): Workbook {
  const names: string[] = [];
  let columns: readonly Column[] = [];
  let rows = 0;
  let pending = '';
  let part: ZipDeflate | undefined;
  const zip = new Zip((error, piece) => {
    if (error) throw error;
    out(piece);
  });
  const open = (name: string): ZipDeflate => {
    const opened = new ZipDeflate(name, { level: 3 });
    zip.add(opened);
    return opened;
  };
  const file = (name: string, xml: string): void => open(name).push(strToU8(HEAD + xml), true);
  const write = (xml: string, last = false): void => {
    pending += xml;
    if (!last && pending.length < PIECE) return;
    part?.push(strToU8(pending), last);
    pending = '';
  };
  const close = (): void => {
    if (!part) return;
    const filter = `<autoFilter ref="A1:${letters(columns.length)}${rows}"/>`;
    write(`</sheetData>${filter}<pageSetup orientation="landscape" fitToHeight="0"/></worksheet>`, true);
    part = undefined;
  };
  const add = (cells: readonly string[], lines = 1): void => {
    rows += 1;
    // Not every program finds the height by itself.
    const height = lines > 1 ? ` ht="${lines * LINE}" customHeight="1"` : '';
    write(`<row r="${rows}"${height}>${cells.join('')}</row>`);
  };

  return {
    sheet(name, ofSheet) {
      close();
      names.push(sheetName(name));
      columns = ofSheet;
      rows = 0;
      part = open(`xl/worksheets/sheet${names.length}.xml`);
      const pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>';
      const view = `<sheetView${names.length === 1 ? ' tabSelected="1"' : ''} workbookViewId="0">${pane}</sheetView>`;
      const widths = columns.map(({ width }, n) => `<col min="${n + 1}" max="${n + 1}" width="${width}" customWidth="1"/>`);
      write(`${HEAD}<worksheet xmlns="${MAIN}">${FIT}<sheetViews>${view}</sheetViews><cols>${widths.join('')}</cols><sheetData>`);
      add(columns.map(({ title, kind }, n) => textCell(`${letters(n + 1)}1`, title, headOf(kind))));
    },
    row(cells) {
      const written = cells.map((cell, n) => cellText(`${letters(n + 1)}${rows + 1}`, cell, columns[n]?.kind ?? 'text'));
      add(written, Math.max(1, ...cells.map((cell, n) => linesOf(cell, columns[n]))));
    },
    end() {
      close();
      const sheets = names.map((name, n) => `<sheet name="${escaped(name)}" sheetId="${n + 1}" r:id="rId${n + 1}"/>`);
      // Printed, every page begins with the titles.
      const titles = names.map(
        (name, n) => `<definedName name="_xlnm.Print_Titles" localSheetId="${n}">'${escaped(name)}'!$1:$1</definedName>`,
      );
      file(
        'xl/workbook.xml',
        `<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${sheets.join('')}</sheets><definedNames>${titles.join('')}</definedNames></workbook>`,
      );
      const relation = (id: number, type: string, target: string): string =>
        `<Relationship Id="rId${id}" Type="${RELATIONS}/${type}" Target="${target}"/>`;
      const related = [
        ...names.map((_, n) => relation(n + 1, 'worksheet', `worksheets/sheet${n + 1}.xml`)),
        relation(names.length + 1, 'styles', 'styles.xml'),
      ];
      const relations = (all: readonly string[]): string =>
        `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${all.join('')}</Relationships>`;
      file('xl/_rels/workbook.xml.rels', relations(related));
      file('_rels/.rels', relations([relation(1, 'officeDocument', 'xl/workbook.xml')]));
      open('xl/styles.xml').push(strToU8(STYLES), true);
      const override = (name: string, type: string): string =>
        `<Override PartName="/xl/${name}" ContentType="${TYPES}.${type}+xml"/>`;
      const types = [
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>',
        override('workbook.xml', 'sheet.main'),
        override('styles.xml', 'styles'),
        ...names.map((_, n) => override(`worksheets/sheet${n + 1}.xml`, 'worksheet')),
      ];
      const xmlns = 'http://schemas.openxmlformats.org/package/2006/content-types';
      file('[Content_Types].xml', `<Types xmlns="${xmlns}">${types.join('')}</Types>`);
      zip.end();
    },
  };
}

/** The lines of prose in its column. */
function linesOf(cell: Cell, column: Column | undefined): number {
  if (typeof cell !== 'string' || column?.kind !== 'prose' || cell.length * SQUARE <= column.width) return 1;
  return Math.ceil((widthOf(cell) * SQUARE) / column.width);
}

/** Titles stand above the ends of numbers. */
const headOf = (kind: Kind): Style => (kind === 'whole' || kind === 'money' ? 'numberHead' : 'head');

function cellText(at: string, cell: Cell, kind: Kind): string {
  if (cell === undefined || cell === '') return '';
  if (typeof cell === 'string') return textCell(at, cell, kind === 'prose' ? 'prose' : 'text');
  const value = kind === 'money' ? yuan(cell) : kind === 'time' || kind === 'day' ? cell / DAY_MS + EPOCH : cell;
  return `<c r="${at}" s="${STYLE[kind]}"><v>${value}</v></c>`;
}

const textCell = (at: string, text: string, style: Style): string =>
  `<c r="${at}" s="${STYLE[style]}" t="inlineStr"><is><t xml:space="preserve">${escaped(text.slice(0, LONGEST))}</t></is></c>`;

/** Writes fen as yuan: a decimal text keeps every fen exact. */
export function yuan(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(3, '0');
  return `${fen < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

const MARKS: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Escapes a text for XML, without the characters that XML has not: controls, half characters, and two that are none. */
const escaped = (text: string): string =>
  text
    .toWellFormed()
    // oxlint-disable-next-line no-control-regex -- XML has none of these
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replaceAll(/[&<>"]/g, (mark) => MARKS[mark]!);

/** Excel refuses these characters in the name of a sheet, and more than 31. */
const sheetName = (name: string): string =>
  name
    .replaceAll(/[[\]:*?/\\']/g, ' ')
    .slice(0, 31)
    .trim() || 'Sheet';

/** The letters of a column, from 1: A, B, … Z, AA. */
const letters = (column: number): string =>
  column <= 26 ? String.fromCharCode(64 + column) : letters(Math.floor((column - 1) / 26)) + letters(((column - 1) % 26) + 1);
