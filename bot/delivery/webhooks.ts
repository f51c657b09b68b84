/** Delivers events to merchants' own systems: signed, in order per coupon, again by the specification's plan. */
import type { WordEvent } from '../../handlers/api/event-json.ts';
import type { Due, Outbox } from '../../services/database/queues/outbox.ts';
import type { Log } from '../../services/log.ts';
import type { Deliveries } from '../../services/webhooks/deliveries.ts';
import type { Endpoint, Endpoints } from '../../services/webhooks/endpoints.ts';
import type { EventMessage, Events, StoreEvent } from '../../services/webhooks/events.ts';
import type { Attempt, Post } from '../../services/webhooks/post.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The waits between attempts, ms: the table of the Standard Webhooks specification. After the last the endpoint is turned off. */
export const PLAN_MS = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const;
/** The longest wait of the plan, ms. */
export const LONGEST_WAIT_MS = Math.max(...PLAN_MS);

/** Deliveries at the same time, each of another coupon or endpoint. */
const AT_ONCE = 32;
/** Likewise to one endpoint: a slow one delays no other. */
const AT_ONE = 8;

export interface WebhookDeliveryParts {
  readonly outbox: Outbox<EventMessage>;
  readonly events: Pick<Events, 'get' | 'publishFacts'>;
  readonly endpoints: Pick<Endpoints, 'get' | 'secrets'>;
  readonly deliveries: Pick<Deliveries, 'record'>;
  readonly word: WordEvent;
  readonly post: Post;
  /** Shows what the merchant's system answered to a use on its card. */
  readonly answered: (event: StoreEvent, message: string) => Promise<void>;
  /** Turns an endpoint off and tells the owners, both or neither. */
  readonly turnOff: (endpoint: Endpoint, why: 'gone' | 'failing') => Promise<void>;
  readonly log: Log;
  readonly now: () => number;
  /** The waits between attempts, ms; `PLAN_MS` unless told. */
  readonly plan?: readonly number[];
  readonly stopping?: AbortSignal;
}

export interface WebhookDelivery {
  /** Makes events of new facts and delivers what is due; returns how many attempts it made. Runs may overlap. */
  run(): Promise<number>;
}

export function createWebhookDelivery(parts: WebhookDeliveryParts): WebhookDelivery {
  const { outbox, events, endpoints, deliveries, word, post, answered, turnOff, log, now, plan = PLAN_MS, stopping } = parts;
  /** Attempts under way, by endpoint. */
  const underWay = new Map<string, number>();
  const count = (endpoint: string, change: 1 | -1): void => {
    const n = (underWay.get(endpoint) ?? 0) + change;
    if (n > 0) underWay.set(endpoint, n);
    else underWay.delete(endpoint);
  };
  const room = (): number => AT_ONCE - [...underWay.values()].reduce((sum, n) => sum + n, 0);
  let claiming = false;
  /** There may be something to claim that was not when the claim under way began. */
  let again = false;

  /** Undefined where there is nothing to send any more. */
  const attempt = async (endpoint: Endpoint, event: StoreEvent): Promise<Attempt | undefined> => {
    const body = await word(event);
    if (!body) return undefined;
    const secrets = await endpoints.secrets(endpoint.id);
    return await post({ url: endpoint.url, id: event.id, body: JSON.stringify(body), secrets });
  };

  /** Writes how the attempt ended. What it is told of the deliveries is for reading only, and comes after the outbox row. */
  const end = async (
    row: Due<EventMessage>,
    endpoint: Endpoint,
    ended: Exclude<Attempt, { kind: 'delivered' }>,
  ): Promise<void> => {
    const wait = plan[row.attempts];
    const last = ended.kind === 'gone' || wait === undefined || row.message.once === true;
    if (last) {
      // Whoever lost the claim turns nothing off.
      const mine = await outbox.dead(row);
      if (mine && !row.message.once) await turnOff(endpoint, ended.kind === 'gone' ? 'gone' : 'failing');
    } else await outbox.postpone(row, Math.max(wait, Math.min(ended.afterMs ?? 0, LONGEST_WAIT_MS)));
    log.warn('webhook: not delivered', {
      endpoint: endpoint.id,
      event: row.message.event,
      attempts: row.attempts,
      ...facts(ended),
    });
    await record(row, last ? 'failed' : 'retrying', ended);
  };
  const record = async (row: Due<EventMessage>, outcome: 'delivered' | 'retrying' | 'failed', ended: Attempt): Promise<void> => {
    const { status, reason } = facts(ended);
    await deliveries.record(row.chat, {
      event: row.message.event,
      at: now(),
      attempts: row.attempts + 1,
      outcome,
      status,
      reason,
    });
  };

  const deliver = async (row: Due<EventMessage>): Promise<void> => {
    const endpoint = await endpoints.get(row.chat);
    const event = endpoint && endpoint.disabledAt === undefined ? await events.get(row.message.event) : undefined;
    const ended = endpoint && event && (await attempt(endpoint, event));
    if (!endpoint || !event || !ended) return void (await outbox.gone(row));
    if (ended.kind !== 'delivered') return await end(row, endpoint, ended);
    // Before the end: after a crash in between it comes again, and is shown once.
    if (ended.message !== undefined) await answered(event, ended.message);
    await outbox.sent(row);
    await record(row, 'delivered', ended);
  };

  const held = async (row: Due<EventMessage>): Promise<void> => {
    try {
      await deliver(row);
    } catch (error) {
      // The claim runs out, and the row is claimed anew.
      log.error('webhook: an attempt could not be made or written', { endpoint: row.chat, event: row.message.event, error });
    } finally {
      count(row.chat, -1);
    }
  };

  /** Delivers what is due. One claim at a time: what ends while it is under way is made up for by the next one, in one go. */
  async function drain(): Promise<number> {
    again = true;
    if (claiming) return 0;
    claiming = true;
    const attempts: Promise<number>[] = [];
    try {
      while (again && room() > 0 && !stopping?.aborted) {
        again = false;
        const due = await outbox.claim(room(), { each: AT_ONE, underWay });
        // Where one endpoint had most of it, another one's may be behind.
        again ||= due.length > 0;
        for (const row of due) {
          count(row.chat, 1);
          // A delivered event makes the coupon's next one due.
          attempts.push(held(row).then(async () => 1 + (await drain())));
        }
      }
    } catch (error) {
      log.error('webhook: what is due cannot be claimed', { error });
    } finally {
      claiming = false;
    }
    return (await Promise.all(attempts)).reduce((sum, n) => sum + n, 0);
  }

  return {
    async run() {
      await events.publishFacts().catch((error: unknown) => log.error('webhook: facts are not published', { error }));
      return await drain();
    },
  };
}

const facts = (ended: Attempt): { readonly status: number | undefined; readonly reason: string | undefined } => ({
  status: 'status' in ended ? ended.status : undefined,
  reason: 'reason' in ended ? ended.reason : undefined,
});
