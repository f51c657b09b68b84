/** Says where in a chat a message goes: into a topic of a forum, as the answer to a message. */
import type { Incoming, Reply } from '../../handlers/message.ts';
import { TelegramFault } from './calls.ts';

export interface Place {
  /** The topic's `message_thread_id`. Undefined in the General topic, which takes no id, and where there are no topics. */
  readonly topic: number | undefined;
  /** The message that is answered. */
  readonly replyTo: number | undefined;
}

/** Telegram's descriptions (with 400) of a topic that was deleted, or that bots do not find any more. */
const NO_TOPIC = /message thread not found|TOPIC_DELETED|TOPIC_ID_INVALID/i;

/**
 * Gives the topic of the event that is answered, of the message that is replaced, or of what comes by itself, in this order.
 * Only groups show what they answer: in a private chat it is plain.
 */
export function placeOf(chat: string, reply: Reply, answering: Incoming | undefined): Place {
  const here = answering?.chat === chat ? answering : undefined;
  const replaced = reply.kind === 'replace' && reply.on?.chat === chat ? reply.on.topic : undefined;
  const topic = here?.topic ?? replaced ?? (reply.kind === 'say' || reply.kind === 'picture' ? reply.topic : undefined);
  return {
    topic: topic !== undefined && /^\d{1,15}$/.test(topic) ? Number(topic) : undefined,
    replyTo: here?.group && here.message?.chat === chat ? Number(here.message.message) : undefined,
  };
}

/**
 * The fields of a call that name the place. A reply finds its topic by itself only as long as the answered message exists, so
 * the topic is always named.
 */
export const placed = ({ topic, replyTo }: Place) => ({
  ...(topic !== undefined && { message_thread_id: topic }),
  ...(replyTo !== undefined && { reply_parameters: { message_id: replyTo, allow_sending_without_reply: true } }),
});

/** The place without its topic; what was answered there is gone with it. */
export const OUTSIDE: Place = { topic: undefined, replyTo: undefined };

/** Tells whether the call was refused because its topic is gone. A closed topic is another thing: it may not be evaded. */
export const topicGone = (error: unknown): boolean =>
  error instanceof TelegramFault && error.code === 400 && error.movedTo === undefined && NO_TOPIC.test(error.description);
