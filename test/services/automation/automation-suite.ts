/** Rules on a database: changes with their facts, and a number a day that holds however many coupons come at a time. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createStores, storeFinder } from '../../../services/accounts/stores.ts';
import { createAutomation, type Automation } from '../../../services/automation/automation.ts';
import { endRulesMadeBy, moveAutoRules } from '../../../services/automation/rules.ts';
import { createAccountFacts } from '../../../services/accounts/account-facts.ts';
import { createCollections } from '../../../services/database/collections.ts';
import type { Database } from '../../../services/database/database.ts';
import { createSeal } from '../../../services/database/seal.ts';
import { createSelfService, type SelfService } from '../../../services/self-service/self-service.ts';
import { createBegin, type Begin } from '../../../services/verification/begin.ts';
import { createIdempotency } from '../../../services/verification/idempotency.ts';
import { createRepository } from '../../../services/verification/repository/repository.ts';
import { OPEN_MS, type OpenCard } from '../../../services/verification/verification.ts';
import { storeRow } from '../../fixtures/rows.ts';

const NOON = Date.parse('2026-11-28T12:00:00+08:00');
const DAY_MS = 86_400_000;
const WANG = { kind: 'person', id: 'telegram:1', name: '王老板' } as const;
const LI = { kind: 'person', id: 'telegram:2', name: '小李' } as const;
const LIN = { kind: 'customer', id: 'telegram:9', name: '林小姐' } as const;

const NEVER = { week: [[], [], [], [], [], [], []], holidays: undefined };

export function automationSuite(name: string, open: () => Promise<Database>): void {
  let database: Database;
  let self: SelfService;
  let automation: Automation;
  /** Two instances over one database. */
  let instances: readonly Begin[];
  let ids = 0;
  let at = NOON;
  const newId = () => `id${String((ids += 1)).padStart(6, '0')}`;
  const cards = () => createCollections(database.db, createSeal(Buffer.alloc(32, 7)), () => at)<OpenCard>('card', OPEN_MS);

  beforeAll(async () => {
    database = await open();
    const { db } = database;
    const now = () => at;
    await db
      .insertInto('account')
      .values({ id: 'account', platform: 'umember', identity: 'a', sealed: '', created_at: 0 })
      .execute();
    await db.insertInto('store').values(storeRow('shop')).execute();
    const stores = createStores({ db, now, newId, zone: 'Asia/Shanghai' });
    const seal = createSeal(Buffer.alloc(32, 7));
    self = createSelfService({
      db,
      stores,
      collections: createCollections(db, seal, now),
      seal,
      random: randomBytes,
      now,
      newId,
    });
    automation = createAutomation({ db, now, newId });
    instances = [1, 2].map(() => {
      const own = createAutomation({ db, now, newId });
      return createBegin({
        db,
        repository: createRepository(db),
        idempotency: createIdempotency({ db, now }),
        cards: cards(),
        store: storeFinder(stores),
        obstacle: self.obstacle,
        staffObstacle: self.staffObstacle,
        ruleFor: own.ruleFor,
        now,
        newId,
      });
    });
  });
  beforeEach(async () => {
    at = NOON;
    for (const table of ['place', 'self_service', 'auto_rule', 'owner', 'verification', 'fact', 'fact_stream', 'kv'] as const)
      await database.db.deleteFrom(table).execute();
    await database.db.insertInto('owner').values({ account_id: 'account', person: WANG.id, name: WANG.name, since: 0 }).execute();
  });
  afterAll(() => database.close());

  const card = async (changes: Partial<OpenCard> = {}): Promise<OpenCard> => {
    const id = newId();
    const shown: OpenCard = {
      id,
      storeId: 'shop',
      coupon: { kind: 'coupon', code: id, title: '畅玩4小时', price: 4900, remaining: 1 },
      chat: LI.id,
      openedAt: at,
      reading: 'typed',
      ...changes,
    };
    await cards().set(id, shown);
    return shown;
  };
  const ruleOn = async (perDay = 5) => {
    const rule = (await automation.rules.add('shop', (n) => `自动核销 ${n}`, WANG))!;
    const changed = (await automation.rules.change(rule.id, { perDay }, WANG))!;
    return (await automation.rules.turnOn(rule.id, changed.revision, WANG))!;
  };
  const begin = async (which = 0, shown?: OpenCard) =>
    (await instances[which]!.beginByRule((shown ?? (await card())).id, LI, false)).kind;

  describe(name, () => {
    it('a rule is made off, changed, turned on as it was shown, and removed; each leaves its fact', async () => {
      const { rules } = automation;
      const rule = (await rules.add('shop', (n) => `自动核销 ${n}`, WANG))!;
      expect(rule).toMatchObject({ name: '自动核销 1', on: false, people: { kind: 'staff' }, deals: undefined, perDay: 20 });
      expect(await rules.turnOn(rule.id, rule.revision + 1, WANG)).toBeUndefined();
      const on = (await rules.turnOn(rule.id, rule.revision, WANG))!;
      expect(on.on).toBe(true);
      expect(await rules.turnOn(rule.id, on.revision, WANG)).toBeUndefined();
      const changed = (await rules.change(rule.id, { perDay: 3 }, WANG))!;
      expect(changed).toMatchObject({ on: false, perDay: 3 });
      expect(await rules.turnOff(rule.id, WANG)).toBe(false);
      expect(await rules.turnOn(rule.id, on.revision, WANG)).toBeUndefined();
      await rules.turnOn(rule.id, changed.revision, WANG);
      expect(await rules.turnOff(rule.id, WANG)).toBe(true);
      expect(await rules.remove(rule.id, WANG)).toBe(true);
      expect(await rules.remove(rule.id, WANG)).toBe(false);
      const facts = await database.db.selectFrom('fact').select(['kind', 'subject', 'by_id']).orderBy('sequence').execute();
      expect(facts.map(({ kind }) => kind)).toEqual(
        ['added', 'on', 'changed', 'on', 'off', 'removed'].map((what) => `rule.${what}`),
      );
      expect(new Set(facts.map(({ subject, by_id: by }) => `${subject} ${by}`))).toEqual(new Set([`${rule.id} telegram:1`]));
    });

    it('takes its number a day and not one more, of thirty at once at two instances; the next day again', async () => {
      const rule = await ruleOn(7);
      const shown = await Promise.all(Array.from({ length: 30 }, () => card()));
      const kinds = await Promise.all(shown.map((one, n) => begin(n % 2, one)));
      expect(kinds.filter((kind) => kind === 'begun')).toHaveLength(7);
      expect(kinds.filter((kind) => kind === 'no-rule')).toHaveLength(23);
      const rows = await database.db.selectFrom('verification').select(['by_kind', 'person', 'sender', 'state']).execute();
      expect(rows).toEqual(
        Array.from({ length: 7 }, () => ({ by_kind: 'rule', person: rule.id, sender: LI.id, state: 'submitting' })),
      );
      at += DAY_MS;
      expect(await begin()).toBe('begun');
    });

    it('counts what may have gone through, and undone uses; not what the platform refused by its own answer', async () => {
      const rule = await ruleOn(3);
      for (let n = 0; n < 3; n += 1) expect(await begin()).toBe('begun');
      const set = (changes: object) => database.db.updateTable('verification').set(changes).execute();
      for (const state of ['unsure', 'verified', 'undone', 'person'] as const) {
        await set({ state });
        expect(await begin(), state).toBe('no-rule');
      }
      // Others concluded that it failed: the call's own yes may still come.
      await set({ state: 'refused', epoch: 2 });
      expect(await begin()).toBe('no-rule');
      await set({ state: 'refused', epoch: 1 });
      expect(await begin()).toBe('begun');
      const shop = (await createStores({ db: database.db, now: () => at, newId, zone: 'Asia/Shanghai' }).get('shop'))!;
      expect(await automation.spent(rule, shop)).toBe(1);
    });

    it('acts no more from the moment that it is changed, turned off, or its maker is no owner', async () => {
      const rule = await ruleOn();
      const shown = await card();
      await automation.rules.turnOff(rule.id, WANG);
      expect(await begin(1, shown)).toBe('no-rule');
      await automation.rules.turnOn(rule.id, rule.revision + 1, WANG);
      expect(await begin(1, shown)).toBe('begun');
      await automation.rules.change(rule.id, { perDay: 50 }, WANG);
      expect(await begin()).toBe('no-rule');
      await automation.rules.turnOn(rule.id, rule.revision + 3, WANG);
      await database.db.deleteFrom('owner').execute();
      expect(await begin()).toBe('no-rule');
    });

    it('ends with the ownership: who becomes owner again finds it off', async () => {
      const rule = await ruleOn();
      const facts = createAccountFacts({ db: database.db, now: () => at });
      const end = (person: string) =>
        database.db.transaction().execute((tx) => endRulesMadeBy(tx, facts, { accountId: 'account', person, by: WANG, at }));
      await end('telegram:77');
      expect(await begin()).toBe('begun');
      await end(WANG.id);
      expect(await begin()).toBe('no-rule');
      expect(await automation.rules.get(rule.id)).toMatchObject({ on: false });
    });

    it('verifies only what was plainly read, once, and leaves the card to a press', async () => {
      await ruleOn();
      expect(await begin(0, await card({ reading: 'printed' }))).toBe('no-rule');
      const { reading: _, ...unread } = await card();
      await cards().set(unread.id, unread);
      expect(await begin(0, unread)).toBe('no-rule');
      const shown = await card();
      expect(await Promise.all([begin(0, shown), begin(1, shown)])).toEqual(expect.arrayContaining(['begun', 'already']));
      const left = await card({ reading: 'worded' });
      expect(await begin(0, left)).toBe('no-rule');
      expect((await instances[0]!.begin(left.id, LI, 1, undefined)).kind).toBe('begun');
    });

    it('for a customer stays within the owner’s hours and limits, which count it', async () => {
      const rule = await ruleOn();
      const changed = (await automation.rules.change(rule.id, { people: { kind: 'customers' } }, WANG))!;
      await automation.rules.turnOn(rule.id, changed.revision, WANG);
      const place = (await self.places.add('shop', '1 号桌', WANG))!;
      const at1 = { place: { id: place.id, name: place.name }, chat: LIN.id };
      const come = async (changes: Partial<OpenCard> = at1) =>
        (await instances[0]!.beginByRule((await card(changes)).id, LIN, false)).kind;
      expect(await come()).toBe('no-rule');
      await self.rules.turn('shop', true, WANG);
      await self.rules.setLimits('shop', { person: 2, place: undefined }, WANG);
      expect(await come({ chat: LIN.id })).toBe('no-rule');
      expect([await come(), await come(), await come()]).toEqual(['begun', 'begun', 'no-rule']);
      // A press counts what rules took for him, too.
      const pressed = await card(at1);
      expect(await instances[1]!.beginAsCustomer(pressed.id, LIN, 1, undefined)).toMatchObject({
        kind: 'not-admitted',
        why: { kind: 'limit', of: 'person' },
      });
      await self.rules.setUsual('shop', () => NEVER, WANG);
      expect((await instances[0]!.beginByRule((await card(at1)).id, { ...LIN, id: 'telegram:10' }, false)).kind).toBe('no-rule');
    });

    it('does not get staff around the owner who wants to be asked while it is closed', async () => {
      await ruleOn();
      await self.rules.setUsual('shop', () => NEVER, WANG);
      expect(await begin()).toBe('begun');
      await self.rules.setAskClosed('shop', { customer: false, staff: true }, WANG);
      expect(await begin()).toBe('no-rule');
      expect((await instances[0]!.beginByRule((await card()).id, WANG, true)).kind).toBe('begun');
      const shown = await card();
      expect((await instances[0]!.beginAsStaff(shown.id, LI, 1, undefined)).kind).toBe('not-admitted');
      expect((await instances[0]!.beginAsStaff(shown.id, LI, 1, undefined, true)).kind).toBe('begun');
    });

    it('follows its chat to a new id', async () => {
      const rule = await ruleOn();
      await automation.rules.change(rule.id, { people: { kind: 'chat', chat: 'telegram:-1', title: '前台群' } }, WANG);
      await database.db.transaction().execute((tx) => moveAutoRules(tx, 'telegram:-1', 'telegram:-1001'));
      expect((await automation.rules.get(rule.id))!.people).toMatchObject({ chat: 'telegram:-1001' });
    });
  });
}
