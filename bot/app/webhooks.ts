/** Puts webhooks together: endpoints, events out of facts, and their delivery. */
import { createWordEvent } from '../../handlers/api/event-json.ts';
import { createReadLedger } from '../../handlers/api/read-ledger.ts';
import { createShow } from '../../handlers/api/show.ts';
import { messageNotices } from '../../handlers/webhooks/notices.ts';
import { words } from '../../locales/index.ts';
import { BY_PROGRAM } from '../../services/facts/by.ts';
import type { Http } from '../../services/http.ts';
import type { Log } from '../../services/log.ts';
import type { Time } from '../../services/time/time.ts';
import type { Desk } from '../../services/verification/desk.ts';
import type { StoreEvent } from '../../services/webhooks/events.ts';
import { createPost } from '../../services/webhooks/post.ts';
import type { Config } from '../config/config.ts';
import { createWebhookDelivery } from '../delivery/webhooks.ts';
import type { Notices } from './notices.ts';
import type { Services } from './services.ts';

export interface WebhooksParts {
  readonly config: Pick<Config, 'locale' | 'webhookPrivate'>;
  readonly services: Services;
  readonly notices: Notices;
  /** Posts to the endpoints. Left out: over the network, `services/webhooks/post.ts`. */
  readonly http: Http | undefined;
  readonly time: Time;
  readonly log: Log;
  /** Begins a run of a job now: people wait for what was just put. */
  readonly nudge: (job: 'outbox' | 'webhooks') => void;
  readonly stopping: AbortSignal;
}

export function createWebhookParts(parts: WebhooksParts) {
  const { config, services, notices, http, time, log, nudge, stopping } = parts;
  const { db, storeOf, repository, endpoints, events, deliveries } = services;
  const { now, monotonic } = time;

  /** Shows the answer to a use on its card. It comes while the customer waits, so it goes out at once. */
  const answered = async (event: StoreEvent, message: string): Promise<void> => {
    if (!('fact' in event) || event.type !== 'coupon.verified') return;
    await db.transaction().execute(async (tx) => {
      const shown = await repository.keepMessage(tx, event.fact.subject, message);
      if (shown) await notices.put(tx, messageNotices(shown));
    });
    nudge('outbox');
  };

  const show = createShow(services);
  const delivery = createWebhookDelivery({
    outbox: services.webhookOutbox,
    events,
    endpoints,
    deliveries,
    word: createWordEvent({
      storeOf,
      verification: (id) => repository.get(id),
      show,
      summary: createReadLedger({ ...services, show }).summary,
      words: words(config.locale),
    }),
    post: createPost({ now, monotonic, privateToo: config.webhookPrivate, ...(http && { http }) }),
    answered,
    async turnOff({ id, storeId, url: { host } }, why) {
      const { name: store, accountId } = await storeOf(storeId);
      const facts = { store, endpoint: id, host, why };
      const tell = await notices.alerting.prepare({ kind: 'endpoint', key: id, accountId, storeIds: [storeId], facts });
      await endpoints.turn(id, false, BY_PROGRAM, tell);
    },
    log,
    now,
    stopping,
  });
  return { run: delivery.run, deliver: () => nudge('webhooks') };
}

export type WebhookParts = ReturnType<typeof createWebhookParts>;

/** The desk, whose outcomes go to the merchants' systems at once and not with the next job. */
export function tellingDesk(desk: Desk, deliver: () => void): Desk {
  const after = async <T>(outcome: Promise<T>): Promise<T> => await outcome.finally(deliver);
  return {
    ...desk,
    submit: (verification) => after(desk.submit(verification)),
    submitUndo: (verification) => after(desk.submitUndo(verification)),
  };
}
