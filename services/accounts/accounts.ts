/** Merchants' accounts at platforms: sealed credentials, and their owners. */
import type { Credentials, PlatformName, Term } from '../platforms/platform.ts';
import { SIMULATED } from '../platforms/names.ts';
import { sql, type Db, type Tx } from '../database/database.ts';
import { prepared } from '../database/prepared.ts';
import { hasCome, ownClock, type ClaimClock } from '../database/queues/claim.ts';
import { PLACES, type Seal } from '../database/seal.ts';
import { lockIdentities } from '../database/locks/row-locks.ts';
import { asPerson, BY_PROGRAM, type By, type Principal } from '../facts/by.ts';
import { ACCOUNT_COLUMNS, readAccount, type Account, type Proven, type Saved } from './account.ts';
import { createAccountFacts } from './account-facts.ts';
import { localesOf } from './chats.ts';
import { personOf, readPerson } from './identities.ts';
import { proveOwner, readOwners, type Owner } from './owners.ts';

export type { Account, Proven, Saved } from './account.ts';

export interface Accounts {
  get(id: string): Promise<Account | undefined>;
  find(platform: PlatformName, identity: string): Promise<Account | undefined>;
  /**
   * Creates or renews the account of these proven credentials and makes the person an owner, in one transaction with the writes
   * of `tell`.
   */
  save(account: Proven, owner: Omit<Principal, 'kind'>, tell?: (tx: Tx, saved: Saved) => Promise<void>): Promise<Saved>;
  credentials(id: string): Promise<Credentials>;
  /** Replaces the credentials, atomically. */
  renew(id: string, credentials: Credentials): Promise<void>;
  /** Claims accounts due for a check, for `leaseMs`. */
  claimDue(leaseMs: number, limit: number): Promise<readonly Account[]>;
  /** Accounts a person owns. */
  ownedBy(person: string): Promise<readonly Account[]>;
  /** Its owners, the first one first. */
  owners(id: string): Promise<readonly Owner[]>;
  /** Stores whether the platform refuses the account's login. Returns the account where that has changed. */
  setRefused(account: { platform: PlatformName; identity: string }, refused: boolean): Promise<Account | undefined>;
}

export interface AccountsParts {
  readonly db: Db;
  readonly seal: Seal;
  readonly now: () => number;
  readonly newId: () => string;
  /** Times the claims; this process's own where it is left out. */
  readonly clock?: ClaimClock;
  /** The validity of credentials, where known. */
  readonly term: (platform: PlatformName, credentials: Credentials) => Term | undefined;
  /** What people prove an account with: its password or key. Undefined where they agree on the platform's own page. */
  readonly secret: (platform: PlatformName, credentials: Credentials) => string | undefined;
}

/** The first check of a new account after it was bound, ms. */
const FIRST_LOOK_MS = 3_600_000;

export function createAccounts({ db, seal, now, newId, clock = ownClock, term, secret }: AccountsParts): Accounts {
  const facts = createAccountFacts({ db, now });
  const opened = ({ id, sealed }: { readonly id: string; readonly sealed: string }): Credentials =>
    JSON.parse(seal.open(sealed, PLACES.account(id))) as Credentials;
  /** Whether the password is another one. A key may be pasted with other line breaks. */
  const isOther = (platform: PlatformName, credentials: Credentials, kept: Credentials): boolean => {
    const [given, former] = [credentials, kept].map((one) => secret(platform, one)?.replaceAll(/\s/g, ''));
    return given !== undefined && former !== undefined && given !== former;
  };
  const written = (id: string, platform: PlatformName, credentials: Credentials) => {
    const lasts = term(platform, credentials);
    const terms = {
      ends_at: lasts?.endsAt ?? null,
      renew_at: lasts?.renewAt ?? null,
      renewals_left: lasts?.renewalsLeft ?? null,
    };
    return { sealed: seal.seal(JSON.stringify(credentials), PLACES.account(id)), refused_at: null, ...terms };
  };
  const byId = prepared(db, ({ id }: { id: string }) => db.selectFrom('account').select(ACCOUNT_COLUMNS).where('id', '=', id));
  return {
    async get(id) {
      const [row] = (await byId({ id })).rows;
      return row && readAccount(row);
    },
    async find(platform, identity) {
      const row = await db
        .selectFrom('account')
        .select(ACCOUNT_COLUMNS)
        .where('platform', '=', platform)
        .where('identity', '=', identity)
        .executeTakeFirst();
      return row && readAccount(row);
    },
    save: ({ platform, identity, credentials }, person, tell) =>
      db.transaction().execute(async (tx) => {
        await lockIdentities(tx, 'hold');
        const owner = { ...person, id: await readPerson(tx, person.id) };
        const by = asPerson(owner);
        const at = now();
        // One statement creates the row or locks it: of two who save at once the second sees what the first has kept.
        const fresh = newId();
        const before = await tx
          .insertInto('account')
          .values({
            id: fresh,
            platform,
            identity,
            ...written(fresh, platform, credentials),
            look_at: platform === SIMULATED ? null : at + FIRST_LOOK_MS,
            created_at: at,
          })
          .onConflict((c) => c.columns(['platform', 'identity']).doUpdateSet({ identity }))
          .returning(['id', 'sealed', 'secret_epoch', 'refused_at'])
          .executeTakeFirstOrThrow();
        const secretChanged = isOther(platform, credentials, opened(before));
        const epoch = before.secret_epoch + (secretChanged ? 1 : 0);
        const row = await tx
          .updateTable('account')
          .set({ ...written(before.id, platform, credentials), ...(secretChanged && { secret_epoch: epoch, secret_since: at }) })
          .where('id', '=', before.id)
          .returning(ACCOUNT_COLUMNS)
          .executeTakeFirstOrThrow();
        if (row.id === fresh)
          await facts.record(tx, row.id, { kind: 'account.bound', subject: row.id, by, detail: { platform } });
        if (before.refused_at !== null) await facts.record(tx, row.id, { kind: 'account.accepted', subject: row.id, by });
        if (secretChanged) await facts.record(tx, row.id, { kind: 'account.secret-changed', subject: row.id, by });
        const newOwner = await proveOwner(tx, row.id, owner, { epoch, at });
        if (newOwner)
          await facts.record(tx, row.id, { kind: 'owner.added', subject: owner.id, by, detail: { name: owner.name } });
        const others = (await readOwners(tx, row.id)).filter(({ id }) => id !== owner.id);
        const locales = await localesOf(
          tx,
          others.map(({ id }) => id),
        );
        const saved: Saved = {
          ...readAccount(row),
          newOwner,
          secretChanged,
          others: others.map((one) => ({ ...one, locale: locales.get(one.id) })),
        };
        await tell?.(tx, saved);
        return saved;
      }),
    async credentials(id) {
      return opened(await db.selectFrom('account').select(['id', 'sealed']).where('id', '=', id).executeTakeFirstOrThrow());
    },
    async renew(id, credentials) {
      await db.transaction().execute(async (tx) => {
        const { platform } = await tx.selectFrom('account').select('platform').where('id', '=', id).executeTakeFirstOrThrow();
        await tx
          .updateTable('account')
          .set(written(id, platform as PlatformName, credentials))
          .where('id', '=', id)
          .execute();
        await facts.record(tx, id, { kind: 'account.renewed', subject: id, by: BY_PROGRAM });
      });
    },
    async claimDue(leaseMs, limit) {
      const at = clock(now());
      const due = (column: string) => hasCome(column, at, leaseMs);
      const rows = await db
        .updateTable('account')
        .set({ look_at: sql<number>`${at} + cast(${leaseMs} as bigint)` })
        .where(due('look_at'))
        .where('id', 'in', (e) =>
          e.selectFrom('account as due').select('due.id').where(due('due.look_at')).orderBy('due.look_at').limit(limit),
        )
        .returning(ACCOUNT_COLUMNS)
        .execute();
      return rows.map(readAccount);
    },
    async ownedBy(person) {
      const rows = await db
        .selectFrom('account')
        .innerJoin('owner', 'owner.account_id', 'account.id')
        .select(ACCOUNT_COLUMNS)
        .where('owner.person', '=', personOf(person))
        .orderBy('account.created_at')
        .execute();
      return rows.map(readAccount);
    },
    owners: (id) => readOwners(db, id),
    setRefused: ({ platform, identity }, refused) =>
      db.transaction().execute(async (tx) => {
        const row = await tx
          .updateTable('account')
          .set({ refused_at: refused ? now() : null })
          .where('platform', '=', platform)
          .where('identity', '=', identity)
          .where('refused_at', refused ? 'is' : 'is not', null)
          .returning(ACCOUNT_COLUMNS)
          .executeTakeFirst();
        if (!row) return undefined;
        const by: By = { kind: 'platform', id: platform, name: '' };
        await facts.record(tx, row.id, { kind: refused ? 'account.refused' : 'account.accepted', subject: row.id, by });
        return readAccount(row);
      }),
  };
}

/** Holds an account for the rest of a transaction: changes of its owners are made one after another. */
export async function lockAccount(tx: Tx, id: string): Promise<void> {
  await tx
    .updateTable('account')
    .set((e) => ({ identity: e.ref('account.identity') }))
    .where('id', '=', id)
    .execute();
}

/** Writes other sealed text in the place of `before`, where that still stands: the key has changed. */
export async function resealAccount(tx: Tx, id: string, before: string, sealed: string): Promise<void> {
  await tx.updateTable('account').set({ sealed }).where('id', '=', id).where('sealed', '=', before).execute();
}

/** Deletes an account without stores and owners. */
export async function deleteAccount(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('account').where('id', '=', id).execute();
}
