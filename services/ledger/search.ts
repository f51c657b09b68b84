/** What is searched for in a store's ledger, and how that is asked of the database: history, export and the API share it. */
import { sql, type Db, type RawBuilder } from '../database/database.ts';
import { endingSo, ofCodes } from './of-code.ts';
import type { RefusalReason } from '../platforms/refusals.ts';
import type { ClockRun } from '../time/spans.ts';
import type { State } from '../verification/verification.ts';

/** What became of a verification: one of these states, and why where that is asked. */
export interface Outcome {
  readonly states: readonly State[];
  readonly reason?: RefusalReason;
  /** Its undo was refused. */
  readonly undoRefused?: true;
}

/** All that are given must match. Plain data that survives JSON. */
export interface Search {
  /** Business days, both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Any of these moments of confirmation. */
  readonly clock?: readonly ClockRun[] | undefined;
  /** Any of these outcomes. */
  readonly outcomes?: readonly Outcome[] | undefined;
  /** The whole code. */
  readonly code?: string | undefined;
  /** Its end, four digits or more. */
  readonly codeEnd?: string | undefined;
  /** The whole name of what was sold, of whoever of the staff verified it, and of where. */
  readonly product?: string | undefined;
  readonly person?: string | undefined;
  readonly place?: string | undefined;
  /** Each word is a part of the product's, person's or place's name or of the note, in any of its spellings. */
  readonly words?: readonly (readonly string[])[] | undefined;
  /** The first day on which customers' names and notes count. */
  readonly saidSince?: string | undefined;
}

/** States that the index of states holds. */
export const isSparse = (state: State): boolean => state !== 'verified';

/** Makes a word fit for `like`: lower case, without its wild cards, and without the null character that PostgreSQL refuses. */
export const likeable = (word: string): string => word.replaceAll(/[%_\\\0]/g, '').toLowerCase();

/** The rows of a store that match; cards that nobody confirmed are none. `store` is the store's column in an index of its own. */
export function matching(db: Db, storeId: string, search: Search, store: RawBuilder<string> = sql.ref('store_id')) {
  const { from, to, clock, outcomes, code, codeEnd, product, person, place, words = [], saidSince } = search;
  const coded = code !== undefined || codeEnd !== undefined;
  // The rows of a code are of the store already. By its name or by the day, SQLite would read the whole store for them.
  let query = coded
    ? db.selectFrom('verification').where(sql<boolean>`coalesce(business_day, '') <> ''`)
    : db.selectFrom('verification').where(store, '=', storeId).where('business_day', 'is not', null);
  const day = coded ? sql<string>`coalesce(business_day, '')` : sql.ref<string>('business_day');
  if (from !== undefined) query = query.where(day, '>=', from);
  if (to !== undefined) query = query.where(day, '<=', to);
  if (code !== undefined) query = query.where('id', 'in', ofCodes(db, storeId, [code]));
  if (codeEnd !== undefined) query = query.where('id', 'in', endingSo(db, storeId, codeEnd));
  for (const is of named({ product, person, place })) query = query.where(is);
  if (clock) query = query.where((e) => e.or(clock.map(inRun)));
  if (outcomes)
    query = query.where((e) =>
      e.or(
        outcomes.map(({ states, reason, undoRefused }) =>
          e.and([
            e('state', 'in', states),
            ...(reason === undefined ? [] : [e('refusal', 'like', `%"reason":"${reason}"%`)]),
            ...(undoRefused ? [e('undo_refusal', 'is not', null)] : []),
          ]),
        ),
      ),
    );
  for (const spellings of words)
    query = query.where((e) => {
      const within = likeAny(spellings);
      const said = saidSince === undefined ? isSaid(spellings) : e.and([e('business_day', '>=', saidSince), isSaid(spellings)]);
      const staff = e.and([e('by_kind', '<>', 'customer'), within('person_name')]);
      return e.or([within('title'), staff, within('place'), said]);
    });
  return query;
}

/** The conditions of whole names, each a range of an index that is in the order of pages. */
export const exactly = ({
  product,
  person,
  place,
}: Pick<Search, 'product' | 'person' | 'place'>): readonly RawBuilder<boolean>[] => [
  ...(person === undefined ? [] : [sql<boolean>`(by_kind <> 'customer' and person_name = ${person})`]),
  ...(place === undefined ? [] : [sql<boolean>`(place is not null and place = ${place})`]),
  ...(product === undefined ? [] : [sql<boolean>`title = ${product}`]),
];

/** The same, where another index finds the rows: SQLite would rather take that of the names. */
const named = ({ product, person, place }: Pick<Search, 'product' | 'person' | 'place'>): readonly RawBuilder<boolean>[] => [
  ...(person === undefined ? [] : [sql<boolean>`(by_kind <> 'customer' and coalesce(person_name, '') = ${person})`]),
  ...(place === undefined ? [] : [sql<boolean>`coalesce(place, '') = ${place}`]),
  ...(product === undefined ? [] : [sql<boolean>`coalesce(title, '') = ${product}`]),
];

/** Tells whether a column has a word in any of its spellings as a part. */
const likeAny =
  (spellings: readonly string[]) =>
  (column: 'title' | 'person_name' | 'place' | 'note'): RawBuilder<boolean> =>
    sql<boolean>`(${sql.join(
      spellings.map((spelling) => sql`lower(${sql.ref(column)}) like ${`%${likeable(spelling)}%`}`),
      sql` or `,
    )})`;

/** Tells whether a word is a part of a customer's name or of a note. */
export const isSaid = (spellings: readonly string[]): RawBuilder<boolean> =>
  sql<boolean>`((by_kind = 'customer' and ${likeAny(spellings)('person_name')}) or ${likeAny(spellings)('note')})`;

const inRun = ({ from, until, length }: ClockRun) => {
  const [first, last, long] = [sql.lit(from), sql.lit(until), sql.lit(length)];
  return sql<boolean>`(submitted_at >= ${first} and submitted_at < ${last} and (submitted_at - ${first}) % 86400000 < ${long})`;
};
