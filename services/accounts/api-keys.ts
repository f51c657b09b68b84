/** Keys of the API: made by an owner for one store, recognised by their hash, revoked for good. */
import { hash, timingSafeEqual } from 'node:crypto';
import type { Db, Tx } from '../database/database.ts';
import { prepared } from '../database/prepared.ts';
import type { ApiKeyTable } from '../database/schema/tables.ts';
import type { By, Principal } from '../facts/by.ts';
import { createAccountFacts, type AccountFacts } from './account-facts.ts';
import { storesOf } from './stores.ts';

export const SCOPES = ['read', 'verify', 'undo'] as const;
export type Scope = (typeof SCOPES)[number];

export interface ApiKey {
  readonly id: string;
  readonly storeId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** The last four characters, by which people tell keys apart. */
  readonly lastFour: string;
  /** The id of the owner who made it. */
  readonly madeBy: string;
  /** ms. */
  readonly since: number;
  /** The business day of the store on which it was used last. */
  readonly usedDay: string | undefined;
}

export interface ApiKeys {
  /** Makes a key and gives it once, in clear: only its hash is kept. Undefined where the store has `MOST_KEYS` already. */
  make(storeId: string, key: NewKey, by: Principal): Promise<{ readonly key: ApiKey; readonly secret: string } | undefined>;
  /** The keys of a store that are in force, the oldest first. */
  of(storeId: string): Promise<readonly ApiKey[]>;
  get(id: string): Promise<ApiKey | undefined>;
  /** Ends a key. False where it is not in force any more. */
  revoke(id: string, by: Principal): Promise<boolean>;
  /** The key in force that this text is; undefined for any other text. */
  recognise(secret: string): Promise<ApiKey | undefined>;
  /** Notes the business day on which a key was used. */
  used(key: ApiKey, day: string): Promise<void>;
}

export interface NewKey {
  /** Empty: named by its last four. */
  readonly name: string;
  readonly scopes: readonly Scope[];
}

/** The most keys in force of one store: each is somebody to keep an eye on. */
export const MOST_KEYS = 20;
/** Of randomness; 192 bits make 32 characters of base64url. */
const BYTES = 24;
const PREFIX = 'hx_';
/** The form of a key. Anything else is looked up nowhere. */
const FORM = /^hx_[\w-]{32}$/;

const hashOf = (secret: string): string => hash('sha256', secret, 'hex');

export interface ApiKeysParts {
  readonly db: Db;
  readonly now: () => number;
  readonly newId: () => string;
  /** So many random bytes. */
  readonly random: (bytes: number) => Buffer;
}

export function createApiKeys({ db, now, newId, random }: ApiKeysParts): ApiKeys {
  const facts = createAccountFacts({ db, now });
  const byHash = prepared(db, (values: { hash: string }) =>
    db.selectFrom('api_key').selectAll().where('hash', '=', values.hash).where('revoked_at', 'is', null),
  );
  return {
    make: (storeId, { name, scopes }, by) =>
      db.transaction().execute(async (tx) => {
        const secret = `${PREFIX}${random(BYTES).toString('base64url')}`;
        const lastFour = secret.slice(-4);
        const row: ApiKeyTable = {
          id: newId(),
          store_id: storeId,
          name: name === '' ? `API ${lastFour}` : name,
          scopes: scopes.join(' '),
          hash: hashOf(secret),
          last_four: lastFour,
          made_by: by.id,
          since: now(),
          used_day: null,
          revoked_at: null,
        };
        await tx.insertInto('api_key').values(row).execute();
        // Counted with the new one in place: of two who make the last one at once, both may be told that there is no room.
        const { count } = await tx
          .selectFrom('api_key')
          .select((e) => e.fn.countAll<number>().as('count'))
          .where('store_id', '=', storeId)
          .where('revoked_at', 'is', null)
          .executeTakeFirstOrThrow();
        if (count > MOST_KEYS) {
          await tx.deleteFrom('api_key').where('id', '=', row.id).execute();
          return undefined;
        }
        const detail = { name: row.name, scopes: row.scopes, 'last-four': lastFour };
        await facts.recordAt(tx, storeId, { kind: 'key.made', subject: row.id, by, detail });
        return { key: read(row), secret };
      }),
    async of(storeId) {
      const rows = await db
        .selectFrom('api_key')
        .selectAll()
        .where('store_id', '=', storeId)
        .where('revoked_at', 'is', null)
        .orderBy('since')
        .orderBy('id')
        .execute();
      return rows.map(read);
    },
    async get(id) {
      const row = await db
        .selectFrom('api_key')
        .selectAll()
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirst();
      return row && read(row);
    },
    revoke: (id, by) =>
      db.transaction().execute(async (tx) => {
        const gone = await tx
          .updateTable('api_key')
          .set({ revoked_at: now() })
          .where('id', '=', id)
          .where('revoked_at', 'is', null)
          .returningAll()
          .executeTakeFirst();
        if (gone) await recordRevoked(tx, facts, gone, by);
        return gone !== undefined;
      }),
    async recognise(secret) {
      if (!FORM.test(secret)) return undefined;
      const given = hashOf(secret);
      const [row] = (await byHash({ hash: given })).rows;
      return row && timingSafeEqual(Buffer.from(row.hash), Buffer.from(given)) ? read(row) : undefined;
    },
    async used({ id, usedDay }, day) {
      if (usedDay === day) return;
      await db.updateTable('api_key').set({ used_day: day }).where('id', '=', id).execute();
    },
  };
}

/** The key as the author of what is done with it. */
export const byKey = ({ id, name }: ApiKey): Principal => ({ kind: 'key', id, name });

const read = (row: ApiKeyTable): ApiKey => ({
  id: row.id,
  storeId: row.store_id,
  name: row.name,
  scopes: SCOPES.filter((scope) => row.scopes.split(' ').includes(scope)),
  lastFour: row.last_four,
  madeBy: row.made_by,
  since: row.since,
  usedDay: row.used_day ?? undefined,
});

const recordRevoked = (tx: Tx, facts: AccountFacts, { id, store_id, name, last_four }: ApiKeyTable, by: By): Promise<void> =>
  facts.recordAt(tx, store_id, { kind: 'key.revoked', subject: id, by, detail: { name, 'last-four': last_four } });

/** Ends the keys that a person made for the account's stores: whoever made them may still have them. Returns their number. */
export async function revokeKeysMadeBy(
  tx: Tx,
  facts: AccountFacts,
  { accountId, person, by, at }: { accountId: string; person: string; by: By; at: number },
): Promise<number> {
  const gone = await tx
    .updateTable('api_key')
    .set({ revoked_at: at })
    .where('store_id', 'in', storesOf(tx, accountId))
    .where('made_by', '=', person)
    .where('revoked_at', 'is', null)
    .returningAll()
    .execute();
  for (const row of gone) await recordRevoked(tx, facts, row, by);
  return gone.length;
}

/** Makes the keys that somebody made another's. */
export async function moveKeys(tx: Tx, from: string, to: string): Promise<void> {
  await tx.updateTable('api_key').set({ made_by: to }).where('made_by', '=', from).execute();
}

/** Deletes all keys of the account's stores. */
export async function deleteKeys(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('api_key').where('store_id', 'in', storesOf(tx, accountId)).execute();
}
