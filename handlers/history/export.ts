/** 导出: a spreadsheet of the records that some words choose, for an owner: every row, and the totals of each day and product. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { ExportDays } from '../../services/ledger/export-days.ts';
import type { KnownWords } from '../../services/ledger/names.ts';
import { readSearch } from '../../services/ledger/read-search.ts';
import { dayAt } from '../../services/time/calendar.ts';
import type { Sleep } from '../../services/time/time.ts';
import { marked } from '../cards/practice-mark.ts';
import { say, type Handler, type StoreAsker } from '../handler.ts';
import type { Reply } from '../message.ts';
import { sumOf, TYPES, type Format } from './sheet.ts';
import { writeRecords, type Whole } from './write-records.ts';

/** The most rows of one file: more is slow to open, and too large to send. */
export const MOST_ROWS = 100_000;

export interface ExportParts {
  readonly exportDays: ExportDays;
  readonly knownWords: KnownWords;
  readonly now: () => number;
  readonly sleep: Sleep;
}

/** Makes the handler of `/export [words]`. The word csv makes it a CSV file. */
export function createExport({ exportDays, knownWords, now, sleep }: ExportParts): Handler<StoreAsker> {
  return async function* exported(_, { store, words }, rest) {
    const format = /(?:^|\s)csv(?=\s|$)/i.test(rest) ? 'csv' : 'xlsx';
    const asked = rest.replace(/(?:^|\s)(?:csv|xlsx)(?=\s|$)/gi, ' ').trim();
    const { search, said, unknown } = await readSearch(asked, store, { now: now(), known: knownWords });
    // A word that was not understood would have chosen fewer rows.
    if (unknown.length > 0)
      return yield say(
        [words.say('history-unknown', { words: unknown.join(words.say('list-comma')) }), words.say('export-how')].join('\n'),
      );
    const file = writeRecords([{ store, search }], { format, words, most: MOST_ROWS }, { exportDays, sleep });
    const pieces: Uint8Array[] = [];
    let next = await file.next();
    for (; !next.done; next = await file.next()) pieces.push(next.value);
    if (!next.value) return yield say(words.say('export-too-many', { count: MOST_ROWS }));
    yield fileOf(Buffer.concat(pieces), { format, said, ...next.value }, store, words, now());
  };
}

function fileOf(
  bytes: Buffer,
  { format, said, rows, totals }: { readonly format: Format; readonly said: readonly string[] } & Whole,
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
  const name = [words.say('export-records'), store.name, dayAt(now, store)].join(' ');
  return {
    kind: 'file',
    name: `${name}.${format}`,
    type: TYPES[format],
    bytes: bytes.toString('base64'),
    caption: marked(caption, store, words),
    sorry: words.say('export-sorry'),
    about: { storeId: store.id, for: 'owners' },
  };
}
