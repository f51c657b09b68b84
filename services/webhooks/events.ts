/** Turns facts into events, each an outbox row for every endpoint of its store, and keeps them for a repeat. */
import { createHash } from 'node:crypto';
import { sql, type Db, type Tx } from '../database/database.ts';
import { prepared } from '../database/prepared.ts';
import { storesOf } from '../accounts/stores.ts';
import type { EventTable } from '../database/schema/tables.ts';
import type { Outbox } from '../database/queues/outbox.ts';
import { createFacts, type Fact, type Stream } from '../facts/facts.ts';

export const EVENT_TYPES = [
  'coupon.verified',
  'coupon.undone',
  'coupon.refused',
  'coupon.unsure',
  'summary.posted',
  'account.attention',
  // Sent by the button that tries an endpoint.
  'webhook.test',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** What is delivered: an event, by its id. It is worded when it is sent. */
export interface EventMessage {
  readonly event: string;
  /** Tried once, and of no consequence for its endpoint: somebody is looking. */
  readonly once?: true;
}

/** An event that tells of a coupon, with the fact it stands for, or another one with its data. */
export type StoreEvent = { readonly id: string; readonly storeId: string; readonly at: number } & (
  | { readonly type: EventType; readonly sequence: number; readonly fact: Fact }
  | { readonly type: EventType; readonly data: unknown }
);

export interface Events {
  /** Turns new facts of up to 50 stores into events and outbox rows; returns how many events. Instances may run it at once. */
  publishFacts(): Promise<number>;
  /** Publishes another event of a store, in the transaction of what it tells; once per `key`. Nothing where nobody listens. */
  publish(tx: Tx, storeId: string, type: EventType, data: unknown, key: string): Promise<void>;
  /** Sends one event to one endpoint, once more where it was sent before. False where the event is gone. */
  send(endpointId: string, eventId: string): Promise<boolean>;
  /** Sends a test event to one endpoint. */
  test(endpointId: string, storeId: string): Promise<void>;
  get(id: string): Promise<StoreEvent | undefined>;
  /** Deletes events older than 30 days. */
  sweep(): Promise<void>;
}

/** How long events are kept for a repeat, ms. */
export const KEPT_MS = 30 * 24 * 3_600_000;
/** How long it is tried to deliver one, ms: longer than all waits of the plan together. */
export const GIVE_UP_MS = 5 * 24 * 3_600_000;
const STORES_A_RUN = 50;
const FACTS_A_RUN = 200;

export interface EventsParts {
  readonly db: Db;
  readonly outbox: Pick<Outbox<EventMessage>, 'put'>;
  readonly now: () => number;
  readonly newId: () => string;
}

export function createEvents({ db, outbox, now, newId }: EventsParts): Events {
  const facts = createFacts(db);
  const storesBehind = prepared(db, () =>
    db
      .selectFrom('event_stream')
      .innerJoin('fact_stream', (j) => j.on('fact_stream.stream', '=', sql<string>`'store:' || event_stream.store_id`))
      .select('event_stream.store_id as storeId')
      .whereRef('fact_stream.last', '>', 'event_stream.seen')
      .where((e) =>
        e.exists(
          e.selectFrom('webhook_endpoint').select('id').whereRef('webhook_endpoint.store_id', '=', 'event_stream.store_id'),
        ),
      )
      .limit(sql.lit(STORES_A_RUN)),
  );

  const insert = async (tx: Tx, row: Omit<EventTable, 'id' | 'at'> & { readonly at?: number }): Promise<string | undefined> => {
    const written = await tx
      .insertInto('event')
      .values({ at: now(), ...row, id: `msg_${newId()}` })
      .onConflict((c) => c.column('dedupe_key').doNothing())
      .returning('id')
      .executeTakeFirst();
    return written?.id;
  };
  const listening = async (tx: Tx, storeId: string): Promise<readonly string[]> =>
    (
      await tx
        .selectFrom('webhook_endpoint')
        .select('id')
        .where('store_id', '=', storeId)
        .where('disabled_at', 'is', null)
        .orderBy('since')
        .execute()
    ).map(({ id }) => id);
  const put = async (tx: Tx, endpoint: string, event: string, about: string): Promise<void> => {
    const how = { orderKey: `${endpoint}:${about}`, giveUpMs: GIVE_UP_MS };
    await outbox.put(tx, `webhook:${endpoint}:${event}`, endpoint, { event }, how);
  };
  /** In no order with others: it is behind nothing, and holds nothing up. */
  const putOnce = async (tx: Tx, endpoint: string, event: string): Promise<void> => {
    const key = `webhook:${endpoint}:${event}:${newId()}`;
    await outbox.put(tx, key, endpoint, { event, once: true }, { orderKey: key, giveUpMs: GIVE_UP_MS });
  };

  /** The facts of one store, in one transaction: an instance that comes second finds them seen. */
  const publishStore = (storeId: string): Promise<number> =>
    db.transaction().execute(async (tx) => {
      const stream = await tx
        .updateTable('event_stream')
        .set((e) => ({ seen: e.ref('seen') }))
        .where('store_id', '=', storeId)
        .returningAll()
        .executeTakeFirst();
      if (!stream) return 0;
      const fresh = await facts.read(`store:${storeId}`, stream.seen, FACTS_A_RUN, tx);
      const newest = fresh.at(-1);
      if (!newest) return 0;
      const endpoints = await listening(tx, storeId);
      let { last } = stream;
      for (const fact of fresh) {
        const type = typeOf(fact);
        if (!type) continue;
        last += 1;
        const { at, sequence } = fact;
        const row = { store_id: storeId, type, sequence: last, fact: sequence, data: null, at };
        const id = await insert(tx, { ...row, dedupe_key: `fact:${storeId}:${sequence}` });
        if (id === undefined) continue;
        const about = await couponKey(tx, fact.subject);
        for (const endpoint of endpoints) await put(tx, endpoint, id, about);
      }
      await tx.updateTable('event_stream').set({ seen: newest.sequence, last }).where('store_id', '=', storeId).execute();
      return last - stream.last;
    });

  return {
    async publishFacts() {
      const { rows: behind } = await storesBehind({});
      let published = 0;
      const failed: unknown[] = [];
      // One store that fails stops no other.
      for (const { storeId } of behind)
        published += await publishStore(storeId).catch((error: unknown) => {
          failed.push(error);
          return 0;
        });
      if (failed.length > 0) throw new AggregateError(failed, 'facts could not be published');
      return published;
    },
    async publish(tx, storeId, type, data, key) {
      const endpoints = await listening(tx, storeId);
      if (endpoints.length === 0) return;
      const row = { store_id: storeId, type, sequence: null, fact: null, data: JSON.stringify(data), dedupe_key: key };
      const id = await insert(tx, row);
      if (id !== undefined) for (const endpoint of endpoints) await put(tx, endpoint, id, type);
    },
    send: (endpointId, eventId) =>
      db.transaction().execute(async (tx) => {
        const known = await tx.selectFrom('event').select('id').where('id', '=', eventId).executeTakeFirst();
        if (known) await putOnce(tx, endpointId, eventId);
        return known !== undefined;
      }),
    test: (endpointId, storeId) =>
      db.transaction().execute(async (tx) => {
        const row = { store_id: storeId, type: 'webhook.test', sequence: null, fact: null, data: '{}' };
        const id = await insert(tx, { ...row, dedupe_key: `test:${newId()}` });
        if (id !== undefined) await putOnce(tx, endpointId, id);
      }),
    async get(id) {
      const row = await db.selectFrom('event').selectAll().where('id', '=', id).executeTakeFirst();
      if (!row) return undefined;
      const { store_id: storeId, at } = row;
      const type = row.type as EventType;
      if (row.fact === null) return { id, storeId, at, type, data: JSON.parse(row.data ?? '{}') as unknown };
      const stream: Stream = `store:${storeId}`;
      const [fact] = await facts.read(stream, row.fact - 1, 1);
      return fact && { id, storeId, at, type, sequence: row.sequence ?? 0, fact };
    },
    async sweep() {
      await db
        .deleteFrom('event')
        .where('at', '<', now() - KEPT_MS)
        .execute();
    },
  };
}

/** The event that a fact of a store is; undefined for a step in between, and for what was told before. */
function typeOf({ kind, from, to }: Fact): EventType | undefined {
  if (!kind.startsWith('verification.') || from === to) return undefined;
  if (to === 'verified') return from === 'undoing' || from === 'undo-unsure' ? undefined : 'coupon.verified';
  if (to === 'undone') return 'coupon.undone';
  if (to === 'refused') return 'coupon.refused';
  return to === 'unsure' ? 'coupon.unsure' : undefined;
}

/** What the events of one coupon have in common, without its code: its order, as an undo may change the code. */
async function couponKey(tx: Tx, verification: string): Promise<string> {
  const row = await tx.selectFrom('verification').select(['code', 'order_id']).where('id', '=', verification).executeTakeFirst();
  return createHash('sha256')
    .update(row?.order_id ?? row?.code ?? verification)
    .digest('base64url')
    .slice(0, 16);
}

/** Lets a store's facts become events from the next one on, unless they do already. Writers wait for each other. */
export async function beginStream(tx: Tx, storeId: string): Promise<void> {
  const { last } = (await tx
    .selectFrom('fact_stream')
    .select('last')
    .where('stream', '=', `store:${storeId}`)
    .executeTakeFirst()) ?? { last: 0 };
  await tx
    .insertInto('event_stream')
    .values({ store_id: storeId, seen: last, last: 0 })
    // A write, so that of two who add an endpoint the second sees the first one's. Without any the facts were not looked at.
    .onConflict((c) =>
      c.column('store_id').doUpdateSet((e) => ({
        seen: e
          .case()
          .when(e.exists(e.selectFrom('webhook_endpoint').select('id').where('webhook_endpoint.store_id', '=', storeId)))
          .then(e.ref('event_stream.seen'))
          .else(e.ref('excluded.seen'))
          .end(),
      })),
    )
    .execute();
}

/** Deletes all events of the account's stores. */
export async function deleteEvents(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('event').where('store_id', 'in', storesOf(tx, accountId)).execute();
  await tx.deleteFrom('event_stream').where('store_id', 'in', storesOf(tx, accountId)).execute();
}
