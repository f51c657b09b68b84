/** Lists the uses of a day at a shop, from both of Allinpay's lists. */
import type { PlatformRecord } from '../platform-lists.ts';
import type { Account } from './account.ts';
import type { Gateway } from './gateway.ts';
import { consumeHistory, readEntries, readVerified, verifyHistory, type Entry } from './history.ts';
import { KINDS, type Kind } from './kinds.ts';
import { gathered, nextPage, paged } from './paging.ts';

/** The most rows on a page. */
const PAGE = 200;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/**
 * Lists uses, newest first. 到餐's own list has all uses of the day by any means; the other kinds have those made through
 * Allinpay. A use in both lists is given once, and one that was undone the same day is left out.
 */
export async function recordsOn({ ask }: Gateway, account: Account, day: string): Promise<readonly PlatformRecord[]> {
  const verified = () =>
    paged<PlatformRecord>(async (cursor) => {
      const answer = await ask(account, verifyHistory(day, Number(cursor ?? '1'), PAGE));
      if (answer.kind === 'refused') return answer;
      const rows = readVerified(answer.data);
      return { rows, next: nextPage(cursor, rows.length, PAGE) };
    });
  const consumed = (kind: Kind) => () =>
    paged<Entry>(async (cursor) => {
      const page = { type: kind, pageNo: Number(cursor ?? '1'), pageSize: PAGE };
      const span = { createStartTime: `${day} 00:00:00`, createEndTime: `${day} 23:59:59` };
      const answer = await ask(account, consumeHistory({ ...page, ...span }));
      if (answer.kind === 'refused') return answer;
      const rows = readEntries(answer.data);
      return { rows, next: nextPage(cursor, rows.length, PAGE) };
    });
  const rows = (await gathered<readonly (PlatformRecord | Entry)[]>([verified, ...KINDS.map(consumed)])).flat();
  const seen = rows.filter((row): row is PlatformRecord => !isEntry(row));
  const alone = usesIn(rows.filter(isEntry)).filter((use) => !seen.some((row) => isSame(row, use)));
  const from = Date.parse(`${day}T00:00:00+08:00`);
  // The first list was seen to contain other days than the requested one.
  const onDay = ({ at = from }: PlatformRecord): boolean => at >= from && at < from + DAY_MS;
  return [...seen, ...alone].filter(onDay).toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0));
}

const isEntry = (row: PlatformRecord | Entry): row is Entry => 'marks' in row;

/** Gives the uses that no entry undoes, each once, should the lists of several kinds be the same one. */
function usesIn(entries: readonly Entry[]): readonly PlatformRecord[] {
  const undos = entries.filter(({ kind }) => kind === 'undo');
  const takenBack = (use: Entry): boolean =>
    undos.some((undo) => undo.tranNo === use.tranNo && undo.codes.every((code) => use.codes.includes(code)));
  const uses = entries.filter((entry) => entry.kind === 'use' && !takenBack(entry));
  const once = new Map(uses.map((use) => [`${use.tranNo} ${use.codes.join(' ')} ${use.at}`, use.record]));
  return [...once.values()].filter((record) => record !== undefined);
}

/** Whether two records are the same use, from both lists. */
const isSame = (a: PlatformRecord, b: PlatformRecord): boolean =>
  a.code === b.code && Math.abs((a.at ?? 0) - (b.at ?? 0)) < MINUTE_MS;
