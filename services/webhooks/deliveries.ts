/** Remembers how deliveries of events went, the last attempt of each, for the owner to read. */
import type { Db, Tx } from '../database/database.ts';
import type { WebhookDeliveryTable } from '../database/schema/tables.ts';

export interface Delivered {
  readonly event: string;
  readonly type: string;
  /** When it was last tried, ms. */
  readonly at: number;
  readonly attempts: number;
  readonly outcome: WebhookDeliveryTable['outcome'];
  /** The answer's status; undefined where there was no answer. */
  readonly status: number | undefined;
  /** Why there was none. */
  readonly reason: string | undefined;
}

export interface Deliveries {
  record(endpointId: string, delivery: Omit<Delivered, 'type'>): Promise<void>;
  /** The latest, newest first. */
  latest(endpointId: string, limit: number): Promise<readonly Delivered[]>;
  /** Deletes what is older than the events are kept. */
  sweep(before: number): Promise<void>;
}

export function createDeliveries(db: Db): Deliveries {
  return {
    async record(endpointId, { event, at, attempts, outcome, status, reason }) {
      const last = { at, attempts, outcome, status: status ?? null, reason: reason ?? null };
      await db
        .insertInto('webhook_delivery')
        .values({ endpoint_id: endpointId, event_id: event, ...last })
        .onConflict((c) => c.columns(['endpoint_id', 'event_id']).doUpdateSet(last))
        .execute();
    },
    async latest(endpointId, limit) {
      const rows = await db
        .selectFrom('webhook_delivery')
        .innerJoin('event', 'event.id', 'webhook_delivery.event_id')
        .selectAll('webhook_delivery')
        .select('event.type')
        .where('endpoint_id', '=', endpointId)
        .orderBy('webhook_delivery.at', 'desc')
        .limit(limit)
        .execute();
      return rows.map(({ event_id: event, type, at, attempts, outcome, status, reason }) => ({
        event,
        type,
        at,
        attempts,
        outcome,
        status: status ?? undefined,
        reason: reason ?? undefined,
      }));
    },
    async sweep(before) {
      await db.deleteFrom('webhook_delivery').where('at', '<', before).execute();
    },
  };
}

export async function deleteDeliveries(tx: Tx, endpoints: readonly string[]): Promise<void> {
  await tx.deleteFrom('webhook_delivery').where('endpoint_id', 'in', endpoints).execute();
}
