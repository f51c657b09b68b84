/** Values that expire, by Keyv, kept in the application's own database and sealed: cards, dialogues, invitations, tokens. */
import { EventEmitter } from 'node:events';
import { Keyv, keyvStorageCapability, type KeyvStorageAdapter, type KeyvStorageEntry } from 'keyv';
import type { Db } from './database.ts';
import type { Seal } from './seal.ts';

/** One kind of expiring value, by key. Values survive JSON. */
export interface Collection<T> {
  get(key: string): Promise<T | undefined>;
  /** `ttlMs` overrides the collection's. */
  set(key: string, value: T, ttlMs?: number): Promise<void>;
  /** Removes; true for exactly one of several who remove the same value. */
  delete(key: string): Promise<boolean>;
  /** Reads and removes: exactly one of several takers gets it. */
  take(key: string): Promise<T | undefined>;
}

export type Collections = <T>(name: string, ttlMs: number) => Collection<T>;

/** Makes collections over `db`. Each name has a storage object of its own: Keyv mixes namespaces that share one. */
export function createCollections(db: Db, seal: Seal): Collections {
  return <T>(name: string, ttlMs: number): Collection<T> => {
    const keyv = new Keyv<T>({
      // Keyv's own interface asks for loosely typed generics that a checked implementation cannot spell.
      store: new KyselyStorage(db) as unknown as KeyvStorageAdapter,
      namespace: name,
      ttl: ttlMs,
      throwOnErrors: true,
      encryption: { encrypt: (text: string) => seal.seal(text), decrypt: (text: string) => seal.open(text) },
    });
    const get = async (key: string): Promise<T | undefined> => await keyv.get<T>(key);
    return {
      get,
      async set(key, value, ttl) {
        if (!(await keyv.set(key, value, ttl))) throw new Error(`${name}: could not be stored`);
      },
      delete: (key) => keyv.delete(key),
      async take(key) {
        const value = await get(key);
        return value !== undefined && (await keyv.delete(key)) ? value : undefined;
      },
    };
  };
}

/** Removes what has expired; the clock calls it now and then. Returns how many. */
export async function sweepExpired(db: Db, now: number): Promise<number> {
  const { numDeletedRows } = await db.deleteFrom('kv').where('expires', '<=', now).executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

/** Keyv 6's storage contract over Kysely; `expires` is absolute, `namespace` is set by Keyv. */
class KyselyStorage extends EventEmitter {
  namespace: string | undefined;
  readonly #db: Db;

  constructor(db: Db) {
    super();
    this.#db = db;
  }

  get capabilities(): unknown {
    return keyvStorageCapability(this);
  }

  get #ns(): string {
    return this.namespace ?? '';
  }

  #live() {
    return this.#db
      .selectFrom('kv')
      .where('ns', '=', this.#ns)
      .where((e) => e.or([e('expires', 'is', null), e('expires', '>', Date.now())]));
  }

  async get(key: string): Promise<string | undefined> {
    return (await this.#live().select('v').where('k', '=', key).executeTakeFirst())?.v;
  }

  async getMany(keys: string[]): Promise<(string | undefined)[]> {
    return await Promise.all(keys.map((key) => this.get(key)));
  }

  async set(key: string, value: unknown, expires?: number): Promise<boolean> {
    await this.#db
      .insertInto('kv')
      .values({ ns: this.#ns, k: key, v: String(value), expires: expires ?? null })
      .onConflict((c) =>
        c.columns(['ns', 'k']).doUpdateSet((e) => ({ v: e.ref('excluded.v'), expires: e.ref('excluded.expires') })),
      )
      .execute();
    return true;
  }

  async setMany(entries: KeyvStorageEntry<unknown>[]): Promise<boolean[]> {
    return await Promise.all(entries.map((entry) => this.set(entry.key, entry.value, entry.expires)));
  }

  async delete(key: string): Promise<boolean> {
    const { numDeletedRows } = await this.#db
      .deleteFrom('kv')
      .where('ns', '=', this.#ns)
      .where('k', '=', key)
      .executeTakeFirstOrThrow();
    return numDeletedRows > 0n;
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
