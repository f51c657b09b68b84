/** Ends a person's ownership of an account: an owner removes another or leaves, a changed password lapses, a yes is taken back. */
import { lockAccount } from '../accounts/accounts.ts';
import { createAccountFacts, type AccountFactKind } from '../accounts/account-facts.ts';
import { revokeKeysMadeBy } from '../accounts/api-keys.ts';
import { localesOf, unbindChats } from '../accounts/chats.ts';
import { readPerson, unlinkIdle } from '../accounts/identities.ts';
import { deleteStaffInvitedBy, isStaff } from '../accounts/members.ts';
import { deleteOwner, findLapsed, readOwners, succeedOwner, type Owner } from '../accounts/owners.ts';
import { removeForeignListings } from '../accounts/stores.ts';
import { endRulesMadeBy } from '../automation/rules.ts';
import type { Db, Tx } from '../database/database.ts';
import { lockIdentities } from '../database/locks/row-locks.ts';
import { BY_PROGRAM, type By } from '../facts/by.ts';
import { deleteOwnerGroups } from '../ledger/owner-groups.ts';
import { removeEndpointsMadeBy } from '../webhooks/endpoints.ts';

/** A chat to be told, with the language chosen there. */
export interface Recipient {
  readonly chat: string;
  readonly locale: string | undefined;
}

export interface Ended {
  readonly accountId: string;
  readonly why: 'removed' | 'left' | 'lapsed' | 'taken-back' | 'handed-over';
  readonly person: Recipient & { readonly name: string };
  readonly by: By;
  /** The chats that the person had bound to the account's stores, now unbound. */
  readonly chats: readonly Recipient[];
  /** How many keys of the API ended with it: those that the person had made. */
  readonly keys: number;
  /** The owners who remain. */
  readonly others: readonly Recipient[];
  /** Who owns it in the place of the person; only where it was handed over. */
  readonly heir?: { readonly id: string; readonly name: string };
}

/**
 * Why nothing was ended. `not-owner`: whoever asks owns the account no more. `gone`: the other one does not. `last`: somebody
 * has to own it. `unproven`: whoever has only proved an earlier password removes nobody who proved the present one.
 */
export type NotEnded = 'not-owner' | 'gone' | 'last' | 'unproven';

/** Writes that belong to the end, in its transaction. */
export type TellEnded = (tx: Tx, ended: Ended) => Promise<void>;

export interface EndOwnership {
  /** An owner removes another, or leaves. `all`: the chats that this owner bound and the staff they invited go as well. */
  remove(accountId: string, person: string, by: By, all: boolean, tell: TellEnded): Promise<Ended | NotEnded>;
  /**
   * Makes another an owner in the place of `from`, in one step: at no moment the account is nobody's. `from` hands over what is
   * his still, and has proved the present password.
   */
  handOver(
    accountId: string,
    from: string,
    heir: { readonly id: string; readonly name: string },
    tell: TellEnded,
  ): Promise<Ended | NotEnded>;
  /** Notes that somebody was asked to be the owner in the place of another, or did not want to. */
  note(accountId: string, kind: 'owner.offered' | 'owner.declined', person: string, by: By): Promise<void>;
  /** Ends the ownership of whoever agreed on the platform's page and takes that back. Undefined where there is nothing to end. */
  takeBack(accountId: string, person: string, by: By, tell: TellEnded): Promise<Ended | undefined>;
  /** Ends the ownerships whose time to prove a changed password is over. Chats and staff stay: the counter goes on. Keys of the
   * API end: they would go on verifying for whoever has only proved the former password. */
  lapse(tell: TellEnded): Promise<number>;
}

/** Ownerships of one run of `lapse`. */
const A_RUN = 50;

const KINDS: Readonly<Record<Ended['why'], AccountFactKind>> = {
  removed: 'owner.removed',
  left: 'owner.left',
  lapsed: 'owner.lapsed',
  'taken-back': 'owner.taken-back',
  'handed-over': 'owner.handed-over',
};

export function createEndOwnership({ db, now }: { db: Db; now: () => number }): EndOwnership {
  const facts = createAccountFacts({ db, now });

  const end = async (
    tx: Tx,
    accountId: string,
    { id: person, name }: Owner,
    { why, by, all, heir }: Pick<Ended, 'why' | 'by' | 'heir'> & { readonly all: boolean },
    tell: TellEnded,
  ): Promise<Ended> => {
    await deleteOwner(tx, accountId, person);
    const detail = { name, all, ...(heir && { heir: heir.id }) };
    await facts.record(tx, accountId, { kind: KINDS[why], subject: person, by, detail });
    // Where all goes: otherwise everybody in a group that is open to all could go on verifying.
    const chats = all ? await unbindChats(tx, facts, { accountId, person, by, at: now() }) : [];
    await deleteOwnerGroups(tx, facts, { accountId, chats: [person, ...chats], by });
    if (all) await deleteStaffInvitedBy(tx, facts, { accountId, person, by });
    const keys = await revokeKeysMadeBy(tx, facts, { accountId, person, by, at: now() });
    await endRulesMadeBy(tx, facts, { accountId, person, by, at: now() });
    if (all) await removeEndpointsMadeBy(tx, facts, { accountId, person, by });
    await removeForeignListings(tx, facts, { accountId, by, at: now() });
    await unlinkIdle(tx, facts, { accountId, person, by });
    const others = (await readOwners(tx, accountId)).map(({ id }) => id);
    const locales = await localesOf(tx, [person, ...chats, ...others]);
    const recipient = (chat: string): Recipient => ({ chat, locale: locales.get(chat) });
    const ended: Ended = {
      accountId,
      why,
      by,
      person: { ...recipient(person), name },
      chats: chats.map(recipient),
      keys,
      others: others.map(recipient),
      ...(heir && { heir }),
    };
    await tell(tx, ended);
    return ended;
  };

  /** The owners, once no other transaction is changing them: two who remove each other do not leave the account to nobody. */
  const lockedOwners = async (tx: Tx, accountId: string): Promise<readonly Owner[]> => {
    await lockIdentities(tx, 'hold');
    await lockAccount(tx, accountId);
    return await readOwners(tx, accountId);
  };

  return {
    remove: (accountId, id, by, all, tell) =>
      db.transaction().execute(async (tx) => {
        const owners = await lockedOwners(tx, accountId);
        const person = await readPerson(tx, id);
        const remover = owners.find((owner) => owner.id === by.id);
        if (!remover) return 'not-owner';
        const removed = owners.find((owner) => owner.id === person);
        if (!removed) return 'gone';
        if (owners.length === 1) return 'last';
        if (remover.endsAt !== undefined && removed.endsAt === undefined) return 'unproven';
        return await end(tx, accountId, removed, { why: person === by.id ? 'left' : 'removed', by, all }, tell);
      }),
    handOver: (accountId, giving, accepting, tell) =>
      db.transaction().execute(async (tx) => {
        const owners = await lockedOwners(tx, accountId);
        const from = await readPerson(tx, giving);
        const heir = { id: await readPerson(tx, accepting.id), name: accepting.name };
        const giver = owners.find(({ id }) => id === from);
        if (!giver || from === heir.id) return 'not-owner';
        if (!owners.some(({ id }) => id === heir.id) && !(await isStaff(tx, accountId, heir.id))) return 'gone';
        if (giver.endsAt !== undefined) return 'unproven';
        const by: By = { kind: 'person', id: from, name: giver.name };
        await succeedOwner(tx, accountId, heir, { from, at: now() });
        if (!owners.some(({ id }) => id === heir.id))
          await facts.record(tx, accountId, { kind: 'owner.added', subject: heir.id, by, detail: { name: heir.name } });
        return await end(tx, accountId, giver, { why: 'handed-over', by, all: false, heir }, tell);
      }),
    note: (accountId, kind, subject, by) => db.transaction().execute((tx) => facts.record(tx, accountId, { kind, subject, by })),
    takeBack: (accountId, person, by, tell) =>
      db.transaction().execute(async (tx) => {
        const owners = await lockedOwners(tx, accountId);
        const whole = await readPerson(tx, person);
        const removed = owners.find(({ id }) => id === whole);
        return removed && (await end(tx, accountId, removed, { why: 'taken-back', by, all: true }, tell));
      }),
    async lapse(tell) {
      const due = await findLapsed(db, now(), A_RUN);
      let ended = 0;
      for (const { accountId, person } of due)
        ended += await db.transaction().execute(async (tx) => {
          const owners = await lockedOwners(tx, accountId);
          // It may have been proved since, or the one who had proved it may be gone.
          const still = await findLapsed(tx, now(), A_RUN, accountId);
          const removed = owners.find(({ id }) => id === person);
          if (!removed || !still.some((one) => one.person === person)) return 0;
          await end(tx, accountId, removed, { why: 'lapsed', by: BY_PROGRAM, all: false }, tell);
          return 1;
        });
      return ended;
    },
  };
}
