/** 导出: a spreadsheet of the records that some words choose, for an owner: every row, and the totals of each day and product. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { ExportDay, ExportDays, ExportRow } from '../../services/ledger/export-days.ts';
import { reckon, type SummaryRow } from '../../services/ledger/ledger.ts';
import type { KnownWords } from '../../services/ledger/names.ts';
import { readSearch } from '../../services/ledger/read-search.ts';
import { BOM, csvLine } from '../../services/export/csv.ts';
import { createWorkbook, yuan, type Cell, type Column } from '../../services/export/xlsx.ts';
import { businessDay, dayBounds } from '../../services/time/business-day.ts';
import type { Sleep } from '../../services/time/time.ts';
import { wallClock } from '../../services/time/wall-clock.ts';
import { marked } from '../cards/practice-mark.ts';
import { say, type Handler, type StoreAsker } from '../handler.ts';
import type { Reply } from '../message.ts';
import { stateText } from './rows.ts';

/** The most rows of one file: more is slow to open, and too large to send. */
export const MOST_ROWS = 100_000;
/** Rows that are written in one turn of the event loop. */
const AT_ONCE = 250;

export interface ExportParts {
  readonly exportDays: ExportDays;
  readonly knownWords: KnownWords;
  readonly now: () => number;
  readonly sleep: Sleep;
}

/** Makes the handler of `/export [words]`. The word csv makes it a CSV file. */
export function createExport({ exportDays, knownWords, now, sleep }: ExportParts): Handler<StoreAsker> {
  return async function* exported(_, { store, words }, rest) {
    const csv = /(?:^|\s)csv(?=\s|$)/i.test(rest);
    const asked = rest.replace(/(?:^|\s)(?:csv|xlsx)(?=\s|$)/gi, ' ').trim();
    const { search, said, unknown } = await readSearch(asked, store, { now: now(), known: knownWords });
    // A word that was not understood would have chosen fewer rows.
    if (unknown.length > 0)
      return yield say(
        [words.say('history-unknown', { words: unknown.join(words.say('list-comma')) }), words.say('export-how')].join('\n'),
      );
    const sheet = csv ? csvSheet(words) : xlsxSheet(words);
    const totals: Total[] = [];
    let rows = 0;
    for await (const day of exportDays(store.id, search)) {
      rows += day.rows.length;
      if (rows > MOST_ROWS) return yield say(words.say('export-too-many', { count: MOST_ROWS }));
      const clock = wallClock(store.zone, dayBounds(day.day, store.zone, store.dayEnd));
      for (let from = 0; from < day.rows.length; from += AT_ONCE) {
        for (const row of day.rows.slice(from, from + AT_ONCE)) sheet.add(row, day.day, clock, stateText(row, store, words));
        // Others have their turn.
        await sleep(0);
      }
      totals.push(...totalsOf(day));
    }
    yield fileOf(sheet.end(totals), { csv, said, rows, totals }, store, words, now());
  };
}

/** The uses and money of one product on one day, as the summary has them. */
interface Total extends SummaryRow {
  readonly day: string;
}

const totalsOf = ({ day, rows }: ExportDay): readonly Total[] =>
  reckon(
    rows.map(({ state, title, personId = null, person = null, count, amount = null }) => ({
      state,
      title,
      person: personId,
      person_name: person,
      count,
      amount,
    })),
  ).byProduct.map((row) => ({ ...row, day }));

const sumOf = (totals: readonly Total[]) =>
  totals.reduce((sum, { count, total }) => ({ count: sum.count + count, total: sum.total + total }), { count: 0, total: 0 });

/** States whose money counts. */
const counts = ({ state }: ExportRow): boolean => state === 'verified' || state === 'undoing' || state === 'undo-unsure';

interface Sheet {
  add(row: ExportRow, day: string, clock: (at: number) => number, became: string): void;
  end(totals: readonly Total[]): Buffer;
}

const columnsOf = (words: Words): readonly Column[] => [
  { title: words.say('export-time'), kind: 'time', width: 17 },
  { title: words.say('export-day'), kind: 'day', width: 12 },
  { title: words.say('export-outcome'), kind: 'text', width: 12 },
  { title: words.say('field-deal'), kind: 'text', width: 30 },
  { title: words.say('field-code'), kind: 'text', width: 18 },
  { title: words.say('export-uses'), kind: 'whole', width: 8 },
  { title: words.say('export-amount'), kind: 'money', width: 12 },
  { title: words.say('export-undone'), kind: 'money', width: 12 },
  { title: words.say('field-by'), kind: 'text', width: 14 },
  { title: words.say('field-place'), kind: 'text', width: 14 },
  { title: words.say('field-note'), kind: 'text', width: 24 },
];

/** The cells of a row. Money stands in the column of what counts or in that of what was undone, so that each column adds up. */
const cellsOf = (row: ExportRow, day: string, clock: (at: number) => number, became: string): readonly Cell[] => [
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

function xlsxSheet(words: Words): Sheet {
  const pieces: Uint8Array[] = [];
  const book = createWorkbook((piece) => pieces.push(piece));
  book.sheet(words.say('export-records'), columnsOf(words));
  return {
    add: (...row) => book.row(cellsOf(...row)),
    end(totals) {
      book.sheet(words.say('export-totals'), [
        { title: words.say('export-day'), kind: 'day', width: 12 },
        { title: words.say('field-deal'), kind: 'text', width: 30 },
        { title: words.say('export-uses'), kind: 'whole', width: 8 },
        { title: words.say('export-amount'), kind: 'money', width: 14 },
      ]);
      for (const { day, name, count, total } of totals) book.row([Date.parse(day), name, count, total]);
      const { count, total } = sumOf(totals);
      book.row([undefined, words.say('export-sum'), count, total]);
      book.end();
      return Buffer.concat(pieces);
    },
  };
}

function csvSheet(words: Words): Sheet {
  const columns = columnsOf(words);
  const pieces = [Buffer.from(BOM + csvLine(columns.map(({ title }) => title)))];
  return {
    add: (...row) => {
      const cells = cellsOf(...row).map((cell, n) => (typeof cell === 'number' ? plain(cell, columns[n]!) : cell));
      pieces.push(Buffer.from(csvLine(cells)));
    },
    end: () => Buffer.concat(pieces),
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

function fileOf(
  bytes: Buffer,
  { csv, said, rows, totals }: { csv: boolean; said: readonly string[]; rows: number; totals: readonly Total[] },
  store: Store,
  words: Words,
  now: number,
): Reply {
  const { count, total } = sumOf(totals);
  const caption = words.say('export-caption', {
    store: store.name,
    asked: said.length > 0 ? said.join(' · ') : words.say('export-all'),
    rows,
    count,
    total: words.money(total),
  });
  const name = [words.say('export-records'), store.name, businessDay(now, store.zone, store.dayEnd)].join(' ');
  return {
    kind: 'file',
    name: `${name}.${csv ? 'csv' : 'xlsx'}`,
    type: csv ? 'text/csv' : 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    bytes: bytes.toString('base64'),
    caption: marked(caption, store, words),
    sorry: words.say('export-sorry'),
  };
}
