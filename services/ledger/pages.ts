/** Pages through the verifications of a store that a search finds, newest first: each begins where the one before it ended. */
import { sql, type Db, type RawBuilder } from '../database/database.ts';
import { read } from '../verification/repository/row-mapping.ts';
import type { Verification } from '../verification/verification.ts';
import { namesOf, namesWith, SAID, STORE_OF_SAID } from './names.ts';
import { exactly, isSaid, isSparse, matching, type Search } from './search.ts';

/** The place of a verification in the order of pages. */
export interface Position {
  readonly day: string;
  /** When it was confirmed, ms. */
  readonly at: number;
  readonly id: string;
}

/** Where a page begins: after a position, toward older ones; or before it, which gives the page of the newer ones next to it. */
export type From = { readonly after: Position } | { readonly before: Position };

/** At most `limit` verifications, newest first, from the newest one on where no place is given. */
export type ReadPage = (storeId: string, search: Search, limit: number, from?: From) => Promise<readonly Verification[]>;

/** The position after a verification that was confirmed. */
export const positionOf = ({ id, businessDay, submittedAt }: Verification): Position => ({
  id,
  day: businessDay ?? '',
  at: submittedAt ?? 0,
});

/** The most index ranges that one query merges; SQLite allows 500. */
const MOST_RANGES = 60;

export function createReadPage(db: Db): ReadPage {
  return async (storeId, search, limit, from) => {
    const newer = from !== undefined && 'before' in from;
    const position = from && ('before' in from ? from.before : from.after);
    const bounded = position ? withinDays(search, position.day, newer) : search;
    const coded = search.code !== undefined || search.codeEnd !== undefined;
    const order = newer ? 'asc' : 'desc';
    const conditions = coded ? [] : await rangesOf(db, storeId, search);
    const here = (store?: RawBuilder<string>) => {
      const query = matching(db, storeId, bounded, store);
      if (!position) return query;
      // In a range of another index the day is hidden: SQLite would take the index of days for the sake of this comparison.
      const day = coded || conditions.length > 0 ? sql`coalesce(business_day, '')` : sql`business_day`;
      const than = newer ? sql`>` : sql`<`;
      return query.where(sql<boolean>`(${day}, submitted_at, id) ${than} (${position.day}, ${position.at}, ${position.id})`);
    };
    const inOrder = (query: ReturnType<typeof here>) =>
      query.orderBy('business_day', order).orderBy('submitted_at', order).orderBy('id', order).limit(limit);

    // The few rows of a code need no order before they are found.
    const ranges = coded
      ? [here().select('id')]
      : conditions.map(({ range, store }) => inOrder(here(store)).where(range).select('id'));
    const [first, ...others] = ranges.map((range) => db.selectFrom(range.as('range')).select('id'));
    const found =
      first === undefined
        ? inOrder(here())
        : inOrder(
            db
              .selectFrom('verification')
              .where('business_day', 'is not', null)
              .where(
                'id',
                'in',
                others.reduce((all, one) => all.unionAll(one), first),
              ),
          );
    const page = (await found.selectAll().execute()).map(read);
    return newer ? page.toReversed() : page;
  };
}

/** The day of the position bounds the range of the index; the row comparison alone would not. */
function withinDays(search: Search, day: string, newer: boolean): Search {
  if (newer) return { ...search, from: search.from === undefined || search.from < day ? day : search.from };
  return { ...search, to: search.to === undefined || search.to > day ? day : search.to };
}

/** A range of an index: its condition, and the store's column in that index where it is another. */
interface Range {
  readonly range: RawBuilder<boolean>;
  readonly store?: RawBuilder<string>;
}

/**
 * Conditions, each a range of an index that is in the order of pages, of which every row found fulfils one. None where the order
 * of days alone finds the rows soon: for a search without words, and for a word that is a part of very many names.
 */
async function rangesOf(db: Db, storeId: string, { outcomes, words = [], ...names }: Search): Promise<readonly Range[]> {
  const states = [...new Set(outcomes?.flatMap((outcome) => outcome.states))];
  const undoRefused = outcomes?.every((outcome) => outcome.undoRefused) ?? false;
  if (undoRefused) return [{ range: sql`undo_refusal is not null` }];
  if (states.length > 0 && states.every(isSparse))
    return states.map((state) => ({ range: sql`(business_day is not null and state <> 'verified' and state = ${state})` }));
  const [whole] = exactly(names);
  if (whole) return [{ range: whole }];
  if (words.length === 0) return [];
  const known = await namesOf(db, storeId);
  const [word, { titles, people, places }] = words
    .map((spellings) => [spellings, namesWith(known, spellings)] as const)
    .toSorted(([, a], [, b]) => count(a) - count(b))[0]!;
  if (titles.length + people.length + places.length > MOST_RANGES) return [];
  return [
    ...titles.map((title) => ({ range: sql<boolean>`title = ${title}` })),
    ...people.map((person) => ({ range: sql<boolean>`(by_kind <> 'customer' and person_name = ${person})` })),
    ...places.map((place) => ({ range: sql<boolean>`(place is not null and place = ${place})` })),
    { range: sql<boolean>`(${SAID} and ${isSaid(word)})`, store: STORE_OF_SAID },
  ];
}

const count = ({ titles, people, places }: Awaited<ReturnType<typeof namesOf>>): number =>
  titles.length + people.length + places.length;
