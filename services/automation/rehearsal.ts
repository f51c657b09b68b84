/** Rehearses a rule: what it would have done over the last 30 days, from the verifications that are stored. */
import type { Store } from '../accounts/stores.ts';
import type { Coupon, Fen } from '../coupons/coupon.ts';
import type { Db } from '../database/database.ts';
import type { SummaryRow } from '../ledger/ledger.ts';
import { previousDay } from '../time/business-day.ts';
import { dayAt } from '../time/calendar.ts';
import { wallTime } from '../time/wall-clock.ts';
import { read } from '../verification/repository/row-mapping.ts';
import { broughtBy, type Verification } from '../verification/verification.ts';
import { missOf, type Miss, type Occasion, type Rule } from './rule.ts';

/** One that the rule would have left to a press, and why. */
export interface Left {
  /** `unknown`: how its code was read was not noted then. */
  readonly why: Miss | 'unknown';
  readonly title: string;
  /** ms. */
  readonly at: number;
}

export interface Rehearsal {
  readonly days: number;
  /** The verifications that people and customers made from chats, refused ones left out. */
  readonly looked: number;
  /** Those that the rule would have taken, their money, and how many of them have been undone since. */
  readonly count: number;
  readonly total: Fen;
  readonly undone: number;
  readonly byDay: readonly SummaryRow[];
  readonly byProduct: readonly SummaryRow[];
  /** How many it would have left, by reason. */
  readonly left: Readonly<Partial<Record<Left['why'], number>>>;
  /** The latest of each reason. */
  readonly examples: readonly Left[];
}

const DAYS = 30;

export function createRehearsal({ db, now }: { db: Db; now: () => number }): (rule: Rule, store: Store) => Promise<Rehearsal> {
  /** What was verified on a day, in its order, undone or not. */
  const verifiedOn = async (storeId: string, day: string): Promise<readonly Verification[]> => {
    const rows = await db
      .selectFrom('verification')
      .selectAll()
      .where('store_id', '=', storeId)
      .where('business_day', '=', day)
      .where('by_kind', 'in', ['person', 'customer', 'rule'])
      .where('state', 'in', ['verified', 'undoing', 'undo-unsure', 'undone'])
      .where('confirmation', 'is', null)
      .where('chat_id', '<>', '')
      .orderBy('submitted_at')
      .orderBy('id')
      .execute();
    return rows.map(read);
  };

  return async (rule, store) => {
    const supposed = { ...rule, on: true };
    const days: string[] = [];
    for (let day = dayAt(now(), store); days.length < DAYS; day = previousDay(day)) days.unshift(day);
    const taken: { readonly v: Verification; readonly day: string }[] = [];
    const left: Left[] = [];
    for (const day of days) {
      let spent = 0;
      for (const v of await verifiedOn(store.id, day)) {
        const miss = missOf(supposed, occasionOf(v, store), { owned: true, spent });
        if (miss === undefined) {
          spent += 1;
          taken.push({ v, day });
        } else {
          const why = miss === 'reading' && v.reading === undefined ? 'unknown' : miss;
          left.push({ why, title: v.coupon.title, at: v.openedAt });
        }
      }
    }
    const reasons = Map.groupBy(left, ({ why }) => why);
    return {
      days: DAYS,
      looked: taken.length + left.length,
      count: taken.length,
      total: taken.reduce((sum, { v }) => sum + (v.amount ?? 0), 0),
      undone: taken.filter(({ v }) => v.state === 'undone').length,
      byDay: rowsOf(taken, ({ day }) => day),
      byProduct: rowsOf(taken, ({ v }) => v.coupon.title).toSorted((a, b) => b.count - a.count),
      left: Object.fromEntries([...reasons].map(([why, of]) => [why, of.length])),
      examples: [...reasons.values()].map((of) => of.at(-1)!),
    };
  };
}

function rowsOf<T extends { readonly v: Verification }>(taken: readonly T[], name: (one: T) => string): SummaryRow[] {
  return [...Map.groupBy(taken, name)].map(([key, of]) => ({
    name: key,
    count: of.length,
    total: of.reduce((sum, { v }) => sum + (v.amount ?? 0), 0),
  }));
}

/** A verification as it came in then; who was owner or staff then counts as staff. */
function occasionOf(v: Verification, { id: storeId, zone }: Store): Occasion {
  const coupon: Coupon = v.coupon;
  return {
    storeId,
    chat: v.chat,
    sender: broughtBy(v)?.kind === 'customer' ? 'customer' : 'staff',
    placeId: v.place?.id,
    reading: v.reading,
    uses: undefined,
    coupon,
    at: v.openedAt,
    wall: wallTime(v.openedAt, zone),
  };
}
