/** Ends an event together with what could not be said: those replies become messages of the outbox, in one transaction. */
import { isOwnCard, type Incoming, type Outgoing, type Reply, type Shown } from '../../handlers/message.ts';
import type { Db } from '../../services/database/database.ts';
import type { InboxRows } from '../../services/database/queues/inbox.ts';
import { GIVE_UP_MS, type Outbox } from '../../services/database/queues/outbox.ts';
import type { AnsweringParts, Kept } from './answering.ts';
import type { Message } from './outbox.ts';

export function createEnd(parts: {
  db: Db;
  rows: Pick<InboxRows<Incoming>, 'done' | 'putAside'>;
  outbox: Pick<Outbox<Message>, 'put'>;
  /** Hears of a reply that was refused for good, once it is put aside. */
  undeliverable: (message: Outgoing & { readonly answer: true }) => Promise<void>;
}): AnsweringParts['end'] {
  const { db, rows, outbox, undeliverable } = parts;
  return async (claim, how, kept) => {
    const mark = how === 'done' ? rows.done : rows.putAside;
    if (kept.length === 0) return await mark(claim);
    const { event } = claim;
    const answering = withoutWords(event);
    const messages = kept.filter(isLast).map(({ chat, reply, state }, n) => {
      return { key: `answer:${event.id}:${n}`, chat, state, reply: inTime(reply, event) };
    });
    const ended = await db.transaction().execute(async (tx) => {
      if (!(await mark(claim, tx))) return false;
      for (const { key, chat, state, reply } of messages)
        await outbox.put(tx, key, chat, { reply, answering }, { state, giveUpMs: GIVE_UP_MS.answer });
      return true;
    });
    if (ended)
      for (const { state, ...message } of messages) if (state === 'dead') await undeliverable({ ...message, answer: true });
    return ended;
  };
}

/** Makes the cards of a press messages of the outbox, which comes after what another instance is saying in the chat. */
export function createShowAgain({ db, outbox }: { db: Db; outbox: Pick<Outbox<Message>, 'put'> }): AnsweringParts['showAgain'] {
  return async ({ event, epoch }, cards) => {
    const shown = cards.flatMap((reply): readonly Extract<Reply, { kind: 'card' | 'replace' }>[] => {
      if (reply.kind === 'replace' && reply.shows) return [unasked(reply, reply.shows)];
      return reply.kind === 'card' && reply.shows && isOwnCard(reply.shows) ? [reply] : [];
    });
    const messages = shown.map((reply): Kept => ({ chat: event.chat, reply, state: 'due' })).filter(isLast);
    await db.transaction().execute(async (tx) => {
      for (const [n, { chat, reply }] of messages.entries())
        await outbox.put(
          tx,
          `again:${event.id}:${epoch}:${n}`,
          chat,
          { reply: onNoted(inTime(reply, event)) },
          { giveUpMs: GIVE_UP_MS.answer },
        );
    });
  };
}

/** Where this answer sent a card of its own the other instance did too: the one that is noted is shown what is so. */
const onNoted = (reply: Outgoing['reply']): Outgoing['reply'] =>
  reply.kind === 'verification' && !reply.on ? { ...reply, silent: true } : reply;

/** A question was asked by the other instance too, and may be answered by now. */
function unasked(reply: Extract<Reply, { kind: 'replace' }>, shown: Shown): typeof reply {
  const { asks: _, ...shows } = shown;
  return { ...reply, shows };
}

/** Later states of a card take the place of earlier ones that nobody saw. */
const isLast = ({ reply, state }: Kept, n: number, all: readonly Kept[]): boolean =>
  state === 'dead' ||
  (reply.kind !== 'replace' && reply.kind !== 'card') ||
  !reply.shows ||
  !all.slice(n + 1).some(({ reply: later }) => later.kind === 'replace' && isSameCard(later, reply));

const isSameCard = (
  later: Extract<Reply, { kind: 'replace' }>,
  { kind, ...b }: typeof later | Extract<Reply, { kind: 'card' }>,
): boolean => {
  if (kind === 'card') return later.on === undefined && later.tag !== undefined && later.tag === b.tag;
  const on = 'on' in b ? b.on : undefined;
  return later.shows?.verification === b.shows?.verification && later.on?.chat === on?.chat && later.on?.message === on?.message;
};

/** A card of a verification is worded when it is sent, a secret is not kept, and everything else says what it said. */
function inTime(reply: Reply, { content }: Incoming): Outgoing['reply'] {
  if (reply.kind === 'say' && reply.once !== undefined) return { kind: 'say', text: reply.once };
  if ((reply.kind !== 'card' && reply.kind !== 'replace') || !reply.shows) return reply;
  const replaced = reply.kind === 'replace' ? (reply.on ?? (content.kind === 'press' ? content.on : undefined)) : undefined;
  const silent = reply.kind === 'replace' && reply.silent;
  return { kind: 'verification', as: 'card', ...reply.shows, ...(replaced && { on: replaced }), ...(silent && { silent }) };
}

/** A channel looks at whom it answers, not at what was said: that may have been a secret. */
const withoutWords = (event: Incoming): Incoming =>
  event.content.kind === 'press' ? event : { ...event, content: { kind: 'other' } };
