/** The audit trail of a store: changes of its people, bindings and settings, and what people decided about a coupon, newest first. */
import type { Store } from '../accounts/store.ts';
import { sql, type Db } from '../database/database.ts';
import { boundsOf, type Calendar } from '../time/calendar.ts';
import { readFact, type Fact, type Stream } from './facts.ts';

/** Business days, `YYYY-MM-DD`, both included. */
export interface Days {
  readonly from: string;
  readonly to: string;
}

/** What people decide about a coupon. Everything else that happens to one is in the records. */
export const DECISION_KINDS = [
  'verification.decide-yes',
  'verification.decide-no',
  'approval.agreed',
  'approval.declined',
] as const;
export type DecisionKind = (typeof DECISION_KINDS)[number];

/** The place of a fact in the order of pages. */
export type TrailPosition = Pick<Fact, 'at' | 'stream' | 'sequence'>;

/** Where a page begins: after a fact, toward older ones; or before it, which gives the page of the newer ones next to it. */
export type TrailFrom = { readonly after: TrailPosition } | { readonly before: TrailPosition };

export interface Trail {
  /** At most `limit` facts of the store, and of its account as a whole, newest first. */
  page(store: Pick<Store, 'id' | 'accountId'> & Calendar, days: Days, limit: number, from?: TrailFrom): Promise<readonly Fact[]>;
}

/** The condition of the index of decisions, literally. */
const IS_DECISION = sql<boolean>`kind in (${sql.join(DECISION_KINDS.map((kind) => sql.lit(kind)))})`;
/** What a platform tells of coupons is written under the account, too. */
const IS_OF_COUPON = sql<boolean>`kind like 'coupon.%'`;
/** In JSON a quotation mark within a text has a backslash before it: this is the field, never a name. */
const isAt = (storeId: string) =>
  sql<boolean>`(detail not like '%"store":%' or detail like ${`%"store":${JSON.stringify(storeId)}%`})`;

export function createTrail(db: Db): Trail {
  return {
    async page({ id, accountId, ...calendar }, days, limit, from) {
      const bounds = { from: boundsOf(days.from, calendar).from, to: boundsOf(days.to, calendar).to };
      const read = async (stream: Stream, which: 'decisions' | 'changes'): Promise<readonly Fact[]> => {
        const rows = await factsOf(db, stream, bounds, from)
          .$if(which === 'decisions', (query) => query.where(IS_DECISION))
          .$if(which === 'changes', (query) => query.where((e) => e.and([e.not(IS_OF_COUPON), isAt(id)])))
          .limit(limit)
          .execute();
        return rows.map(readFact);
      };
      const changes = await read(`account:${accountId}`, 'changes');
      const decisions = await read(`store:${id}`, 'decisions');
      const all = [...changes, ...decisions].toSorted(newestFirst);
      return from && 'before' in from ? all.slice(-limit) : all.slice(0, limit);
    },
  };
}

/** The facts of a stream in the order of their page: away from where it begins. */
function factsOf(db: Db, stream: Stream, { from, to }: { readonly from: number; readonly to: number }, start?: TrailFrom) {
  const newer = start !== undefined && 'before' in start;
  const order = newer ? 'asc' : 'desc';
  const query = db
    .selectFrom('fact')
    .selectAll()
    .where('stream', '=', stream)
    .orderBy('at', order)
    .orderBy('sequence', order)
    .where('at', '>=', newer ? Math.max(from, start.before.at) : from);
  if (start === undefined) return query.where('at', '<', to);
  const position = newer ? start.before : start.after;
  const than = newer ? sql`>` : sql`<`;
  return query
    .where('at', '<', newer ? to : Math.min(to, position.at + 1))
    .where(sql<boolean>`(at, stream, sequence) ${than} (${position.at}, ${position.stream}, ${position.sequence})`);
}

const newestFirst = (one: Fact, other: Fact): number =>
  other.at - one.at || (one.stream < other.stream ? 1 : one.stream > other.stream ? -1 : other.sequence - one.sequence);
