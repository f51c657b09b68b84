/** The table `auto_rule`: the rules of a store. A change turns a rule off, and every change leaves its fact. */
import { createAccountFacts, type AccountFactKind, type AccountFacts } from '../accounts/account-facts.ts';
import { storesOf } from '../accounts/stores.ts';
import type { Db, Tx } from '../database/database.ts';
import { createLockAccounts } from '../database/locks/row-locks.ts';
import { prepared } from '../database/prepared.ts';
import type { AutoRuleTable } from '../database/schema/self-service-tables.ts';
import type { By, Principal } from '../facts/by.ts';
import { ALWAYS, type Span, type Week } from '../self-service/hours.ts';
import type { Deal, People, Rule, Terms } from './rule.ts';

export interface AutoRules {
  /** The rules of a store, the oldest first. */
  of(storeId: string, on?: Db | Tx): Promise<readonly Rule[]>;
  get(id: string): Promise<Rule | undefined>;
  /** Adds a rule, off and for staff alone; undefined where the store has `MOST_RULES`. `name` is given its number. */
  add(storeId: string, name: (number: number) => string, by: Principal): Promise<Rule | undefined>;
  /** Changes terms of a rule, which is off from then on; undefined where it is gone. */
  change(id: string, terms: Partial<Terms>, by: Principal): Promise<Rule | undefined>;
  /** Turns on what was shown of it as `revision`; undefined where it was changed or turned since, or is gone. */
  turnOn(id: string, revision: number, by: Principal): Promise<Rule | undefined>;
  /** Turns it off; false where it is off or gone. */
  turnOff(id: string, by: Principal): Promise<boolean>;
  /** Removes a rule; false where it is gone. */
  remove(id: string, by: Principal): Promise<boolean>;
}

export const MOST_RULES = 10;
/** The deals of one rule. */
export const MOST_DEALS = 20;

/** What a new rule begins with. */
const CAUTIOUS: Terms = { deals: undefined, people: { kind: 'staff' }, week: ALWAYS.week, holidays: undefined, perDay: 20 };

/** Reads a row. Its JSON is written by this file only. */
const read = (row: AutoRuleTable): Rule => ({
  id: row.id,
  storeId: row.store_id,
  name: row.name,
  on: row.is_on === 1,
  revision: row.revision,
  deals: row.deals === null ? undefined : (JSON.parse(row.deals) as Deal[]),
  people: JSON.parse(row.people) as People,
  week: JSON.parse(row.week) as Week,
  holidays: row.holidays === null ? undefined : (JSON.parse(row.holidays) as Span[]),
  perDay: row.per_day,
  madeBy: { id: row.made_by, name: row.made_name },
});

const written = ({ deals, people, week, holidays, perDay }: Terms) => ({
  deals: deals ? JSON.stringify(deals) : null,
  people: JSON.stringify(people),
  week: JSON.stringify(week),
  holidays: holidays ? JSON.stringify(holidays) : null,
  per_day: perDay,
});

export function createAutoRules({ db, now, newId }: { db: Db; now: () => number; newId: () => string }): AutoRules {
  const facts = createAccountFacts({ db, now });
  const lockAccounts = createLockAccounts(db);
  const ofStore = prepared(db, ({ id }: { id: string }) =>
    db.selectFrom('auto_rule').selectAll().where('store_id', 'in', [id]).orderBy('created_at').orderBy('id'),
  );
  const of: AutoRules['of'] = async (storeId, on = db) => (await ofStore({ id: storeId }, on)).rows.map(read);

  /** Changes a rule under its merchant's lock: a confirmation that is beginning goes by what was before, the next by what is now. */
  const change = async (
    id: string,
    by: Principal,
    step: (before: Rule) => { readonly kind: AccountFactKind; readonly after: Rule } | undefined,
  ): Promise<Rule | undefined> =>
    await db.transaction().execute(async (tx) => {
      const found = await tx.selectFrom('auto_rule').select('store_id').where('id', '=', id).executeTakeFirst();
      if (!found) return undefined;
      await lockAccounts(tx, found.store_id);
      const row = await tx.selectFrom('auto_rule').selectAll().where('id', '=', id).executeTakeFirst();
      const before = row && read(row);
      const next = before && step(before);
      if (!next) return undefined;
      const revision = before.revision + 1;
      const after: Rule = { ...next.after, revision, madeBy: { id: by.id, name: by.name } };
      const values = { ...written(after), is_on: after.on ? 1 : 0, revision, made_by: by.id, made_name: by.name };
      await tx
        .updateTable('auto_rule')
        .set({ ...values, changed_at: now() })
        .where('id', '=', id)
        .execute();
      const detail = { name: after.name, revision };
      const terms = next.kind === 'rule.changed' || next.kind === 'rule.on' ? { to: JSON.stringify(written(after)) } : {};
      await facts.recordAt(tx, after.storeId, { kind: next.kind, subject: id, by, ...terms, detail });
      return after;
    });

  return {
    of,
    async get(id) {
      const row = await db.selectFrom('auto_rule').selectAll().where('id', '=', id).executeTakeFirst();
      return row && read(row);
    },
    add: (storeId, name, by) =>
      db.transaction().execute(async (tx) => {
        await lockAccounts(tx, storeId);
        const all = await of(storeId, tx);
        if (all.length >= MOST_RULES) return undefined;
        const taken = new Set(all.map((rule) => rule.name));
        const number = Array.from({ length: MOST_RULES }, (_, n) => n + 1).find((n) => !taken.has(name(n))) ?? all.length + 1;
        const row: AutoRuleTable = {
          id: newId(),
          store_id: storeId,
          name: name(number),
          is_on: 0,
          revision: 1,
          ...written(CAUTIOUS),
          made_by: by.id,
          made_name: by.name,
          created_at: now(),
          changed_at: now(),
        };
        await tx.insertInto('auto_rule').values(row).execute();
        await facts.recordAt(tx, storeId, { kind: 'rule.added', subject: row.id, by, detail: { name: row.name } });
        return read(row);
      }),
    change: (id, terms, by) => change(id, by, (before) => ({ kind: 'rule.changed', after: { ...before, ...terms, on: false } })),
    turnOn: (id, revision, by) =>
      change(id, by, (before) =>
        before.on || before.revision !== revision ? undefined : { kind: 'rule.on', after: { ...before, on: true } },
      ),
    turnOff: async (id, by) =>
      (await change(id, by, (before) => (before.on ? { kind: 'rule.off', after: { ...before, on: false } } : undefined))) !==
      undefined,
    remove: (id, by) =>
      db.transaction().execute(async (tx) => {
        const gone = await tx.deleteFrom('auto_rule').where('id', '=', id).returning(['store_id', 'name']).executeTakeFirst();
        if (gone) await facts.recordAt(tx, gone.store_id, { kind: 'rule.removed', subject: id, by, detail: { name: gone.name } });
        return gone !== undefined;
      }),
  };
}

/** Turns off the rules that a person made, with the end of their ownership of the account. */
export async function endRulesMadeBy(
  tx: Tx,
  facts: AccountFacts,
  { accountId, person, by, at }: { accountId: string; person: string; by: By; at: number },
): Promise<void> {
  const ended = await tx
    .updateTable('auto_rule')
    .set((e) => ({ is_on: 0, revision: e('revision', '+', 1), changed_at: at }))
    .where('store_id', 'in', storesOf(tx, accountId))
    .where('made_by', '=', person)
    .where('is_on', '=', 1)
    .returning(['id', 'store_id', 'name'])
    .execute();
  for (const { id, store_id: store, name } of ended)
    await facts.record(tx, accountId, { kind: 'rule.off', subject: id, by, detail: { store, name } });
}

/** Makes the rules that somebody made another's. */
export async function moveRulesMadeBy(tx: Tx, from: string, to: string): Promise<void> {
  await tx.updateTable('auto_rule').set({ made_by: to }).where('made_by', '=', from).execute();
}

/** Deletes the rules of an account's stores, before these are deleted. */
export async function deleteAutoRules(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('auto_rule').where('store_id', 'in', storesOf(tx, accountId)).execute();
}

/** Follows a chat to its new id. */
export async function moveAutoRules(tx: Tx, from: string, to: string): Promise<void> {
  const rows = await tx.selectFrom('auto_rule').select(['id', 'people']).where('people', 'like', '%"chat"%').execute();
  for (const row of rows) {
    const people = JSON.parse(row.people) as People;
    if (people.kind !== 'chat' || people.chat !== from) continue;
    const moved = JSON.stringify({ ...people, chat: to });
    await tx.updateTable('auto_rule').set({ people: moved }).where('id', '=', row.id).execute();
  }
}
