/** The file of an export as it grows: rows go in, bytes come out, so that nobody holds the whole of it. */
import type { Words } from '../../locales/index.ts';
import { BOM, csvLine } from '../../services/export/csv.ts';
import { createWorkbook, yuan, type Cell, type Column } from '../../services/export/xlsx.ts';
import type { ExportDay, ExportRow } from '../../services/ledger/export-days.ts';
import { reckon, type SummaryRow } from '../../services/ledger/ledger.ts';

export type Format = 'xlsx' | 'csv';

/** The media types. */
export const TYPES: Readonly<Record<Format, string>> = {
  csv: 'text/csv',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

/** The uses and money of one product on one day, as the summary has them. */
export interface Total extends SummaryRow {
  readonly day: string;
  /** The name of the store, where the file is of several. */
  readonly store?: string | undefined;
}

/** A row as it is written. */
export interface Written {
  readonly row: ExportRow;
  readonly day: string;
  /** Gives a moment as the store's clock shows it. */
  readonly clock: (at: number) => number;
  /** Says in words what became of it. */
  readonly became: string;
  readonly store?: string | undefined;
}

export interface Sheet {
  add(written: Written): void;
  end(totals: readonly Total[]): void;
  /** The bytes since the last time. */
  take(): Uint8Array<ArrayBuffer>;
}

/** `several`: the rows are of several stores, and name theirs. */
export const createSheet = (format: Format, words: Words, several: boolean): Sheet =>
  format === 'csv' ? csvSheet(words, several) : xlsxSheet(words, several);

/** The uses and money of a day by product. */
export const totalsOf = ({ day, rows }: ExportDay, store?: string): readonly Total[] =>
  reckon(
    rows.map(({ state, title, personId = null, person = null, count, amount = null }) => ({
      state,
      title,
      person: personId,
      person_name: person,
      count,
      amount,
    })),
  ).byProduct.map((row) => ({ ...row, day, store }));

export const sumOf = (totals: readonly Total[]) =>
  totals.reduce((sum, { count, total }) => ({ count: sum.count + count, total: sum.total + total }), { count: 0, total: 0 });

/** States whose money counts. */
const counts = ({ state }: ExportRow): boolean => state === 'verified' || state === 'undoing' || state === 'undo-unsure';

const storeColumn = (words: Words, several: boolean): readonly Column[] =>
  several ? [{ title: words.say('field-store'), kind: 'prose', width: 20 }] : [];

const columnsOf = (words: Words, several: boolean): readonly Column[] => [
  ...storeColumn(words, several),
  { title: words.say('export-time'), kind: 'time', width: 17 },
  { title: words.say('export-day'), kind: 'day', width: 14 },
  { title: words.say('export-outcome'), kind: 'prose', width: 17 },
  { title: words.say('field-deal'), kind: 'prose', width: 40 },
  { title: words.say('field-code'), kind: 'text', width: 18 },
  { title: words.say('export-uses'), kind: 'whole', width: 9 },
  { title: words.say('export-amount'), kind: 'money', width: 18 },
  { title: words.say('export-undone'), kind: 'money', width: 19 },
  { title: words.say('field-by'), kind: 'prose', width: 16 },
  { title: words.say('field-place'), kind: 'prose', width: 14 },
  { title: words.say('field-note'), kind: 'prose', width: 24 },
];

/** The cells of a row. Money stands in the column of what counts or in that of what was undone, so that each column adds up. */
const cellsOf = ({ row, day, clock, became, store }: Written, several: boolean): readonly Cell[] => [
  ...(several ? [store] : []),
  clock(row.at),
  Date.parse(day),
  became,
  row.title,
  row.code,
  row.count,
  counts(row) ? row.amount : undefined,
  row.state === 'undone' ? row.amount : undefined,
  row.person,
  row.place,
  row.note,
];

/** Gives what came in so far, and forgets it. */
function createPieces() {
  let pieces: Uint8Array[] = [];
  return {
    push: (piece: Uint8Array): void => void pieces.push(piece),
    take(): Uint8Array<ArrayBuffer> {
      const bytes = Buffer.concat(pieces);
      pieces = [];
      return bytes;
    },
  };
}

/** Excel has 1,048,576 rows in a sheet. */
const MOST_IN_SHEET = 1_000_000;

function xlsxSheet(words: Words, several: boolean): Sheet {
  const { push, take } = createPieces();
  const book = createWorkbook(push);
  const columns = columnsOf(words, several);
  let rows = 0;
  return {
    take,
    add(written) {
      if (rows % MOST_IN_SHEET === 0) book.sheet(sheetName(words, rows / MOST_IN_SHEET), columns);
      rows += 1;
      book.row(cellsOf(written, several));
    },
    end(totals) {
      if (rows === 0) book.sheet(sheetName(words, 0), columns);
      book.sheet(words.say('export-totals'), [
        ...storeColumn(words, several),
        { title: words.say('export-day'), kind: 'day', width: 14 },
        { title: words.say('field-deal'), kind: 'prose', width: 40 },
        { title: words.say('export-uses'), kind: 'whole', width: 9 },
        { title: words.say('export-amount'), kind: 'money', width: 18 },
      ]);
      for (const { day, name, count, total, store } of totals)
        book.row([...(several ? [store] : []), Date.parse(day), name, count, total]);
      const { count, total } = sumOf(totals);
      book.row([...(several ? [undefined] : []), undefined, words.say('export-sum'), count, total]);
      book.end();
    },
  };
}

const sheetName = (words: Words, full: number): string =>
  full === 0 ? words.say('export-records') : `${words.say('export-records')} ${full + 1}`;

function csvSheet(words: Words, several: boolean): Sheet {
  const columns = columnsOf(words, several);
  const { push, take } = createPieces();
  push(Buffer.from(BOM + csvLine(columns.map(({ title }) => title))));
  return {
    take,
    add: (written) => {
      const cells = cellsOf(written, several).map((cell, n) => (typeof cell === 'number' ? plain(cell, columns[n]!) : cell));
      push(Buffer.from(csvLine(cells)));
    },
    end: () => undefined,
  };
}

/** A number as CSV has it; an amount is no text, and its minus no formula. */
function plain(cell: number, { kind }: Column): string | number {
  if (kind === 'money') return yuan(cell);
  if (kind === 'whole') return cell;
  return new Date(cell)
    .toISOString()
    .slice(0, kind === 'day' ? 10 : 16)
    .replace('T', ' ');
}
