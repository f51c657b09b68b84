/** Lists the uses of a day at a shop, from both of Allinpay's lists. */
import { countOf, present } from '../../fields.ts';
import { readPages, type SoFar } from '../lists/read-pages.ts';
import type { Refusal, TakeTurn } from '../platform.ts';
import type { PlatformRecord } from '../platform-lists.ts';
import type { Account } from './account.ts';
import { nonsense, type Call, type Gateway } from './gateway.ts';
import { consumeHistory, isEmpty, readEntries, readVerified, verifyHistory, type Entry } from './history.ts';
import { KINDS, type Kind } from './kinds.ts';
import { gathered } from './paging.ts';
import { recordsOf } from './tolerant-shapes.ts';

/** The most rows on a page, and the most pages that are read: more than any shop fills on a day. */
const PAGE = 200;
const PAGES = 50;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

type Row = PlatformRecord | Entry;

/**
 * Lists uses, newest first. 到餐's own list has all uses of the day by any means; the other kinds have those made through
 * Allinpay. A use in both lists is given once. One that was undone says so; of an undo whose use is another day's, only that is
 * known.
 */
export async function recordsOn(
  { ask }: Gateway,
  account: Account,
  day: string,
  inTurn: TakeTurn,
): Promise<readonly PlatformRecord[]> {
  /** A no to the first page is one to the list; the page after the last may be refused as empty. */
  const whole = async (
    callOf: (page: number) => Call,
    read: (data: unknown) => readonly Row[],
  ): Promise<readonly Row[] | Refusal> => {
    let no: Refusal | undefined;
    const ofPage = async ({ pages }: SoFar<Row>) => {
      const answer = await inTurn(() => ask(account, callOf(pages + 1)));
      if (answer.kind === 'yes') return { rows: read(answer.data), total: countOf(recordsOf(answer.data)[0]?.['total']) };
      if (pages > 0 && !isEmpty(answer)) throw nonsense(false, `refused a page: ${answer.reason}`);
      no = pages === 0 ? answer : undefined;
      return undefined;
    };
    const rows = await readPages<Row>(ofPage, { size: PAGE, most: PAGES, nameOf: JSON.stringify });
    return no && !isEmpty(no) ? no : rows;
  };
  const span = { createStartTime: `${day} 00:00:00`, createEndTime: `${day} 23:59:59` };
  const verified = () => whole((page) => verifyHistory(day, page, PAGE), readVerified);
  const consumed = (type: Kind) => () =>
    whole((pageNo) => consumeHistory({ type, pageNo, pageSize: PAGE, ...span }), readEntries);
  const rows = (await gathered<readonly Row[]>([verified, ...KINDS.map(consumed)])).flat();
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

const isEntry = (row: Row): row is Entry => 'marks' in row;

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
