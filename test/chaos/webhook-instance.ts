/** A process that delivers webhooks from one PostgreSQL, until it is killed: `node test/chaos/webhook-instance.ts '<Where>'`. */
import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { createWebhookDelivery } from '../../bot/delivery/webhooks.ts';
import { openPostgres } from '../../services/database/database.ts';
import { createOutbox } from '../../services/database/queues/outbox.ts';
import { databaseClock } from '../../services/database/queues/claim.ts';
import { createSeal } from '../../services/database/seal.ts';
import { createDeliveries } from '../../services/webhooks/deliveries.ts';
import { createEndpoints } from '../../services/webhooks/endpoints.ts';
import { createEvents, type EventMessage } from '../../services/webhooks/events.ts';
import { createPost } from '../../services/webhooks/post.ts';

/** The database, and its schema. */
export interface Where {
  readonly url: string;
  readonly schema: string;
}

/** The key that seals addresses and secrets in this trial. */
export const KEY = Buffer.alloc(32, 3);
/** The waits of this trial, ms: the plan's would take days. */
const SHORT_PLAN = Array.from({ length: 60 }, () => 200);

/** Puts the parts together over one database, as the program does. */
export function createParts({ db }: Awaited<ReturnType<typeof openPostgres>>) {
  const now = () => Date.now();
  const newId = () => randomUUID().replaceAll('-', '').slice(0, 16);
  const seal = createSeal(KEY);
  const outbox = createOutbox<EventMessage>(db, seal, now, newId, { kind: 'webhook', clock: databaseClock });
  const endpoints = createEndpoints({ db, seal, now, newId, random: randomBytes });
  return { outbox, endpoints, events: createEvents({ db, outbox, now, newId }), deliveries: createDeliveries(db), now };
}

if (import.meta.main) {
  const { url, schema } = JSON.parse(process.argv[2]!) as Where;
  const parts = createParts(await openPostgres(url, schema));
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const { run } = createWebhookDelivery({
    ...parts,
    plan: SHORT_PLAN,
    post: createPost({ now: parts.now, monotonic: () => performance.now(), privateToo: true }),
    word: (event) =>
      Promise.resolve({
        type: event.type,
        timestamp: new Date(event.at).toISOString(),
        data: 'fact' in event ? { sequence: event.sequence, coupon: event.fact.subject } : {},
      }),
    answered: () => Promise.resolve(),
    turnOff: () => Promise.reject(new Error('no endpoint fails for good here')),
    log,
  });
  process.send?.('ready');
  for (;;) if ((await run().catch(() => 0)) === 0) await pause(50);
}
