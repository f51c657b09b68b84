/** Facts about an account's people, bindings and settings: the kinds there are, and how they are recorded. */
import type { Db, Tx } from '../database/database.ts';
import type { By } from '../facts/by.ts';
import { createFacts, type Detail } from '../facts/facts.ts';

/** What can happen to an account; above each group stands what the subject of such a fact is. */
export const ACCOUNT_FACT_KINDS = [
  // The account.
  'account.bound',
  'account.secret-changed',
  'account.renewed',
  'account.refused',
  'account.accepted',
  // The person.
  'owner.added',
  'owner.removed',
  'owner.left',
  'owner.lapsed',
  'owner.taken-back',
  'owner.offered',
  'owner.declined',
  'owner.handed-over',
  'person.renamed',
  'person.linked',
  'person.unlinked',
  'staff.joined',
  'staff.declined',
  'staff.removed',
  // The chat.
  'chat.bound',
  'chat.unbound',
  'chat.moved',
  'chat.who-may',
  'chat.language',
  'summary.on',
  'summary.off',
  'summary.extras',
  // The store.
  'staff.invited',
  'store.added',
  'store.day-end',
  'alerts.kinds',
  'alerts.quiet-hours',
  'store.zone',
  'store.may-undo',
  'store.group-codes',
  'listing.added',
  'listing.removed',
  'self-service.on',
  'self-service.off',
  'self-service.hours',
  'self-service.limits',
  'self-service.ask-closed',
  // The place.
  'place.added',
  'place.renamed',
  'place.instructions',
  'place.rotated',
  'place.removed',
  // The key of the API.
  'key.made',
  'key.revoked',
  // The rule by which coupons are verified without a press.
  'rule.added',
  'rule.changed',
  'rule.on',
  'rule.off',
  'rule.removed',
  // The endpoint of a webhook.
  'webhook.added',
  'webhook.removed',
  'webhook.rotated',
  'webhook.on',
  'webhook.off',
  // The hand-over.
  'shift.handed-over',
  'shift.taken',
] as const;
export type AccountFactKind = (typeof ACCOUNT_FACT_KINDS)[number];

export interface AccountFact {
  readonly kind: AccountFactKind;
  readonly subject: string;
  readonly by: By;
  /** Before and after, where a value has changed. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly detail?: Detail;
}

export interface AccountFacts {
  /** Records a fact in the transaction of the change. */
  record(tx: Tx, accountId: string, fact: AccountFact): Promise<void>;
  /** The same for a store's account; the fact names the store. Nothing for a store that is not there. */
  recordAt(tx: Tx, storeId: string | null | undefined, fact: AccountFact): Promise<void>;
}

export function createAccountFacts({ db, now }: { db: Db; now: () => number }): AccountFacts {
  const facts = createFacts(db);
  const record: AccountFacts['record'] = async (tx, accountId, fact) => {
    await facts.record(tx, { ...fact, stream: `account:${accountId}`, at: now() });
  };
  return {
    record,
    async recordAt(tx, storeId, fact) {
      if (!storeId) return;
      const store = await tx.selectFrom('store').select('account_id').where('id', '=', storeId).executeTakeFirst();
      if (store) await record(tx, store.account_id, { ...fact, detail: { store: storeId, ...fact.detail } });
    },
  };
}
