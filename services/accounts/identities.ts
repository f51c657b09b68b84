/** The identities of people: whom a channel's id belongs to. Whoever linked none is a person by himself. */
import { sql, type Db, type RawBuilder, type Tx } from '../database/database.ts';
import { prepared } from '../database/prepared.ts';
import type { By } from '../facts/by.ts';
import type { AccountFacts } from './account-facts.ts';

/** The most identities of one person. */
export const MOST_IDENTITIES = 5;

export interface Identity {
  readonly id: string;
  readonly name: string;
  /** When it was linked, ms. */
  readonly since: number;
}

export interface Identities {
  /**
   * The person whose identity this is, as owners of the account call him, else as his first identity is called; no name of
   * whoever is neither renamed nor linked.
   */
  personOf(id: string, accountId?: string): Promise<{ readonly id: string; readonly name: string | undefined }>;
  /** The linked identities of people, the first one first; of a person without any there is no entry. */
  linked(people: readonly string[]): Promise<ReadonlyMap<string, readonly Identity[]>>;
}

export function createIdentities({ db }: { db: Db }): Identities {
  const whose = prepared(db, ({ id, account }: { id: string; account: string }) =>
    db.selectNoFrom((e) => [
      personOf(id).as('person'),
      e.selectFrom('given_name').select('name').where('account_id', '=', account).where('person', '=', personOf(id)).as('given'),
      e.selectFrom('identity').select('name').where('id', '=', personOf(id)).as('own'),
    ]),
  );
  return {
    async personOf(id, account = '') {
      const { person, given, own } = (await whose({ id, account })).rows[0]!;
      return { id: person, name: given ?? own ?? undefined };
    },
    linked: (people) => readIdentities(db, people),
  };
}

async function readIdentities(on: Db | Tx, people: readonly string[]): Promise<ReadonlyMap<string, readonly Identity[]>> {
  if (people.length === 0) return new Map();
  const rows = await on
    .selectFrom('identity')
    .selectAll()
    .where('person', 'in', [...people])
    .orderBy('since')
    .orderBy('id')
    .execute();
  const first = (a: (typeof rows)[number], b: (typeof rows)[number]) => Number(b.id === b.person) - Number(a.id === a.person);
  return Map.groupBy(rows.toSorted(first), ({ person }) => person);
}

/** The linked identities of one person, the first one first. */
export const identitiesOf = async (on: Db | Tx, person: string): Promise<readonly Identity[]> =>
  (await readIdentities(on, [person])).get(person) ?? [];

/** The person of an identity, in a query. */
export const personOf = (id: string): RawBuilder<string> =>
  sql<string>`coalesce((select person from identity where id = ${id}), ${id})`;

/** The person of an identity, once `lockIdentities` keeps it so. */
export async function readPerson(tx: Tx, id: string): Promise<string> {
  const row = await tx.selectFrom('identity').select('person').where('id', '=', id).executeTakeFirst();
  return row?.person ?? id;
}

/** Makes identities a person's; those that he has already stay as they are. */
export async function writeIdentities(tx: Tx, person: string, all: readonly Identity[]): Promise<void> {
  await tx
    .insertInto('identity')
    .values(all.map(({ id, name, since }) => ({ id, person, name, since })))
    .onConflict((c) => c.column('id').doUpdateSet({ person }))
    .execute();
}

/** Makes an identity a person by itself again. */
export async function deleteIdentities(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx
    .deleteFrom('identity')
    .where('id', 'in', [...ids])
    .execute();
}

/** What somebody is somewhere: an owner of an account, or staff of one of its stores. */
export interface HeldRole {
  readonly accountId: string;
  readonly role: 'owner' | 'staff';
  /** Of staff. */
  readonly storeId: string | undefined;
}

/** Everything that a person is, wherever. */
export async function rolesOf(on: Db | Tx, person: string): Promise<readonly HeldRole[]> {
  const owns = await on
    .selectFrom('owner')
    .select('account_id as accountId')
    .where('person', '=', person)
    .orderBy('account_id')
    .execute();
  const works = await on
    .selectFrom('staff')
    .innerJoin('store', 'store.id', 'staff.store_id')
    .select(['store.account_id as accountId', 'store.id as storeId'])
    .where('staff.person', '=', person)
    .orderBy('store.id')
    .execute();
  return [
    ...owns.map(({ accountId }) => ({ accountId, role: 'owner' as const, storeId: undefined })),
    ...works.map((row) => ({ ...row, role: 'staff' as const })),
  ];
}

/** Takes the identities apart of somebody who is nothing anywhere any more: the last right went with this account's. */
export async function unlinkIdle(
  tx: Tx,
  facts: AccountFacts,
  { accountId, person, by }: { accountId: string; person: string; by: By },
): Promise<void> {
  const all = await identitiesOf(tx, person);
  if (all.length === 0 || (await rolesOf(tx, person)).length > 0) return;
  await deleteIdentities(
    tx,
    all.map(({ id }) => id),
  );
  for (const { id: identity, name } of all)
    if (identity !== person)
      await facts.record(tx, accountId, { kind: 'person.unlinked', subject: person, by, detail: { identity, name } });
}
