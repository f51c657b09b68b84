/** Key-value collections with a time to live, by Keyv over the application's database, sealed: cards, dialogues, invitations, tokens. */
import { EventEmitter } from 'node:events';
import { Keyv, keyvStorageCapability, type KeyvStorageAdapter, type KeyvStorageEntry } from 'keyv';
import type { Collection, Collections } from '../collection.ts';
import type { Db, Tx } from './database.ts';
import { prepared } from './prepared.ts';
import { PLACES, WrongKey, type Seal } from './seal.ts';
import { readStoredValue } from './stored-words.ts';

export type { Collection, Collections } from '../collection.ts';

/** Begins the key of a row that is found by a secret word. */
const HIDDEN = 'h.';

/** Creates collections over `db`. Each name gets its own storage object: Keyv mixes namespaces that share one. */
export function createCollections(db: Db, seal: Seal, now: () => number): Collections {
  const queries = createQueries(db);
  return <T>(name: string, ttlMs: number, { secretKeys = false, relaxed = false } = {}): Collection<T> => {
    const keyv = new Keyv<T>({
      // Keyv's own interface asks for loosely typed generics that a checked implementation cannot spell.
      store: new KyselyStorage(
        db,
        relaxed ? { ...queries, set: queries.setRelaxed } : queries,
        seal,
        now,
      ) as unknown as KeyvStorageAdapter,
      namespace: name,
      // Its clock is the machine's. Values carry the end of their life, and the storage gives no dead ones.
      checkExpired: false,
      throwOnErrors: true,
    });
    const read = async (row: string): Promise<T | undefined> => {
      const stored = await keyv.getRaw<T>(row);
      // Keyv's type allows text for storages without an envelope; ours has one.
      return typeof stored === 'object' ? (readStoredValue(name, stored.value, stored.expires) as T) : undefined;
    };
    /** The keys of rows that a key may be kept under: today's first, and last the clear one of earlier versions. */
    const rowsOf = (key: string): readonly [string, ...string[]] => {
      if (!secretKeys) return [key];
      const [first, ...former] = seal.indexes(`${name} ${key}`).map((index) => HIDDEN + index);
      // What is read in the database is no word itself.
      return [first!, ...former, ...(key.startsWith(HIDDEN) ? [] : [key])];
    };
    return {
      async get(key) {
        for (const row of rowsOf(key)) {
          const value = await read(row);
          if (value !== undefined) return value;
        }
        return undefined;
      },
      async set(key, value, ttl) {
        const expires = now() + (ttl ?? ttlMs);
        if (!(await keyv.setRaw(rowsOf(key)[0], { value, expires }))) throw new Error(`${name}: could not be stored`);
      },
      async delete(key) {
        for (const row of rowsOf(key)) if (await keyv.delete(row)) return true;
        return false;
      },
      async take(key) {
        for (const row of rowsOf(key)) {
          const value = await read(row);
          if (value !== undefined) return (await keyv.delete(row)) ? value : undefined;
        }
        return undefined;
      },
    };
  };
}

/** Reads what Keyv wrote. */
const plain = new Keyv();

/**
 * Removes values of a collection whose life is over, at most so many, and gives them with the end of their life, ms: each to
 * exactly one of several takers. What was sealed with an unknown key is removed and not given.
 */
export async function takeExpired(
  on: Db | Tx,
  seal: Seal,
  { ns, now, most }: { ns: string; now: number; most: number },
): Promise<readonly { readonly value: unknown; readonly expires: number }[]> {
  const ended = on.selectFrom('kv').select('k').where('ns', '=', ns).where('expires', '<=', now).limit(most);
  const rows = await on.deleteFrom('kv').where('ns', '=', ns).where('k', 'in', ended).returning(['k', 'v', 'expires']).execute();
  const values = await Promise.all(
    rows.map(async ({ k, v, expires }) => {
      try {
        const stored = await plain.decode(seal.open(v, PLACES.kv(ns, k)));
        if (typeof stored !== 'object' || expires === null) return [];
        return [{ value: readStoredValue(ns, stored.value, expires), expires }];
      } catch (error) {
        if (error instanceof WrongKey) return [];
        throw error;
      }
    }),
  );
  return values.flat();
}

/** Which values of a collection: those whose key begins with `prefix`, letters, digits and dots. */
interface Some {
  readonly ns: string;
  readonly prefix?: string;
}

/** Counts the values that are alive. */
export async function countValues(db: Db, { ns, prefix = '' }: Some, now: number): Promise<number> {
  const { n } = await db
    .selectFrom('kv')
    .select((e) => e.fn.countAll().as('n'))
    .where('ns', '=', ns)
    .where('k', 'like', `${prefix}%`)
    .where('expires', '>', now)
    .executeTakeFirstOrThrow();
  return Number(n);
}

/** Deletes values before their end. */
export async function removeValues(db: Db, { ns, prefix = '' }: Some): Promise<void> {
  await db.deleteFrom('kv').where('ns', '=', ns).where('k', 'like', `${prefix}%`).execute();
}

/** Deletes expired values and returns their number; a periodic job. */
export async function sweepExpired(db: Db, now: number): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom('kv').where('expires', '<=', now).executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

/** Stores a value without expiry unless the key has one, and returns the stored one. `v` is sealed already. */
export async function keepOnce(db: Db, ns: string, k: string, v: string): Promise<string> {
  await db
    .insertInto('kv')
    .values({ ns, k, v, expires: null })
    .onConflict((c) => c.columns(['ns', 'k']).doNothing())
    .execute();
  const kept = await db.selectFrom('kv').select('v').where('ns', '=', ns).where('k', '=', k).executeTakeFirstOrThrow();
  return kept.v;
}

/** Writes other sealed text in the place of `before`, where that still stands: the key has changed. */
export async function resealValue(
  on: Db | Tx,
  { ns, k, before }: { ns: string; k: string; before: string },
  v: string,
): Promise<void> {
  await on.updateTable('kv').set({ v }).where('ns', '=', ns).where('k', '=', k).where('v', '=', before).execute();
}

type Queries = ReturnType<typeof createQueries>;

function createQueries(db: Db) {
  const set = (row: { ns: string; k: string; v: string; expires: number | null }) =>
    db
      .insertInto('kv')
      .values({ ns: row.ns, k: row.k, v: row.v, expires: row.expires })
      .onConflict((c) =>
        c.columns(['ns', 'k']).doUpdateSet((e) => ({ v: e.ref('excluded.v'), expires: e.ref('excluded.expires') })),
      );
  return {
    get: prepared(db, ({ ns, k, now }: { ns: string; k: string; now: number }) =>
      db
        .selectFrom('kv')
        .select('v')
        .where('ns', '=', ns)
        .where('k', '=', k)
        .where((e) => e.or([e('expires', 'is', null), e('expires', '>', now)])),
    ),
    set: prepared(db, set),
    setRelaxed: prepared(db, set, 'relaxed'),
    delete: prepared(db, ({ ns, k }: { ns: string; k: string }) => db.deleteFrom('kv').where('ns', '=', ns).where('k', '=', k)),
  };
}

/** Keyv 6's storage contract over Kysely; `expires` is absolute, `namespace` is set by Keyv. */
class KyselyStorage extends EventEmitter {
  namespace: string | undefined;
  readonly #db: Db;
  readonly #queries: Queries;
  readonly #seal: Seal;
  readonly #now: () => number;

  constructor(db: Db, queries: Queries, seal: Seal, now: () => number) {
    super();
    this.#db = db;
    this.#queries = queries;
    this.#seal = seal;
    this.#now = now;
  }

  get capabilities(): unknown {
    return keyvStorageCapability(this);
  }

  get #ns(): string {
    return this.namespace ?? '';
  }

  async get(key: string): Promise<string | undefined> {
    const [row] = (await this.#queries.get({ ns: this.#ns, k: key, now: this.#now() })).rows;
    return row && this.#seal.open(row.v, PLACES.kv(this.#ns, key));
  }

  async getMany(keys: string[]): Promise<(string | undefined)[]> {
    return await Promise.all(keys.map((key) => this.get(key)));
  }

  async set(key: string, value: unknown, expires?: number): Promise<boolean> {
    const v = this.#seal.seal(String(value), PLACES.kv(this.#ns, key));
    await this.#queries.set({ ns: this.#ns, k: key, v, expires: expires ?? null });
    return true;
  }

  async setMany(entries: KeyvStorageEntry<unknown>[]): Promise<boolean[]> {
    return await Promise.all(entries.map((entry) => this.set(entry.key, entry.value, entry.expires)));
  }

  async delete(key: string): Promise<boolean> {
    return ((await this.#queries.delete({ ns: this.#ns, k: key })).numAffectedRows ?? 0n) > 0n;
  }

  async deleteMany(keys: string[]): Promise<boolean[]> {
    return await Promise.all(keys.map((key) => this.delete(key)));
  }

  async clear(): Promise<void> {
    await this.#db.deleteFrom('kv').where('ns', '=', this.#ns).execute();
  }

  async has(key: string): Promise<boolean> {
    return (await this.get(key)) !== undefined;
  }

  async hasMany(keys: string[]): Promise<boolean[]> {
    return await Promise.all(keys.map((key) => this.has(key)));
  }
}
