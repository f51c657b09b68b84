/** The names in a store's ledger: what was sold, who verified, where. Few, and read by skipping through their indexes. */
import { sql, type Db } from '../database/database.ts';
import { isSaid, likeable, matching, type Search } from './search.ts';

export interface Names {
  readonly titles: readonly string[];
  /** Staff, owners, keys and rules; customers are too many. */
  readonly people: readonly string[];
  readonly places: readonly string[];
}

/** The most names of a kind that are read. */
const MOST = 2000;

/** Reads a step of the index at a time: a `distinct` would read all rows of the store. */
async function distinct(db: Db, storeId: string, column: 'title' | 'person_name' | 'place'): Promise<readonly string[]> {
  const name = sql.ref(column);
  // Each condition is that of the column's partial index, literally.
  const where = {
    title: sql`business_day is not null`,
    person_name: sql`business_day is not null and by_kind <> 'customer'`,
    place: sql`business_day is not null and place is not null`,
  }[column];
  const { rows } = await sql<{ name: string }>`
    with recursive found (name) as (
      select * from (select ${name} from verification where store_id = ${storeId} and ${where} and ${name} is not null
        order by ${name} limit 1) as first
      union all
      select (select ${name} from verification where store_id = ${storeId} and ${where} and ${name} > found.name
        order by ${name} limit 1) from found where found.name is not null
    )
    select name from found where name is not null limit ${sql.lit(MOST)}`.execute(db);
  return rows.map((row) => row.name);
}

export async function namesOf(db: Db, storeId: string): Promise<Names> {
  const [titles, people, places] = await Promise.all([
    distinct(db, storeId, 'title'),
    distinct(db, storeId, 'person_name'),
    distinct(db, storeId, 'place'),
  ]);
  return { titles, people, places };
}

/** The names that a word in any of these spellings is a part of. */
export function namesWith(names: Names, spellings: readonly string[]): Names {
  const parts = spellings.map(likeable);
  const having = (all: readonly string[]) => all.filter((name) => parts.some((part) => name.toLowerCase().includes(part)));
  return { titles: having(names.titles), people: having(names.people), places: having(names.places) };
}

/**
 * The words that are a part of some name in the store, or of what was said there: a customer's name or a note, in the days of
 * `search`.
 */
export type KnownWords = (
  storeId: string,
  words: readonly (readonly string[])[],
  search: Pick<Search, 'from' | 'to' | 'saidSince'>,
) => Promise<readonly boolean[]>;

export function createKnownWords(db: Db): KnownWords {
  return async (storeId, words, search) => {
    if (words.length === 0) return [];
    const names = await namesOf(db, storeId);
    const known: boolean[] = [];
    for (const spellings of words) {
      const usable = spellings.filter((spelling) => likeable(spelling).trim() !== '');
      const { titles, people, places } = namesWith(names, usable);
      known.push(
        usable.length > 0 && (titles.length + people.length + places.length > 0 || (await wasSaid(db, storeId, usable, search))),
      );
    }
    return known;
  };
}

/** The condition and the first column of the index of what was said, literally. */
export const SAID = sql<boolean>`(business_day is not null and (note is not null or by_kind = 'customer'))`;
export const STORE_OF_SAID = sql<string>`(case when note is not null or by_kind = 'customer' then store_id end)`;

/** Whether a word was said in the days of a search; read from the index alone. */
async function wasSaid(db: Db, storeId: string, word: readonly string[], { from, to, saidSince }: Search): Promise<boolean> {
  const said = matching(db, storeId, { from: saidSince ?? from, to }, STORE_OF_SAID)
    .where(SAID)
    .where(isSaid(word));
  return (await said.select(sql.lit(1).as('one')).limit(1).execute()).length > 0;
}
