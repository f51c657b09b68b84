/** The file of exactly what the list of the books shows, written while it is sent. */
import type { Words } from '../../locales/index.ts';
import type { ExportDays } from '../../services/ledger/export-days.ts';
import { dayAt } from '../../services/time/calendar.ts';
import type { Sleep } from '../../services/time/time.ts';
import { TYPES, type Format } from '../history/sheet.ts';
import { writeRecords } from '../history/write-records.ts';
import type { Understood } from './filter.ts';

export const isFormat = (text: string): text is Format => Object.hasOwn(TYPES, text);

export interface Download {
  readonly name: string;
  readonly type: string;
  /** The bytes in order. Whoever stops asking for them stops the writing. */
  readonly pieces: AsyncIterable<Uint8Array<ArrayBuffer>>;
}

export type WriteDownload = (found: Pick<Understood, 'searches'>, format: Format, words: Words) => Download;

export function createWriteDownload(parts: {
  readonly exportDays: ExportDays;
  readonly sleep: Sleep;
  readonly now: () => number;
}): WriteDownload {
  return ({ searches }, format, words) => {
    const [first] = searches;
    const of = searches.length === 1 ? [first!.store.name] : [];
    const day = first ? [dayAt(parts.now(), first.store)] : [];
    return {
      name: `${[words.say('export-records'), ...of, ...day].join(' ')}.${format}`,
      type: TYPES[format],
      pieces: writeRecords(searches, { format, words }, parts),
    };
  };
}
