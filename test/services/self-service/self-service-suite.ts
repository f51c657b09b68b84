/** Self-service on a database: places and their links, rules, visits, and limits that hold however many press. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createStores } from '../../../services/accounts/stores.ts';
import { createCollections } from '../../../services/database/collections.ts';
import type { Database } from '../../../services/database/database.ts';
import { createSeal } from '../../../services/database/seal.ts';
import { createSelfService, type SelfService } from '../../../services/self-service/self-service.ts';
import { VISIT_MS } from '../../../services/self-service/visits.ts';
import { createBegin } from '../../../services/verification/begin.ts';
import { createRepository } from '../../../services/verification/repository/repository.ts';
import { OPEN_MS, type OpenCard } from '../../../services/verification/verification.ts';
import { storeRow, verificationRow } from '../../fixtures/rows.ts';

const NOON = Date.parse('2026-11-28T12:00:00+08:00');
const WANG = { kind: 'person', id: 'telegram:1', name: '王老板' } as const;
const GUEST = { person: 'telegram:9', uses: 1 };

const NEVER = { week: [[], [], [], [], [], [], []], holidays: undefined };

export function selfServiceSuite(name: string, open: () => Promise<Database>): void {
  let database: Database;
  let self: SelfService;
  let at = NOON;
  beforeAll(async () => {
    database = await open();
    const { db } = database;
    const now = () => at;
    let ids = 0;
    const newId = () => `id${(ids += 1)}`;
    for (const [id, platform] of [
      ['account', 'umember'],
      ['learner', 'practice'],
    ] as const)
      await db.insertInto('account').values({ id, platform, identity: id, sealed: '', created_at: 0 }).execute();
    for (const id of ['shop', 'other']) await db.insertInto('store').values(storeRow(id)).execute();
    await db
      .insertInto('store')
      .values({ ...storeRow('practice'), account_id: 'learner' })
      .execute();
    const seal = createSeal(Buffer.alloc(32, 7));
    self = createSelfService({
      db,
      stores: createStores({ db, now, newId, zone: 'Asia/Shanghai' }),
      collections: createCollections(db, seal, now),
      seal,
      random: randomBytes,
      now,
      newId,
    });
  });
  beforeEach(async () => {
    at = NOON;
    for (const table of ['place', 'self_service', 'verification', 'fact', 'fact_stream', 'kv'] as const)
      await database.db.deleteFrom(table).execute();
  });
  afterAll(() => database.close());

  const facts = async () =>
    (await database.db.selectFrom('fact').select(['kind', 'subject', 'stream', 'by_id']).orderBy('sequence').execute()).map(
      ({ kind, subject, stream, by_id }) => `${stream} ${kind} ${subject} ${by_id}`,
    );
  const shop = async () => (await self.visits.of('telegram:9'))!.store;

  describe(name, () => {
    it('is off until the owner turns it on, and every change leaves its fact', async () => {
      const { rules, places } = self;
      expect(await rules.of('shop')).toMatchObject({ on: false, limits: { person: 5, place: 50 } });
      expect(await rules.turn('shop', true, WANG)).toBe(true);
      expect(await rules.turn('shop', true, WANG)).toBe(false);
      await rules.setUsual('shop', () => NEVER, WANG);
      await rules.setDays('shop', { days: ['2026-12-25'], spans: [] }, '2026-11-28', WANG);
      await rules.setDays('shop', { days: ['2027-01-01'], spans: [] }, '2026-12-26', WANG);
      await rules.setLimits('shop', { person: 1, place: undefined }, WANG);
      const room = (await places.add('shop', '1 号房', WANG))!;
      await places.rename(room.id, '大包', WANG);
      await places.instruct(room.id, '灯在门边', WANG);
      await places.rotate(room.id, WANG);
      expect(await places.remove(room.id, WANG)).toBe(true);
      expect(await places.remove(room.id, WANG)).toBe(false);
      await rules.turn('shop', false, WANG);
      const [before, after] = [
        ['self-service.on', 'self-service.hours', 'self-service.hours', 'self-service.hours', 'self-service.limits'],
        ['self-service.off'],
      ];
      const about = (kinds: readonly string[], subject: string) =>
        kinds.map((kind) => `account:account ${kind} ${subject} telegram:1`);
      expect(await facts()).toEqual([
        ...about(before, 'shop'),
        ...about(['place.added', 'place.renamed', 'place.instructions', 'place.rotated', 'place.removed'], room.id),
        ...about(after, 'shop'),
      ]);
      // A day that is over is forgotten.
      expect(await rules.of('shop')).toMatchObject({
        on: false,
        hours: { days: { '2027-01-01': [] } },
        limits: { person: 1, place: undefined },
      });
      expect((await rules.of('shop')).hours.days).not.toHaveProperty('2026-12-25');
    });

    it('counts the stores that have it on, practice ones left out', async () => {
      for (const id of ['practice', 'shop', 'other']) await self.rules.turn(id, true, WANG);
      expect((await self.rules.storesOn(5)).toSorted()).toEqual(['other', 'shop']);
      expect(await self.rules.storesOn(1)).toHaveLength(1);
    });

    it('finds a place by its token, which lies nowhere in the database, until it is replaced or removed', async () => {
      const { places } = self;
      const [one, two] = [(await places.add('shop', '1 号桌', WANG))!, (await places.add('shop', '2 号桌', WANG))!];
      const token = (await places.token(one.id))!;
      expect(token).toMatch(/^[\w-]{22}$/);
      expect(await places.byToken(token)).toMatchObject({ id: one.id, name: '1 号桌', storeId: 'shop' });
      for (const wrong of ['', 'x', `${token}x`, token.toLowerCase().toUpperCase(), one.id])
        expect(await places.byToken(wrong)).toBeUndefined();
      const stored = JSON.stringify([
        await database.db.selectFrom('place').selectAll().execute(),
        await database.db.selectFrom('fact').selectAll().execute(),
      ]);
      expect(stored).not.toContain(token);
      await places.rotate(one.id, WANG);
      expect(await places.byToken(token)).toBeUndefined();
      expect(await places.byToken((await places.token(one.id))!)).toMatchObject({ id: one.id });
      const other = (await places.token(two.id))!;
      await places.remove(two.id, WANG);
      expect(await places.byToken(other)).toBeUndefined();
      expect((await places.of('shop')).map(({ id }) => id)).toEqual([one.id]);
    });

    it('knows where a chat is for twelve hours, until another link, and not by a code that was replaced', async () => {
      const { places, visits } = self;
      const [one, two] = [(await places.add('shop', '1 号桌', WANG))!, (await places.add('other', '2 号桌', WANG))!];
      const here = async () => (await visits.of('telegram:9'))?.place.name;
      await visits.enter('telegram:9', one, at);
      expect(await here()).toBe('1 号桌');
      at += VISIT_MS - 1;
      expect(await here()).toBe('1 号桌');
      await visits.enter('telegram:9', two, at);
      // Heard late: an earlier link does not lead back.
      await visits.enter('telegram:9', one, at - 60_000);
      expect(await here()).toBe('2 号桌');
      expect((await visits.of('telegram:9'))?.store.id).toBe('other');
      await places.rotate(two.id, WANG);
      expect(await here()).toBeUndefined();
      await visits.enter('telegram:9', one, at);
      at += VISIT_MS;
      expect(await here()).toBeUndefined();
      await visits.enter('telegram:9', one, at - VISIT_MS);
      expect(await here()).toBeUndefined();
    });

    it('counts a person’s uses and a place’s, those of this business day that may have gone through', async () => {
      const { rules, places, visits } = self;
      const one = (await places.add('shop', '1 号桌', WANG))!;
      await visits.enter('telegram:9', one, at);
      await rules.turn('shop', true, WANG);
      await rules.setLimits('shop', { person: 2, place: 3 }, WANG);
      const wish = { ...GUEST, placeId: one.id };
      const store = await shop();
      const use = (id: string, person: string, changes: object = {}) =>
        database.db
          .insertInto('verification')
          .values(
            verificationRow(id, 'shop', {
              code: id,
              person,
              by_kind: 'customer',
              place_id: one.id,
              place: '1 号桌',
              business_day: '2026-11-28',
              state: 'verified',
              ...changes,
            }),
          )
          .execute();
      for (const [n, changes] of [
        { state: 'refused' },
        { state: 'undone' },
        { state: 'dropped' },
        { business_day: '2026-11-27' },
        { by_kind: 'person' },
      ].entries())
        await use(`not${n}`, 'telegram:9', changes);
      expect(await self.obstacle(store, { ...wish, uses: 2 })).toBeUndefined();
      expect(await self.obstacle(store, { ...wish, uses: 3 })).toEqual({ kind: 'limit', of: 'person', most: 2 });
      await use('a', 'telegram:9', { state: 'unsure' });
      expect(await self.obstacle(store, wish)).toBeUndefined();
      expect(await self.obstacle(store, { ...wish, uses: 2 })).toEqual({ kind: 'limit', of: 'person', most: 2 });
      await use('b', 'telegram:8', { count: 2 });
      expect(await self.obstacle(store, wish)).toEqual({ kind: 'limit', of: 'place', most: 3 });
      expect(await self.obstacle(store, { ...wish, placeId: 'elsewhere' })).toBeUndefined();
      expect(await self.today(store)).toMatchObject({ verified: 2, underWay: 1, byPlace: [{ name: '1 号桌', count: 3 }] });
    });

    it.each(['person', 'place'] as const)(
      'lets one through of many who press at two instances, where a %s has one use left',
      async (whose) => {
        const { db } = database;
        const { rules, places, visits } = self;
        const place = (await places.add('shop', '1 号桌', WANG))!;
        await visits.enter('telegram:9', place, at);
        await rules.turn('shop', true, WANG);
        await rules.setLimits('shop', { person: undefined, place: undefined, [whose]: 1 }, WANG);
        const store = await shop();
        const cards = createCollections(db, createSeal(Buffer.alloc(32, 7)), () => at)<OpenCard>('card', OPEN_MS);
        let ids = 0;
        const [one, other] = [1, 2].map(() =>
          createBegin({
            db,
            repository: createRepository(db),
            idempotency: { link: () => Promise.resolve() },
            cards,
            store: () => Promise.resolve(store),
            obstacle: self.obstacle,
            staffObstacle: self.staffObstacle,
            ruleFor: () => Promise.resolve(undefined),
            now: () => at,
            newId: () => `request${(ids += 1)}`,
          }),
        );
        const presses = Array.from({ length: 12 }, (_, n) => ({
          card: `card-${whose}-${n}`,
          person: `telegram:${whose === 'person' ? 9 : n}`,
        }));
        for (const [n, { card }] of presses.entries()) {
          const coupon = { kind: 'coupon', code: `100042061${n}`, title: '棋牌', remaining: 1 } as const;
          const shown = {
            id: card,
            storeId: 'shop',
            coupon,
            chat: 'telegram:9',
            openedAt: at,
            place: { id: place.id, name: '1 号桌' },
          };
          await cards.set(card, shown);
        }
        const ended = await Promise.all(
          presses.map(async ({ card, person }, n) => {
            const by = { kind: 'customer', id: person, name: '客' } as const;
            return (await (n % 2 === 0 ? one! : other!).beginAsCustomer(card, by, 1, undefined)).kind;
          }),
        );
        expect(ended.toSorted()).toEqual(['begun', ...Array.from({ length: 11 }, () => 'not-admitted')]);
        // The same press once more is the same use, and no further one.
        const { card, person } = presses[ended.indexOf('begun')]!;
        const again = await other!.beginAsCustomer(card, { kind: 'customer', id: person, name: '客' }, 1, undefined);
        expect(again.kind).toBe('already');
      },
    );
  });
}
