/** Puts the two queues to work: events are answered from the inbox, and what has to be sent later goes out by the outbox. */
import type { Answer } from '../../handlers/answer.ts';
import type { ChatId, Incoming, Reply } from '../../handlers/message.ts';
import { createCardFor } from '../../handlers/cards/customer-card.ts';
import { createWordNotice } from '../../handlers/notify/word-notice.ts';
import { createDraw } from '../../handlers/reports/summary-picture.ts';
import { createKeyedQueue } from '../../services/keyed-queue.ts';
import type { Log } from '../../services/log.ts';
import type { Time } from '../../services/time/time.ts';
import type { InboxRows } from '../../services/database/queues/inbox.ts';
import type { Outbox } from '../../services/database/queues/outbox.ts';
import type { Channels } from '../channel/channels.ts';
import { createAnswering } from '../delivery/answering.ts';
import { createInbox, type Inbox } from '../delivery/inbox.ts';
import { createEnd, createShowAgain } from '../delivery/kept-answers.ts';
import { createDelivery, type Delivery, type Message } from '../delivery/outbox.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import type { Notices } from './notices.ts';
import type { Services } from './services.ts';

export interface QueuesParts {
  readonly services: Services;
  readonly notices: Notices;
  readonly channels: Pick<Channels, 'send' | 'serves'>;
  readonly inboxRows: InboxRows<Incoming>;
  readonly outbox: Outbox<Message>;
  readonly answer: Answer;
  readonly metrics: Metrics | undefined;
  readonly log: Log;
  readonly time: Time;
  /** Aborted when stopping begins. */
  readonly stopping: AbortSignal;
  /** Aborted when stopping takes too long: what is being answered is left to the next start. */
  readonly abandoned: AbortSignal;
}

export function workQueues(parts: QueuesParts): { readonly inbox: Inbox; readonly delivery: Delivery } {
  const { services, notices, channels, inboxRows, outbox, answer, metrics, log, time, stopping, abandoned } = parts;
  const { wordsOf, notifyUndeliverable: undeliverable } = notices;
  const { now } = time;
  const inTurn = createKeyedQueue();
  const cardFor = createCardFor({
    places: services.selfService.places,
    chats: services.chats,
    now,
  });
  const wordNotice = createWordNotice({ ...services, wordsOf, cardFor, now });
  const draw = createDraw({ ...services, log });
  const delivery = createDelivery({
    outbox,
    send: channels.send,
    inTurn,
    word: async (chat, reply) =>
      reply.kind === 'verification' ? await wordNotice(chat, reply) : reply.kind === 'drawing' ? await draw(reply) : reply,
    moved: (from, to) => services.chats.move(from, to),
    undeliverable,
    repeatMark: async (chat) => (await wordsOf(chat)).say('repeat'),
    log,
    time,
    stopping,
  });
  const answering = createAnswering({
    rows: inboxRows,
    answer,
    send: (chat: ChatId, reply: Reply, to: Incoming) => inTurn(chat, () => channels.send(chat, reply, to)),
    caughtUp: (chat) => delivery.catchUp(chat),
    end: createEnd({ db: services.db, rows: inboxRows, outbox, undeliverable }),
    showAgain: createShowAgain({ db: services.db, outbox }),
    cardSent: (verification, on) => services.repository.noteCard(services.db, verification, on),
    apology: async (chat) => (await wordsOf(chat)).say('failed'),
    log,
    time,
    stopping,
    abandoned,
  });
  const inbox = createInbox({
    rows: inboxRows,
    answer: answering,
    serves: channels.serves,
    log,
    now,
    ...(metrics && { heard: metrics.heard, answered: metrics.answered }),
  });
  return { inbox, delivery };
}
