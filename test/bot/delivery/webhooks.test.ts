/** Delivers events side by side, a share to each endpoint, in order per coupon. */
import { randomBytes } from 'node:crypto';
import { beforeEach, expect, onTestFinished, test } from 'vitest';
import { createWebhookDelivery } from '../../../bot/delivery/webhooks.ts';
import { openSqlite, type Database } from '../../../services/database/database.ts';
import { createOutbox } from '../../../services/database/queues/outbox.ts';
import { createSeal } from '../../../services/database/seal.ts';
import { createFacts } from '../../../services/facts/facts.ts';
import { createDeliveries } from '../../../services/webhooks/deliveries.ts';
import { createEndpoints } from '../../../services/webhooks/endpoints.ts';
import { createEvents, type EventMessage } from '../../../services/webhooks/events.ts';
import { createPost } from '../../../services/webhooks/post.ts';
import { startMerchantSystem, type Answering, type MerchantSystem } from '../../doubles/merchant-system.ts';
import { storeRow } from '../../fixtures/rows.ts';

const NOON = Date.UTC(2026, 10, 22, 4);
let database: Database;
let delivery: ReturnType<typeof createWebhookDelivery>;
let endpoints: ReturnType<typeof createEndpoints>;

beforeEach(async () => {
  database = await openSqlite(':memory:');
  onTestFinished(() => database.close());
  const { db } = database;
  const now = () => NOON;
  let ids = 0;
  const newId = () => String((ids += 1)).padStart(16, '0');
  const seal = createSeal(randomBytes(32));
  const outbox = createOutbox<EventMessage>(db, seal, now, newId, { kind: 'webhook' });
  endpoints = createEndpoints({ db, seal, now, newId, random: randomBytes });
  delivery = createWebhookDelivery({
    outbox,
    endpoints,
    events: createEvents({ db, outbox, now, newId }),
    deliveries: createDeliveries(db),
    word: (event) =>
      Promise.resolve({ type: event.type, timestamp: '', data: 'fact' in event ? { coupon: event.fact.subject } : {} }),
    post: createPost({ now, monotonic: () => performance.now(), privateToo: true }),
    answered: () => Promise.resolve(),
    turnOff: () => Promise.reject(new Error('no endpoint fails for good here')),
    log: {
      info: () => undefined,
      warn: () => undefined,
      error: (message, facts) => expect.fail(`${message} ${JSON.stringify(facts)}`),
    },
    now,
  });
  const account = { id: 'account', platform: 'umember', identity: 'a', sealed: '', refused_at: null, created_at: NOON };
  await db.insertInto('account').values(account).execute();
});

/** A merchant's system that a store is connected to; it answers each event when it is told to. */
async function connected(store: string): Promise<MerchantSystem & { readonly yes: () => void }> {
  const system = await startMerchantSystem();
  onTestFinished(() => system.close());
  await database.db.insertInto('store').values(storeRow(store)).execute();
  await endpoints.add(store, new URL(system.url), { kind: 'person', id: 'telegram:1', name: '王老板' });
  const told = Promise.withResolvers<Answering>();
  system.answer = () => told.promise;
  return Object.assign(system, { yes: () => told.resolve({ status: 200 }) });
}
const verified = async (store: string, coupon: string, to = 'verified'): Promise<void> => {
  const fact = { stream: `store:${store}`, kind: 'verification.x', subject: coupon, to, at: NOON } as const;
  await database.db.transaction().execute((tx) => createFacts(database.db).record(tx, fact));
};
const waiting = async () => {
  const rows = await database.db.selectFrom('outbox').select(['state', 'attempts', 'epoch']).execute();
  return Object.fromEntries(
    [...Map.groupBy(rows, ({ state, attempts, epoch }) => `${state}, try ${attempts}, claim ${epoch}`)].map(
      ([how, { length }]) => [how, length],
    ),
  );
};
const coupons = ({ received }: MerchantSystem) => received.map(({ event }) => event.data['coupon']);

test('of much for one endpoint eight are under way, and the rest is not touched', async () => {
  const system = await connected('one');
  for (let n = 0; n < 40; n++) await verified('one', `coupon-${n}`);
  const run = delivery.run();
  await system.gets(8);
  // Another run finds nothing that it may take.
  expect(await delivery.run()).toBe(0);
  expect(await waiting()).toEqual({ 'sending, try 1, claim 1': 8, 'due, try 0, claim 0': 32 });
  system.yes();
  expect(await run).toBe(40);
  expect(await waiting()).toEqual({ 'sent, try 1, claim 1': 40 });
  expect(new Set(coupons(system)).size).toBe(40);
});

test('an endpoint that is slow delays no other, however much waits for it', async () => {
  const [slow, quick] = [await connected('one'), await connected('two')];
  quick.yes();
  for (let n = 0; n < 100; n++) await verified('one', `coupon-${n}`);
  await verified('two', 'theirs');
  const run = delivery.run();
  await quick.gets(1);
  expect(slow.received.length).toBeLessThanOrEqual(8);
  slow.yes();
  expect(await run).toBe(101);
});

test('the events of one coupon go one after the other, those of others beside them', async () => {
  const system = await connected('one');
  for (const to of ['verified', 'undone', 'verified']) await verified('one', 'first', to);
  await verified('one', 'second');
  const run = delivery.run();
  await system.gets(2);
  expect(new Set(coupons(system))).toEqual(new Set(['first', 'second']));
  system.yes();
  await run;
  const first = system.received.filter(({ event }) => event.data['coupon'] === 'first');
  expect(first.map(({ event }) => event.type)).toEqual(['coupon.verified', 'coupon.undone', 'coupon.verified']);
});
