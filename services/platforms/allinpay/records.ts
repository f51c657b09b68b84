/** Lists the uses of a day at a shop, from both of Allinpay's lists. */
import { present } from '../../fields.ts';
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
 * Allinpay. A use in both lists is given once. One that was undone says so; of an undo whose use is another day's, only that is known.
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
  const entries = recordsIn(rows.filter(isEntry));
  const seen = rows
    .filter((row): row is PlatformRecord => !isEntry(row))
    .map((row) => {
      const { ids } = entries.find((entry) => isSame(row, entry)) ?? {};
      return { ...row, ...present({ ids }) };
    });
  const alone = entries.filter((use) => !seen.some((row) => isSame(row, use)));
  const from = Date.parse(`${day}T00:00:00+08:00`);
  // The first list was seen to contain other days than the requested one.
  const onDay = ({ at = from }: PlatformRecord): boolean => at >= from && at < from + DAY_MS;
  return [...seen, ...alone].filter(onDay).toSorted((a, b) => (b.at ?? 0) - (a.at ?? 0));
}

const isEntry = (row: PlatformRecord | Entry): row is Entry => 'marks' in row;

/** Gives the uses and the undos without their use, each once, should the lists of several kinds be the same one. */
function recordsIn(entries: readonly Entry[]): readonly PlatformRecord[] {
  const undos = entries.filter(({ kind }) => kind === 'undo');
  const uses = entries.filter(({ kind }) => kind === 'use');
  const undoOf = (use: Entry): Entry | undefined => undos.find((undo) => undoes(undo, use));
  const rows = [
    ...uses.map((use) => ({ entry: use, undoneAt: undoOf(use)?.at })),
    ...undos.filter((undo) => !uses.some((use) => undoes(undo, use))).map((undo) => ({ entry: undo, undoneAt: undo.at })),
  ];
  const once = new Map(
    rows.map(({ entry, undoneAt }) => [
      `${entry.kind} ${entry.tranNo} ${entry.codes.join(' ')} ${entry.at}`,
      entry.record && { ...entry.record, ...present({ undoneAt }) },
    ]),
  );
  return [...once.values()].filter((record) => record !== undefined);
}

const undoes = (undo: Entry, use: Entry): boolean =>
  undo.tranNo === use.tranNo && undo.codes.every((code) => use.codes.includes(code));

/** Whether two records are the same use, from both lists. */
const isSame = (a: PlatformRecord, b: PlatformRecord): boolean =>
  b.undoneAt === undefined && a.code === b.code && Math.abs((a.at ?? 0) - (b.at ?? 0)) < MINUTE_MS;
