/** The table `owner`: who owns an account, and whether they proved the secret that it has now. */
import type { Db, Tx } from '../database/database.ts';

export interface Owner {
  readonly id: string;
  readonly name: string;
  /** ms. */
  readonly since: number;
  /** When the ownership ends, ms: the account's password was changed, and this owner has only proved an earlier one. */
  readonly endsAt: number | undefined;
}

/** How long owners may take to prove a changed password, ms: seven days. */
export const PROVE_MS = 7 * 24 * 3_600_000;

/** The owners of an account, the first one first. */
export async function readOwners(on: Db | Tx, accountId: string): Promise<readonly Owner[]> {
  const rows = await on
    .selectFrom('owner')
    .innerJoin('account', 'account.id', 'owner.account_id')
    .leftJoin('given_name as given', (join) =>
      join.onRef('given.account_id', '=', 'owner.account_id').onRef('given.person', '=', 'owner.person'),
    )
    .select((e) => e.fn.coalesce('given.name', 'owner.name').as('name'))
    .select(['owner.person as id', 'owner.since', 'owner.proved_epoch', 'account.secret_epoch', 'account.secret_since'])
    .where('owner.account_id', '=', accountId)
    .orderBy('owner.since')
    .orderBy('owner.person')
    .execute();
  return rows.map(({ proved_epoch: proved, secret_epoch: present, secret_since: changed, ...owner }) => ({
    ...owner,
    endsAt: proved < present ? (changed ?? 0) + PROVE_MS : undefined,
  }));
}

/** The ids of a store's owners. */
export async function ownersOfStore(on: Db | Tx, storeId: string): Promise<readonly string[]> {
  const rows = await on
    .selectFrom('owner')
    .innerJoin('store', 'store.account_id', 'owner.account_id')
    .select('owner.person')
    .where('store.id', '=', storeId)
    .orderBy('owner.since')
    .orderBy('owner.person')
    .execute();
  return rows.map(({ person }) => person);
}

/** Makes the person an owner who has just proved the account's secret. True where they were none before. */
export async function proveOwner(
  tx: Tx,
  accountId: string,
  { id, name }: { readonly id: string; readonly name: string },
  { epoch, at }: { readonly epoch: number; readonly at: number },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('owner')
    .values({ account_id: accountId, person: id, name, since: at, proved_epoch: epoch })
    .onConflict((c) => c.columns(['account_id', 'person']).doNothing())
    .executeTakeFirst();
  if (numInsertedOrUpdatedRows === 1n) return true;
  await tx
    .updateTable('owner')
    .set({ name, proved_epoch: epoch })
    .where('account_id', '=', accountId)
    .where('person', '=', id)
    .execute();
  return false;
}

/** Makes somebody an owner in the place of another, who has proved as much of the account's secret as that one. */
export async function succeedOwner(
  tx: Tx,
  accountId: string,
  { id, name }: { readonly id: string; readonly name: string },
  { from, at }: { readonly from: string; readonly at: number },
): Promise<void> {
  const { proved_epoch: proved } = await tx
    .selectFrom('owner')
    .select('proved_epoch')
    .where('account_id', '=', accountId)
    .where('person', '=', from)
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('owner')
    .values({ account_id: accountId, person: id, name, since: at, proved_epoch: proved })
    .onConflict((c) =>
      c.columns(['account_id', 'person']).doUpdateSet({ proved_epoch: proved }).where('owner.proved_epoch', '<', proved),
    )
    .execute();
}

/** Makes somebody's ownerships another's, who may have them already. */
export async function moveOwnerships(tx: Tx, from: string, to: { readonly id: string; readonly name: string }): Promise<void> {
  const rows = await tx.deleteFrom('owner').where('person', '=', from).returningAll().execute();
  for (const row of rows)
    await tx
      .insertInto('owner')
      .values({ ...row, person: to.id, name: to.name })
      .onConflict((c) =>
        c
          .columns(['account_id', 'person'])
          .doUpdateSet({ proved_epoch: row.proved_epoch })
          .where('owner.proved_epoch', '<', row.proved_epoch),
      )
      .execute();
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

/**
 * Finds owners whose time to prove a changed password is over. None while the platform refuses the login: the password that
 * was proved last may be no better; and none of an account where nobody has proved it. `accountId`: of this account alone.
 */
export async function findLapsed(
  on: Db | Tx,
  at: number,
  limit: number,
  accountId?: string,
): Promise<readonly { readonly accountId: string; readonly person: string }[]> {
  return await on
    .selectFrom('owner')
    .innerJoin('account', 'account.id', 'owner.account_id')
    .select(['owner.account_id as accountId', 'owner.person'])
    .where('account.secret_since', '<=', at - PROVE_MS)
    .where('account.refused_at', 'is', null)
    .whereRef('owner.proved_epoch', '<', 'account.secret_epoch')
    .where((e) =>
      e.exists(
        e
          .selectFrom('owner as proven')
          .select('proven.person')
          .whereRef('proven.account_id', '=', 'account.id')
          .whereRef('proven.proved_epoch', '=', 'account.secret_epoch'),
      ),
    )
    .$if(accountId !== undefined, (query) => query.where('account.id', '=', accountId!))
    .orderBy('account.secret_since')
    .limit(limit)
    .execute();
}

/** Deletes all owners of an account. */
export async function deleteOwners(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('owner').where('account_id', '=', accountId).execute();
}
