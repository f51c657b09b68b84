/** Facts become events once, numbered without a gap, for whoever listens then. */
import { randomBytes, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openSqlite, sql, type Database } from '../../../services/database/database.ts';
import { createOutbox } from '../../../services/database/queues/outbox.ts';
import { createSeal } from '../../../services/database/seal.ts';
import { createFacts } from '../../../services/facts/facts.ts';
import { createEndpoints, type Endpoints } from '../../../services/webhooks/endpoints.ts';
import { createEvents, type EventMessage, type Events } from '../../../services/webhooks/events.ts';
import { storeRow } from '../../fixtures/rows.ts';

const NOON = Date.UTC(2026, 10, 22, 4);
const WANG = { kind: 'person', id: 'telegram:1', name: '王老板' } as const;

let database: Database;
let events: Events;
let endpoints: Endpoints;
beforeEach(async () => {
  database = await openSqlite(':memory:');
  const { db } = database;
  const parts = {
    db,
    seal: createSeal(Buffer.alloc(32, 1)),
    now: () => NOON,
    newId: () => randomUUID().slice(0, 16),
    random: randomBytes,
  };
  endpoints = createEndpoints(parts);
  events = createEvents({
    ...parts,
    outbox: createOutbox<EventMessage>(db, parts.seal, parts.now, parts.newId, { kind: 'webhook' }),
  });
  const account = { id: 'account', platform: 'umember', identity: 'a', sealed: '', refused_at: null, created_at: NOON };
  await db.insertInto('account').values(account).execute();
  for (const id of ['one', 'two']) await db.insertInto('store').values(storeRow(id)).execute();
});
afterEach(() => database.close());

const happens = async (store: string, from: string | undefined, to: string, kind = 'verification.x') =>
  await database.db
    .transaction()
    .execute((tx) => createFacts(database.db).record(tx, { stream: `store:${store}`, kind, subject: 'v1', from, to, at: NOON }));
const listen = async (store: string, path = '') => {
  const added = await endpoints.add(store, new URL(`https://shop.example/${path}`), WANG);
  if (typeof added === 'string') throw new Error(added);
  return added.endpoint;
};
const told = async () =>
  (await database.db.selectFrom('event').selectAll().orderBy('store_id').orderBy('sequence').execute()).map(
    ({ store_id: store, type, sequence }) => `${store} ${type} ${sequence}`,
  );
const put = async () => (await database.db.selectFrom('outbox').selectAll().where('kind', '=', 'webhook').execute()).length;

describe('facts of a store', () => {
  it('become events from the first endpoint on, and of no store without one', async () => {
    await happens('one', 'submitting', 'verified');
    await listen('one');
    await happens('one', 'submitting', 'verified');
    await happens('two', 'submitting', 'verified');
    await events.publishFacts();
    expect(await told()).toEqual(['one coupon.verified 1']);
    expect(await put()).toBe(1);
  });

  it('are told where something became known, and not where it only moved on', async () => {
    await listen('one');
    for (const [from, to] of [
      ['open', 'submitting'],
      ['submitting', 'unsure'],
      ['unsure', 'person'],
      ['person', 'verified'],
      // The receipt of a use that was found in the list before.
      ['verified', 'verified'],
      ['verified', 'undoing'],
      ['undoing', 'undo-unsure'],
      ['undo-unsure', 'verified'],
      ['undoing', 'undone'],
      ['submitting', 'refused'],
      ['refused', 'verified'],
      [undefined, 'verified'],
      ['open', 'dropped'],
    ] as const)
      await happens('one', from, to);
    await happens('one', undefined, 'verified', 'something.else');
    await events.publishFacts();
    expect(await told()).toEqual([
      'one coupon.unsure 1',
      'one coupon.verified 2',
      'one coupon.undone 3',
      'one coupon.refused 4',
      'one coupon.verified 5',
      'one coupon.verified 6',
    ]);
  });

  it('are published once, whoever looks at the same time, and to each endpoint that is on', async () => {
    await listen('one', 'a');
    const off = await listen('one', 'b');
    await endpoints.turn(off.id, false, WANG);
    await listen('one', 'c');
    for (let n = 0; n < 450; n++) await happens('one', 'submitting', 'verified');
    await Promise.all(Array.from({ length: 6 }, () => events.publishFacts()));
    expect(await told()).toEqual(Array.from({ length: 450 }, (_, n) => `one coupon.verified ${n + 1}`));
    expect(await put()).toBe(900);
  });
});

it('a store whose facts cannot be published stops no other', async () => {
  await listen('one');
  await listen('two');
  await happens('one', 'submitting', 'verified');
  await happens('two', 'submitting', 'verified');
  await sql`update fact set detail = '{' where stream = 'store:one'`.execute(database.db);
  await expect(events.publishFacts()).rejects.toThrow('facts could not be published');
  expect(await told()).toEqual(['two coupon.verified 1']);
});

describe('the endpoints of a store', () => {
  it('are five at most, each address once, also of two owners at the same moment', async () => {
    const adding = (n: number) => endpoints.add('one', new URL(`https://shop.example/${n % 7}`), WANG);
    const ended = await Promise.all(Array.from({ length: 14 }, (_, n) => adding(n)));
    expect(ended.filter((one) => typeof one !== 'string')).toHaveLength(5);
    expect(await endpoints.of('one')).toHaveLength(5);
  });

  it('keep address and secret sealed: the database has neither', async () => {
    const added = await endpoints.add('one', new URL('https://shop.example/hook?token=t0p'), WANG);
    const rows = JSON.stringify(await database.db.selectFrom('webhook_endpoint').selectAll().execute());
    expect(rows).not.toMatch(/t0p|shop\.example/);
    expect(typeof added === 'object' && rows.includes(added.secret)).toBe(false);
  });
});
