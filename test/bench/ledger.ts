/** How long the books take to answer when a million verifications stand in them, on SQLite in a file. */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sql } from 'kysely';
import { nextDay } from '../../services/time/business-day.ts';
import { createLedger, type Ledger } from '../../services/ledger/ledger.ts';
import { createKnownWords } from '../../services/ledger/names.ts';
import { createReadPage, positionOf, type Position } from '../../services/ledger/pages.ts';
import { readSearch } from '../../services/ledger/read-search.ts';
import { openSqlite, type Database } from '../../services/database/database.ts';
import { storeRow } from '../fixtures/rows.ts';
import { bookQuestions, makeSums, openBooks, type Question } from './books.ts';

/** One line of the table: what was asked, what it took, what is promised. */
export interface Figure {
  readonly what: string;
  readonly measured: string;
  readonly promised: string;
  readonly held: boolean;
}

const ROWS = 1_000_000;
const DAYS = 400;
const STORES = 50;
const FIRST_DAY = '2025-10-18';
/** Half of all rows are of one busy store: 1,250 a day. */
const BUSY = 'shop-0';
const QUIET = 'shop-7';
const ASKED = 100;
/** What is typed behind /history; CODE, TAIL, DAY and N are another one each time. */
const SEARCHES: readonly (readonly [string, string])[] = [
  ['newest', ''],
  ['a day', 'DAY'],
  ['a code', 'CODE'],
  ['four last digits', 'TAIL'],
  ['a code nobody sent', '99999999999'],
  ['a person', '员工N'],
  ['a person who left a year ago', '老李'],
  ['a deal', '畅打N小时'],
  ['every deal', '台球'],
  ['a place', 'N号桌'],
  ['a note', '生日N'],
  ['a customer', '顾客N'],
  ['nobody', '张三丰'],
  ['undone', '已撤销'],
  ['unsure, of which there are none', '待确认'],
  ['refunded', '已退款'],
  ['undo refused', '撤销失败'],
  ['last week', '上周'],
  ['last month, evenings', '上个月晚上'],
  ['small hours in which the shop is closed, 92 days', '近92天凌晨'],
  ['a person and a deal', '员工N 畅打7小时'],
  ['a person, a deal and a week', '上周 员工N 7小时'],
  ['who left, refused', '老李 未通过'],
  ['a deal nobody refused', '畅打4小时 已过期'],
];
const DAY_LIMIT_MS = 10;
const HISTORY_LIMIT_MS = 50;

export async function bench(rows: number = ROWS): Promise<readonly Figure[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hexiao-bench-'));
  try {
    const file = path.join(folder, 'hexiao.sqlite');
    const database = await openSqlite(file);
    try {
      const started = performance.now();
      await fill(database, rows);
      const seconds = (performance.now() - started) / 1000;
      const { size } = await stat(file);
      const filled = `${rows.toLocaleString('en')} rows, ${Math.round(size / 1e6)} MB, written in ${seconds.toFixed(1)} s`;
      return [
        { what: 'ledger', measured: filled, promised: '', held: true },
        ...(await ask(createLedger(database.db), database)),
      ];
    } finally {
      await database.close();
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The same books every time: 50 stores, 400 days, 30 products, 20 people, codes all different. */
async function fill({ db }: Database, rows: number): Promise<void> {
  await db
    .insertInto('account')
    .values({ id: 'account', platform: 'practice', identity: 'a', sealed: '', refused_at: null, created_at: 0 })
    .execute();
  await db
    .insertInto('store')
    .values(Array.from({ length: STORES }, (_, n) => storeRow(`shop-${n}`)))
    .execute();
  const first = Date.parse(`${FIRST_DAY}T00:00+08:00`);
  const perDay = Math.ceil(rows / DAYS);
  await sql`
    with recursive n (i) as (select 0 union all select i + 1 from n where i + 1 < ${rows}),
    fact as (
      select i, printf('%010d', (i * 7368787) % 10000000000) as code,
        ${first} + (i / ${perDay}) * 86400000 + (i % ${perDay}) * (86400000 / ${perDay}) as at,
        date(${FIRST_DAY}, '+' || (i / ${perDay}) || ' days') as day
      from n
    )
    insert into verification (id, store_id, code, code_tail, state, title, price, remaining, count, amount, coupon, chat_id,
      opened_at, person, person_name, request_id, submitted_at, business_day, settled_at, asked, notes, decided, changed_at,
      refusal, by_kind, place, note)
    select 'v' || i, 'shop-' || case i % 2 when 0 then 0 else 1 + (i / 2) % 49 end, code, substr(code, -4),
      case when i % 50 = 3 then 'refused' when i % 50 = 7 then 'undone' else 'verified' end,
      '台球畅打' || (i % 30) || '小时', 4900, 1, 1, 4900 + i % 1000,
      '{"kind":"coupon","code":"' || code || '","title":"台球畅打","price":4900,"remaining":1,"phone":"138****8000"}', 'telegram:-100',
      at, 'telegram:' || ((i / 2) % 20), case when i % 20 = 6 then '顾客' || i when i < 1000 then '老李' else '员工' || ((i / 2) % 20) end,
      'r' || i, at, day, at + 1000, 0, '[]', 0, at + 1000,
      case when i % 50 = 3 then '{"kind":"refused","reason":"used"}' end, case when i % 20 = 6 then 'customer' else 'person' end,
      case when i % 4 = 0 then (1 + (i / 4) % 60) || '号桌' end, case when i % 20 = 10 then '生日' || i end
    from fact`.execute(db);
}

async function ask(ledger: Ledger, database: Database): Promise<readonly Figure[]> {
  const { db } = database;
  const days = Array.from({ length: DAYS }, () => FIRST_DAY);
  for (let n = 1; n < DAYS; n++) days[n] = nextDay(days[n - 1]!);
  const dayOf = (n: number): string => days[(n * 37) % DAYS]!;
  const codes = await db
    .selectFrom('verification')
    .select('code')
    .where('store_id', '=', BUSY)
    .where('business_day', 'in', days.slice(0, 5))
    .limit(ASKED)
    .execute();
  const codeOf = (n: number): string => codes[n % codes.length]!.code;
  const store = { id: BUSY, zone: 'Asia/Shanghai', dayEnd: '00:00' };
  const now = Date.parse(`${days.at(-1)}T23:00+08:00`);
  const readPage = createReadPage(db);
  const known = createKnownWords(db);
  /** As `/history` does it: words read, their names looked up, and pages of eight. */
  const find = async (text: string, pages = 1): Promise<void> => {
    const { search, unknown } = await readSearch(text, store, { now, known });
    if (unknown.length > 0) return;
    let after: Position | undefined;
    for (let page = 0; page < pages; page++) {
      const found = await readPage(BUSY, search, 9, after && { after });
      if (found.length === 0) return;
      after = positionOf(found.at(-1)!);
    }
  };
  const books = openBooks(database, () => now);
  const cold = await timed(() => books.view(BUSY));
  const { seconds, longest } = await makeSums(books, STORES);
  const questions: readonly Question[] = [
    ['sum of a day, busy store (1,250 rows)', DAY_LIMIT_MS, (n) => ledger.figures(BUSY, dayOf(n))],
    ['sum of a day, quiet store', DAY_LIMIT_MS, (n) => ledger.figures(QUIET, dayOf(n))],
    ['sum of a day without rows', DAY_LIMIT_MS, () => ledger.figures(BUSY, '2020-01-01')],
    ...SEARCHES.map(
      ([what, text]) =>
        [
          `history: ${what}`,
          HISTORY_LIMIT_MS,
          (n: number) =>
            find(
              text
                .replace('CODE', codeOf(n))
                .replace('TAIL', codeOf(n).slice(-4))
                .replace('DAY', dayOf(n))
                .replace('N', String(n % 20)),
            ),
        ] as const,
    ),
    ['history: ten pages of a person, one after another', 10 * HISTORY_LIMIT_MS, (n) => find(`成功 员工${n % 20}`, 10)],
    [
      'days changed since yesterday',
      HISTORY_LIMIT_MS,
      () => ledger.changedDays(db, BUSY, days[DAYS - 1]!, Date.parse(`${days[DAYS - 2]}T00:00+08:00`)),
    ],
    ...bookQuestions(books, BUSY, dayOf),
  ];
  const figures: Figure[] = [
    {
      what: 'books: first view, busy store, in the minute after an update',
      measured: `${cold.toFixed(0)} ms`,
      promised: '',
      held: true,
    },
    {
      what: `books: the sums of ${STORES} stores, once after an update (longest turn ${longest.toFixed(0)} ms)`,
      measured: `${seconds.toFixed(1)} s`,
      promised: '',
      held: true,
    },
  ];
  for (const [what, limitMs, question] of questions) {
    await question(ASKED);
    const ms = await p99(question);
    figures.push({ what, measured: `${ms.toFixed(1)} ms`, promised: `≤ ${limitMs} ms`, held: ms <= limitMs });
  }
  return figures;
}

async function timed(question: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await question();
  return performance.now() - started;
}

/** What 99 of 100 questions stay within. */
async function p99(question: (n: number) => Promise<unknown>): Promise<number> {
  const took: number[] = [];
  for (let n = 0; n < ASKED; n++) took.push(await timed(() => question(n)));
  return took.toSorted((a, b) => a - b)[Math.ceil(ASKED * 0.99) - 1]!;
}
