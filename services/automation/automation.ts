/** Automation: rules of the owner's by which coupons are verified without a press, and what they would have done. */
import { readOwners } from '../accounts/owners.ts';
import type { Store } from '../accounts/stores.ts';
import { sql, type Db, type Tx } from '../database/database.ts';
import type { Principal } from '../facts/by.ts';
import { dayAt } from '../time/calendar.ts';
import { wallTime } from '../time/wall-clock.ts';
import type { OpenCard } from '../verification/verification.ts';
import { createRehearsal, type Rehearsal } from './rehearsal.ts';
import { missOf, type Deal, type Occasion, type Rule } from './rule.ts';
import { createAutoRules, type AutoRules } from './rules.ts';
import { seenDeals, seenChats, type SeenChat } from './seen.ts';

/** Who brought a coupon: a customer of a place, or a person who may verify in the store. */
export type Sender = Principal & { readonly kind: 'customer' | 'person' };

export interface Automation {
  readonly rules: AutoRules;
  /** The deals of a store that were verified lately, the most frequent first. */
  deals(storeId: string): Promise<readonly Deal[]>;
  /** The chats that are bound to a store. */
  chats(storeId: string): Promise<readonly SeenChat[]>;
  /** Whether any rule of the store is on: without, nothing more is asked. */
  anyOn(storeId: string): Promise<boolean>;
  /**
   * The rule that verifies what this card shows, now; undefined where none does. In a transaction that holds the merchant's lock
   * no rule takes more than its number a day, however many coupons come at a time.
   */
  ruleFor(tx: Tx, store: Store, card: OpenCard, sender: Sender): Promise<Rule | undefined>;
  /** The coupons that a rule took this business day. */
  spent(rule: Rule, store: Store): Promise<number>;
  /** What the rule would have done over the last 30 days. */
  rehearse(rule: Rule, store: Store): Promise<Rehearsal>;
}

/** The principal of a rule. */
export const byRule = ({ id, name }: Pick<Rule, 'id' | 'name'>) => ({ kind: 'rule', id, name }) as const satisfies Principal;

export function createAutomation({ db, now, newId }: { db: Db; now: () => number; newId: () => string }): Automation {
  const rules = createAutoRules({ db, now, newId });
  return {
    rules,
    deals: (storeId) => seenDeals(db, storeId),
    chats: (storeId) => seenChats(db, storeId),
    anyOn: async (storeId) => (await rules.of(storeId)).some(({ on }) => on),
    async ruleFor(tx, store, card, sender) {
      const all = (await rules.of(store.id, tx)).filter(({ on }) => on);
      if (all.length === 0) return undefined;
      const at = now();
      const occasion = occasionOf(store, card, sender, at);
      const owners = (await readOwners(tx, store.accountId)).filter(({ endsAt = Infinity }) => endsAt > at);
      const day = dayAt(at, store);
      for (const rule of all) {
        const standing = { owned: owners.some(({ id }) => id === rule.madeBy.id), spent: await spentOn(tx, rule.id, day) };
        if (missOf(rule, occasion, standing) === undefined) return rule;
      }
      return undefined;
    },
    spent: (rule, store) => spentOn(db, rule.id, dayAt(now(), store)),
    rehearse: createRehearsal({ db, now }),
  };
}

const occasionOf = (
  { id: storeId, zone }: Store,
  { chat, place, reading, uses, coupon }: OpenCard,
  sender: Sender,
  at: number,
): Occasion => ({
  storeId,
  chat,
  sender: sender.kind === 'customer' ? 'customer' : 'staff',
  placeId: place?.id,
  reading,
  uses,
  coupon,
  at,
  wall: wallTime(at, zone),
});

/**
 * Counts what a rule began on a business day, undone uses included. Left out are only those that the platform refused in the
 * call's own answer: one that others concluded to have failed may still turn out verified.
 */
async function spentOn(on: Db | Tx, ruleId: string, day: string): Promise<number> {
  const { spent } = await on
    .selectFrom('verification')
    .select(sql<number>`cast(coalesce(sum(case when count > 1 then count else 1 end), 0) as integer)`.as('spent'))
    .where('person', '=', ruleId)
    .where('business_day', '=', day)
    .where('by_kind', '=', sql.lit('rule'))
    .where(sql<boolean>`not (state = 'refused' and epoch <= 1)`)
    .executeTakeFirstOrThrow();
  return spent;
}
