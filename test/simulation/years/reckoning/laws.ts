/** What must hold of every day, week and month of the years, by facts that were added up by other code than the program's. */
import type { Delivery } from '../../world/chats.ts';
import type { SharedDatabase } from '../../world/shared-database.ts';
import { createCalendar, dateAfter, type Calendar } from './calendar.ts';
import { createGroup, KEPT_DAYS, same, worded, type Unlived } from './group-laws.ts';
import { readPost, type Post } from './read-post.ts';
import { createReckoner, type FactRow, type Reckoner, type Sums } from './reckon.ts';
import { FIRST, type YearsStore } from '../town.ts';
import type { Told } from '../watch.ts';

export interface EndedYears {
  readonly shared: Pick<SharedDatabase, 'rows'>;
  readonly stores: readonly YearsStore[];
  readonly told: readonly Told[];
  readonly deliveries: readonly Delivery[];
  readonly unlived: readonly Unlived[];
  /** The time by the programs' clocks at the end. */
  readonly now: number;
}

export interface Verdict {
  readonly broken: readonly string[];
  /** Days, weeks and months of stores that groups were told, and corrections. */
  readonly posts: number;
  readonly corrections: number;
  readonly repeats: number;
  readonly uses: number;
}

export function judge({ shared, stores, told, deliveries, unlived, now }: EndedYears): Verdict {
  const broken: string[] = [];
  const heard = new Map<string, Post[]>();
  for (const { chat, text } of deliveries)
    for (const post of readPost(text)) {
      const key = `${chat} ${post.about}`;
      heard.set(key, [...(heard.get(key) ?? []), post]);
    }
  for (const [about, posts] of heard) if (!once(posts)) broken.push(`${about} was told ${posts.length} times`);
  let uses = 0;
  for (const store of stores) {
    const facts = shared.rows<FactRow>(
      `select stream, sequence, kind, subject, to_state, at, detail from fact where stream = 'store:${store.id}' order by sequence`,
    );
    uses += facts.filter(({ kind }) => kind === 'verification.confirm').length;
    const calendar = calendarOf(store, shared);
    const reckoner = createReckoner(facts, calendar);
    const mine = told.filter((one) => one.store === store.id);
    const groups = new Map(store.groups.map((chat) => [chat, createGroup(store, chat, { calendar, reckoner, heard, unlived })]));
    for (const [n, one] of mine.entries()) {
      reckoner.until(one.sequence);
      // What was corrected in the same transaction follows at once.
      const after = mine.slice(n + 1, n + 1 + KEPT_DAYS);
      const next = after.findIndex(({ fresh, chat }) => fresh === 1 || chat !== one.chat);
      if (one.fresh === 1) broken.push(...groups.get(one.chat)!.tell(one, after.slice(0, next < 0 ? undefined : next)));
    }
    reckoner.until(Infinity);
    broken.push(...reckoner.astray().map((line) => `${store.name}: ${line}`));
    const running = calendar.dayOf(now);
    for (const group of groups.values()) broken.push(...group.end(running));
    broken.push(...totals(store, shared, reckoner, running));
  }
  return {
    broken,
    posts: told.filter(({ fresh }) => fresh === 1).length,
    corrections: told.filter(({ fresh }) => fresh === 0).length,
    repeats: [...heard.values()].flat().filter(({ repeat }) => repeat).length,
    uses,
  };
}

/** At most once without the mark of a repeat, and one repeat at most. What came after the first is marked. */
const once = (posts: readonly Post[]): boolean => posts.length <= 2 && posts.slice(1).every(({ repeat }) => repeat);

/** What the store has gone by, from the facts about its settings. */
function calendarOf({ id, accountId }: YearsStore, shared: Pick<SharedDatabase, 'rows'>): Calendar {
  const calendar = createCalendar(FIRST);
  let rule = FIRST;
  const changes = shared.rows<FactRow>(
    `select * from fact where stream = 'account:${accountId}' and subject = '${id}' and kind in ('store.zone', 'store.day-end') order by sequence`,
  );
  for (const { kind, to_state, at } of changes) {
    const isEnd = kind === 'store.day-end';
    rule = isEnd ? { ...rule, dayEnd: to_state! } : { ...rule, zone: to_state! };
    calendar.change(at, rule, isEnd);
  }
  return calendar;
}

/** The sums of closed days that the books are made of. */
function totals({ id, name }: YearsStore, shared: Pick<SharedDatabase, 'rows'>, reckoner: Reckoner, running: string): string[] {
  const rows = shared.rows<Sums & { day: string }>(
    `select business_day as day, count, total, unpriced, undone, undone_total as undoneTotal, refused, unsure from day_total
      where store_id = '${id}' and business_day < '${running}' order by business_day`,
  );
  const kept = new Map(rows.map((row) => [row.day, row]));
  const [first] = rows;
  const wrong: string[] = [];
  for (let day = first?.day ?? running; day < running; day = dateAfter(day, 1)) {
    const right = reckoner.sums(day, day);
    const row = kept.get(day) ?? { count: 0, total: 0, unpriced: 0, undone: 0, undoneTotal: 0, refused: 0, unsure: 0 };
    if (!same(row, right)) wrong.push(`the books: ${name} ${day} is ${worded(row)} and should be ${worded(right)}`);
  }
  return wrong;
}
