/** The names that owners give people in an account. */
import type { Db, Tx } from '../database/database.ts';
import { prepared } from '../database/prepared.ts';
import { lockIdentities } from '../database/locks/row-locks.ts';
import type { By } from '../facts/by.ts';
import { nameOf } from '../one-line.ts';
import { createAccountFacts } from './account-facts.ts';
import { personOf, readPerson } from './identities.ts';

/** Somebody as a channel knows him. */
interface Known {
  readonly id: string;
  readonly name: string;
}

export interface People {
  /** The name that an owner of the account gave; undefined where none did. */
  nameAt(accountId: string, person: string): Promise<string | undefined>;
  /**
   * Gives a person a name in an account; returns it as it is kept: one line of at most 40 characters. Undefined where nothing of
   * it is left.
   */
  rename(accountId: string, person: Known, name: string, by: By): Promise<string | undefined>;
}

export function createPeople({ db, now }: { db: Db; now: () => number }): People {
  const facts = createAccountFacts({ db, now });
  const given = prepared(db, ({ account, person }: { account: string; person: string }) =>
    db.selectFrom('given_name').select('name').where('account_id', '=', account).where('person', '=', personOf(person)),
  );
  return {
    nameAt: async (account, person) => (await given({ account, person })).rows[0]?.name,
    rename: (accountId, { id, name: before }, text, by) =>
      db.transaction().execute(async (tx) => {
        const name = nameOf(text);
        if (name === '') return undefined;
        await lockIdentities(tx, 'hold');
        const person = await readPerson(tx, id);
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
  };
}

/** The name that an owner of the account gave a person, in a transaction. */
export async function nameIn(tx: Tx, accountId: string, person: string): Promise<string | undefined> {
  const row = await tx
    .selectFrom('given_name')
    .select('name')
    .where('account_id', '=', accountId)
    .where('person', '=', person)
    .executeTakeFirst();
  return row?.name;
}

/** Makes the names that somebody was given another's, where that one has none. */
export async function moveNames(tx: Tx, from: string, to: string): Promise<void> {
  const rows = await tx.deleteFrom('given_name').where('person', '=', from).returningAll().execute();
  for (const row of rows)
    await tx
      .insertInto('given_name')
      .values({ ...row, person: to })
      .onConflict((c) => c.columns(['account_id', 'person']).doNothing())
      .execute();
}

/** Deletes the names of an account. */
export async function deleteNames(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('given_name').where('account_id', '=', accountId).execute();
}
