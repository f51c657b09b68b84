/** Writes what searches find as a file, piece by piece: a day of a store at a time, while others have their turn. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { ExportDays } from '../../services/ledger/export-days.ts';
import type { Search } from '../../services/ledger/search.ts';
import { boundsOf } from '../../services/time/calendar.ts';
import type { Sleep } from '../../services/time/time.ts';
import { wallClock } from '../../services/time/wall-clock.ts';
import { stateText } from './rows.ts';
import { createSheet, totalsOf, type Format, type Total } from './sheet.ts';

/** Rows that are written in one turn of the event loop. */
const AT_ONCE = 250;

/** Of whose records a file is. */
export interface Sought {
  readonly store: Store;
  readonly search: Search;
}

export interface Whole {
  readonly rows: number;
  readonly totals: readonly Total[];
}

/** The bytes of the file in order, and what they hold; undefined where that would be more than `most` rows. */
export async function* writeRecords(
  searches: readonly Sought[],
  { format, words, most = Infinity }: { readonly format: Format; readonly words: Words; readonly most?: number },
  { exportDays, sleep }: { readonly exportDays: ExportDays; readonly sleep: Sleep },
): AsyncGenerator<Uint8Array<ArrayBuffer>, Whole | undefined> {
  const several = searches.length > 1;
  const sheet = createSheet(format, words, several);
  const totals: Total[] = [];
  let rows = 0;
  for (const { store, search } of searches) {
    const name = several ? store.name : undefined;
    for await (const day of exportDays(store.id, search)) {
      rows += day.rows.length;
      if (rows > most) return undefined;
      const clock = wallClock(store.zone, boundsOf(day.day, store));
      for (let from = 0; from < day.rows.length; from += AT_ONCE) {
        for (const row of day.rows.slice(from, from + AT_ONCE))
          sheet.add({ row, day: day.day, clock, became: stateText(row, store, words), store: name });
        // Others have their turn.
        await sleep(0);
        yield sheet.take();
      }
      totals.push(...totalsOf(day, name));
    }
  }
  sheet.end(totals);
  yield sheet.take();
  return { rows, totals };
}
