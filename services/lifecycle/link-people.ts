/** Makes one person of two identities who have both agreed, and takes an identity from a person. Each is one step, with its facts. */
import { createAccountFacts, type AccountFactKind } from '../accounts/account-facts.ts';
import { lockAccount } from '../accounts/accounts.ts';
import { localesOf } from '../accounts/chats.ts';
import {
  deleteIdentities,
  identitiesOf,
  MOST_IDENTITIES,
  readPerson,
  rolesOf,
  writeIdentities,
  type HeldRole,
} from '../accounts/identities.ts';
import { readOwners } from '../accounts/owners.ts';
import type { Db, Tx } from '../database/database.ts';
import { lockIdentities } from '../database/locks/row-locks.ts';
import type { By } from '../facts/by.ts';
import type { Recipient } from './end-ownership.ts';
import { movePerson } from './move-person.ts';

interface Known {
  readonly id: string;
  readonly name: string;
}

/** What came of linking: who is one person now, and the other owners wherever he is something. */
export interface Linked {
  readonly person: string;
  readonly at: readonly (HeldRole & { readonly others: readonly Recipient[] })[];
}

/**
 * Why two identities were not linked. `same`: they are one person already. `both-linked`: each has others already. `no-role`:
 * the first is nothing anywhere. `unasked`: the second is something and was not asked.
 */
export type NotLinked = 'same' | 'both-linked' | 'too-many' | 'no-role' | 'unasked';

export interface LinkPeople {
  /**
   * Makes the second identity one of the first's: together they may what each of them might. `asked`: whoever speaks by the
   * second has agreed, too. `tell` writes in the same transaction.
   */
  link(
    first: Known,
    second: Known,
    options: { readonly asked: boolean; readonly by: By },
    tell: (tx: Tx, linked: Linked) => Promise<void>,
  ): Promise<Linked | NotLinked>;
  /** Takes an identity from a person; it may nothing any more. False where it is none of his. */
  unlink(person: string, identity: string, by: By): Promise<boolean>;
}

export function createLinkPeople({ db, now }: { db: Db; now: () => number }): LinkPeople {
  const facts = createAccountFacts({ db, now });

  /** Once for each account and store in which the person is something. */
  const record = async (tx: Tx, kind: AccountFactKind, person: string, { id: identity, name }: Known, by: By): Promise<void> => {
    for (const { accountId, storeId } of await rolesOf(tx, person)) {
      const fact = { kind, subject: person, by, detail: { identity, name } };
      await (storeId === undefined ? facts.record(tx, accountId, fact) : facts.recordAt(tx, storeId, fact));
    }
  };

  const othersAt = async (tx: Tx, accountId: string, person: string): Promise<readonly Recipient[]> => {
    const others = (await readOwners(tx, accountId)).flatMap(({ id }) => (id === person ? [] : [id]));
    const locales = await localesOf(tx, others);
    return others.map((chat) => ({ chat, locale: locales.get(chat) }));
  };

  return {
    link: (first, second, { asked, by }, tell) =>
      db.transaction().execute(async (tx) => {
        await lockIdentities(tx, 'change');
        const [person, other] = [await readPerson(tx, first.id), await readPerson(tx, second.id)];
        if (person === other) return 'same';
        const [mine, theirs] = [await identitiesOf(tx, person), await identitiesOf(tx, other)];
        if (mine.length > 0 && theirs.length > 0) return 'both-linked';
        if (Math.max(1, mine.length) + Math.max(1, theirs.length) > MOST_IDENTITIES) return 'too-many';
        const [roles, added] = [await rolesOf(tx, person), await rolesOf(tx, other)];
        if (roles.length === 0) return 'no-role';
        if (added.length > 0 && !asked) return 'unasked';
        // In one order, so that two never wait for each other.
        for (const account of [...new Set([...roles, ...added].map(({ accountId }) => accountId))].toSorted())
          await lockAccount(tx, account);
        const since = now();
        await writeIdentities(tx, person, [
          ...(mine.length === 0 ? [{ id: person, name: first.name, since }] : []),
          ...(theirs.length === 0 ? [{ id: other, name: second.name, since }] : theirs),
        ]);
        const name = mine[0]?.name ?? first.name;
        await movePerson(tx, other, { id: person, name });
        await record(tx, 'person.linked', person, second, by);
        const at: Linked['at'][number][] = [];
        for (const role of await rolesOf(tx, person)) at.push({ ...role, others: await othersAt(tx, role.accountId, person) });
        const linked: Linked = { person, at };
        await tell(tx, linked);
        return linked;
      }),

    unlink: (id, identity, by) =>
      db.transaction().execute(async (tx) => {
        await lockIdentities(tx, 'change');
        const person = await readPerson(tx, id);
        const all = await identitiesOf(tx, person);
        const gone = all.find((one) => one.id === identity);
        const [next, ...rest] = all.filter((one) => one.id !== identity);
        if (!gone || !next) return false;
        await deleteIdentities(tx, rest.length === 0 ? [gone.id, next.id] : [gone.id]);
        // His rights are kept by another id from now on.
        if (gone.id === person) {
          if (rest.length > 0) await writeIdentities(tx, next.id, [next, ...rest]);
          for (const { accountId } of await rolesOf(tx, person)) await lockAccount(tx, accountId);
          await movePerson(tx, person, next);
        }
        await record(tx, 'person.unlinked', gone.id === person ? next.id : person, gone, by);
        return true;
      }),
  };
}
