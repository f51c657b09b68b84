/** The tables of webhooks. Times are ms since the epoch; ids are text. */

/** Where a merchant's own system listens. */
export interface WebhookEndpointTable {
  id: string;
  store_id: string;
  /** The address, sealed: it may hold a token of the merchant's. */
  url: string;
  /** `whsec_…`, sealed. */
  secret: string;
  /** The one before, sealed, which signs too until `former_until`. */
  former_secret: string | null;
  former_until: number | null;
  made_by: string;
  since: number;
  /** Nothing is sent since then; null while it is on. */
  disabled_at: number | null;
}

/** How far a store's facts have become events; there while the store has an endpoint. */
export interface EventStreamTable {
  store_id: string;
  /** The number of the last fact that was looked at. */
  seen: number;
  /** The number of the last coupon event. */
  last: number;
}

export interface EventTable {
  /** `msg_…`, the `webhook-id`. */
  id: string;
  store_id: string;
  type: string;
  /** The number among the store's coupon events, growing by one; null of other events. */
  sequence: number | null;
  /** The number of the fact it tells, in the store's stream; null of other events. */
  fact: number | null;
  /** The data of other events, JSON. */
  data: string | null;
  /** Written once. */
  dedupe_key: string;
  at: number;
}

/** How the last attempt to deliver an event to an endpoint went. */
export interface WebhookDeliveryTable {
  endpoint_id: string;
  event_id: string;
  at: number;
  attempts: number;
  outcome: 'delivered' | 'retrying' | 'failed';
  /** The answer's status; null where there was no answer. */
  status: number | null;
  /** Why there was no answer. */
  reason: string | null;
}
