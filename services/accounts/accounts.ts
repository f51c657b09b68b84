/** Merchants' accounts at platforms: sealed credentials, and their owners. */
import type { Credentials, PlatformName, Term } from '../platforms/platform.ts';
import { SIMULATED } from '../platforms/names.ts';
import { sql, type Db, type Tx } from '../database/database.ts';
import { hasCome, ownClock, type ClaimClock } from '../database/queues/claim.ts';
import type { Seal } from '../database/seal.ts';
import type { AccountTable } from '../database/tables.ts';

export interface Account {
  readonly id: string;
  readonly platform: PlatformName;
  /** `Platform.identity`: not secret. */
  readonly identity: string;
  /** Since when its login is refused, ms; undefined while it works. */
  readonly refusedAt: number | undefined;
  /** When its authorisation ends and when to renew it (ms), and the renewals left, where the platform has such. */
  readonly endsAt: number | undefined;
  readonly renewAt: number | undefined;
  readonly renewalsLeft: number | undefined;
}

export interface Accounts {
  get(id: string): Promise<Account | undefined>;
  find(platform: PlatformName, identity: string): Promise<Account | undefined>;
  /** Creates or renews the account of these proven credentials and makes the person an owner; `newOwner` where he was none before. */
  save(
    account: { platform: PlatformName; identity: string; credentials: Credentials },
    owner: { id: string; name: string },
  ): Promise<Account & { readonly newOwner: boolean }>;
  credentials(id: string): Promise<Credentials>;
  /** Replaces the credentials, atomically. */
  renew(id: string, credentials: Credentials): Promise<void>;
  /** Claims accounts due for a check, for `leaseMs`. */
  claimDue(leaseMs: number, limit: number): Promise<readonly Account[]>;
  /** Accounts a person owns. */
  ownedBy(person: string): Promise<readonly Account[]>;
  owners(id: string): Promise<readonly { readonly id: string; readonly name: string }[]>;
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
}

/** The first check of a new account after it was bound, ms. */
const FIRST_LOOK_MS = 3_600_000;

const COLUMNS = [
  'account.id',
  'account.platform',
  'account.identity',
  'account.refused_at',
  'account.ends_at',
  'account.renew_at',
  'account.renewals_left',
] as const;

const read = (
  row: Pick<AccountTable, 'id' | 'platform' | 'identity' | 'refused_at' | 'ends_at' | 'renew_at' | 'renewals_left'>,
): Account => ({
  id: row.id,
  // Only `save` writes this column.
  platform: row.platform as PlatformName,
  identity: row.identity,
  refusedAt: row.refused_at ?? undefined,
  endsAt: row.ends_at ?? undefined,
  renewAt: row.renew_at ?? undefined,
  renewalsLeft: row.renewals_left ?? undefined,
});

export function createAccounts({ db, seal, now, newId, clock = ownClock, term }: AccountsParts): Accounts {
  const written = (platform: PlatformName, credentials: Credentials) => {
    const lasts = term(platform, credentials);
    const terms = {
      ends_at: lasts?.endsAt ?? null,
      renew_at: lasts?.renewAt ?? null,
      renewals_left: lasts?.renewalsLeft ?? null,
    };
    return { sealed: seal.seal(JSON.stringify(credentials)), refused_at: null, ...terms };
  };
  return {
    async get(id) {
      const row = await db.selectFrom('account').select(COLUMNS).where('id', '=', id).executeTakeFirst();
      return row && read(row);
    },
    async find(platform, identity) {
      const row = await db
        .selectFrom('account')
        .select(COLUMNS)
        .where('platform', '=', platform)
        .where('identity', '=', identity)
        .executeTakeFirst();
      return row && read(row);
    },
    save: ({ platform, identity, credentials }, owner) =>
      db.transaction().execute(async (tx) => {
        const kept = written(platform, credentials);
        const row = await tx
          .insertInto('account')
          .values({
            id: newId(),
            platform,
            identity,
            ...kept,
            look_at: platform === SIMULATED ? null : now() + FIRST_LOOK_MS,
            created_at: now(),
          })
          .onConflict((c) => c.columns(['platform', 'identity']).doUpdateSet(kept))
          .returning(COLUMNS)
          .executeTakeFirstOrThrow();
        const { numInsertedOrUpdatedRows } = await tx
          .insertInto('owner')
          .values({ account_id: row.id, person: owner.id, name: owner.name, since: now() })
          .onConflict((c) => c.columns(['account_id', 'person']).doNothing())
          .executeTakeFirst();
        const newOwner = numInsertedOrUpdatedRows === 1n;
        if (!newOwner)
          await tx
            .updateTable('owner')
            .set({ name: owner.name })
            .where('account_id', '=', row.id)
            .where('person', '=', owner.id)
            .execute();
        return { ...read(row), newOwner };
      }),
    async credentials(id) {
      const { sealed } = await db.selectFrom('account').select('sealed').where('id', '=', id).executeTakeFirstOrThrow();
      return JSON.parse(seal.open(sealed)) as Credentials;
    },
    async renew(id, credentials) {
      const { platform } = await db.selectFrom('account').select('platform').where('id', '=', id).executeTakeFirstOrThrow();
      await db
        .updateTable('account')
        .set(written(platform as PlatformName, credentials))
        .where('id', '=', id)
        .execute();
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
        .returning(COLUMNS)
        .execute();
      return rows.map(read);
    },
    async ownedBy(person) {
      const rows = await db
        .selectFrom('account')
        .innerJoin('owner', 'owner.account_id', 'account.id')
        .select(COLUMNS)
        .where('owner.person', '=', person)
        .orderBy('account.created_at')
        .execute();
      return rows.map(read);
    },
    owners: (id) =>
      db.selectFrom('owner').select(['person as id', 'name']).where('account_id', '=', id).orderBy('since').execute(),
    async setRefused({ platform, identity }, refused) {
      const row = await db
        .updateTable('account')
        .set({ refused_at: refused ? now() : null })
        .where('platform', '=', platform)
        .where('identity', '=', identity)
        .where('refused_at', refused ? 'is' : 'is not', null)
        .returning(COLUMNS)
        .executeTakeFirst();
      return row && read(row);
    },
  };
}

/** Removes an owner. False where the person does not own the account. */
export async function deleteOwner(tx: Tx, accountId: string, person: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('owner')
    .where('account_id', '=', accountId)
    .where('person', '=', person)
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

/** Deletes an account without stores, and its owners. */
export async function deleteAccount(tx: Tx, id: string): Promise<void> {
  await tx.deleteFrom('owner').where('account_id', '=', id).execute();
  await tx.deleteFrom('account').where('id', '=', id).execute();
}
