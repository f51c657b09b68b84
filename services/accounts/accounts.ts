/** Merchants' accounts at platforms: credentials sealed, and who owns them. */
import type { Credentials, PlatformName } from '../platforms/platform.ts';
import type { Db } from '../store/database.ts';
import type { Seal } from '../store/seal.ts';

export interface Account {
  readonly id: string;
  readonly platform: PlatformName;
  /** `Platform.identity`: not secret. */
  readonly identity: string;
  /** Since when its login is refused (ms), while it is. */
  readonly refusedAt: number | undefined;
}

export interface Accounts {
  get(id: string): Promise<Account | undefined>;
  /** The account of these proven credentials, made or renewed; the person becomes an owner of it. */
  save(
    account: { platform: PlatformName; identity: string; credentials: Credentials },
    owner: { id: string; name: string },
  ): Promise<Account>;
  credentials(id: string): Promise<Credentials>;
  /** Accounts a person owns. */
  ownedBy(person: string): Promise<readonly Account[]>;
  owners(id: string): Promise<readonly { readonly id: string; readonly name: string }[]>;
  /** Notes that the platform refuses an account's login, or takes it again. The account when that is news. */
  setRefused(account: { platform: PlatformName; identity: string }, refused: boolean): Promise<Account | undefined>;
}

export function createAccounts({
  db,
  seal,
  now,
  newId,
}: {
  db: Db;
  seal: Seal;
  now: () => number;
  newId: () => string;
}): Accounts {
  const COLUMNS = ['account.id', 'account.platform', 'account.identity', 'account.refused_at'] as const;
  const read = (row: { id: string; platform: string; identity: string; refused_at: number | null }): Account => ({
    id: row.id,
    // Only `save` writes this column.
    platform: row.platform as PlatformName,
    identity: row.identity,
    refusedAt: row.refused_at ?? undefined,
  });
  return {
    async get(id) {
      const row = await db.selectFrom('account').select(COLUMNS).where('id', '=', id).executeTakeFirst();
      return row && read(row);
    },
    save: ({ platform, identity, credentials }, owner) =>
      db.transaction().execute(async (tx) => {
        const sealed = seal.seal(JSON.stringify(credentials));
        const row = await tx
          .insertInto('account')
          .values({ id: newId(), platform, identity, sealed, refused_at: null, created_at: now() })
          .onConflict((c) => c.columns(['platform', 'identity']).doUpdateSet({ sealed, refused_at: null }))
          .returning(COLUMNS)
          .executeTakeFirstOrThrow();
        await tx
          .insertInto('owner')
          .values({ account_id: row.id, person: owner.id, name: owner.name, since: now() })
          .onConflict((c) => c.columns(['account_id', 'person']).doUpdateSet({ name: owner.name }))
          .execute();
        return read(row);
      }),
    async credentials(id) {
      const { sealed } = await db.selectFrom('account').select('sealed').where('id', '=', id).executeTakeFirstOrThrow();
      return JSON.parse(seal.open(sealed)) as Credentials;
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
