/** People: the names that owners give them in an account, and which ids of several channels are one person. */
import type { Db, Tx } from '../database/database.ts';
import { prepared } from '../database/prepared.ts';
import type { By } from '../facts/by.ts';
import { nameOf } from '../one-line.ts';
import { createAccountFacts } from './account-facts.ts';

/** Somebody as a channel knows him. */
interface Known {
  readonly id: string;
  readonly name: string;
}

export interface People {
  /** Who the id of a channel is: the person it was linked to, or itself. */
  whoIs(id: string): Promise<string>;
  /** The name that an owner of the account gave; undefined where none did. */
  nameAt(accountId: string, person: string): Promise<string | undefined>;
  /**
   * Gives a person a name in an account; returns it as it is kept: one line of at most 40 characters. Undefined where nothing of
   * it is left.
   */
  rename(accountId: string, person: Known, name: string, by: By): Promise<string | undefined>;
  /** The ids that were linked to this person. */
  linkedTo(person: string): Promise<readonly string[]>;
}

export function createPeople({ db, now }: { db: Db; now: () => number }): People {
  const facts = createAccountFacts({ db, now });
  const main = prepared(db, ({ id }: { id: string }) =>
    db.selectFrom('person_alias').select('person').where('alias', 'in', [id]),
  );
  const given = prepared(db, ({ account, person }: { account: string; person: string }) =>
    db.selectFrom('given_name').select('name').where('account_id', '=', account).where('person', '=', person),
  );
  return {
    whoIs: async (id) => (await main({ id })).rows[0]?.person ?? id,
    nameAt: async (account, person) => (await given({ account, person })).rows[0]?.name,
    rename: (accountId, { id: person, name: before }, text, by) =>
      db.transaction().execute(async (tx) => {
        const name = nameOf(text);
        if (name === '') return undefined;
        const [row] = (await given({ account: accountId, person }, tx)).rows;
        const from = row?.name ?? before;
        await tx
          .insertInto('given_name')
          .values({ account_id: accountId, person, name })
          .onConflict((c) => c.columns(['account_id', 'person']).doUpdateSet({ name }))
          .execute();
        if (from !== name) await facts.record(tx, accountId, { kind: 'person.renamed', subject: person, by, from, to: name });
        return name;
      }),
    linkedTo: async (person) => {
      const rows = await db.selectFrom('person_alias').select('alias').where('person', '=', person).orderBy('alias').execute();
      return rows.map(({ alias }) => alias);
    },
  };
}

/** Links an id, and whatever was linked to it, to a person. */
export async function writeLink(tx: Tx, alias: string, person: string, at: number): Promise<void> {
  await tx.updateTable('person_alias').set({ person }).where('person', '=', alias).execute();
  await tx
    .insertInto('person_alias')
    .values({ alias, person, since: at })
    .onConflict((c) => c.column('alias').doUpdateSet({ person, since: at }))
    .execute();
}

/** Ends a link. False where there was none to this person. */
export async function deleteLink(tx: Tx, alias: string, person: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('person_alias')
    .where('alias', '=', alias)
    .where('person', '=', person)
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

/** A person who has become another one is called as before, where the other one has no name yet. */
export async function moveNames(tx: Tx, from: string, to: string): Promise<void> {
  const named = tx.selectFrom('given_name').select('account_id').where('person', '=', to);
  await tx.deleteFrom('given_name').where('person', '=', from).where('account_id', 'in', named).execute();
  await tx.updateTable('given_name').set({ person: to }).where('person', '=', from).execute();
}

/** Deletes the names of an account. */
export async function deleteNames(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('given_name').where('account_id', '=', accountId).execute();
}
