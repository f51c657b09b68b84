/** Reads frames of the connection: a message, a press, a person who came in; or nothing. */
import { z } from 'zod';
import { decodeAction, type ChatId, type Incoming, type MessageRef } from '../../../handlers/message.ts';
import { asksAboutQuote } from '../../channel/quote.ts';
import type { Mentions } from './mentions.ts';

/** A picture to fetch; WeCom keeps it for five minutes, encrypted. */
export interface Picture {
  readonly url: string;
  /** As WeCom spells it: `readKey`. Undefined for a picture that is perhaps not encrypted. */
  readonly key: string | undefined;
}

/** A person's message before its pictures are fetched. */
export interface Heard extends Omit<Incoming, 'content'> {
  readonly text: string;
  /** It had words, though perhaps none are left without the bot's name. */
  readonly worded: boolean;
  readonly pictures: readonly Picture[];
}

export const PREFIX = 'wecom-bot:';

/** Ids of the WeCom frame that an event came in: answers name it. */
export type RequestKind = 'message' | 'press' | 'enter';

const requestRef = (chat: ChatId, kind: RequestKind, request: string): MessageRef => ({ chat, message: `${kind}/${request}` });

/** Gives the frame of an event. */
export function requestOf(event: Incoming): { readonly kind: RequestKind; readonly id: string } | undefined {
  const match = /^(message|press|enter)\/(.+)$/s.exec(event.message?.message ?? '');
  return match ? { kind: match[1] as RequestKind, id: match[2]! } : undefined;
}

/** Gives WeCom's id of a chat or person of this channel; undefined for another channel's. */
export const nativeId = (id: string): string | undefined => (id.startsWith(PREFIX) ? id.slice(PREFIX.length) : undefined);

/** A malformed field counts as missing. */
const maybe = <T extends z.ZodType>(shape: T) => shape.optional().catch(undefined);
const id = z.string().min(1).max(256);
const words = maybe(z.object({ content: z.string() }));
// Clients spell the address in two ways, and quoted pictures have come without a key.
const media = maybe(z.object({ url: maybe(z.string()), pic_url: maybe(z.string()), aeskey: maybe(z.string()) }));
const said = {
  text: words,
  voice: words,
  image: media,
  mixed: maybe(z.object({ msg_item: z.array(z.object({ text: words, image: media })) })),
};
const Frame = z.object({
  headers: z.object({ req_id: id }),
  body: z.object({
    msgid: id,
    chattype: maybe(z.enum(['single', 'group'])),
    chatid: maybe(id),
    from: z.object({ userid: id }),
    ...said,
    quote: maybe(z.object(said)),
    event: maybe(
      z.object({
        eventtype: z.string(),
        // The package's types put these two directly on the event; the wire has them one deeper.
        event_key: maybe(z.string()),
        task_id: maybe(z.string()),
        template_card_event: maybe(z.object({ event_key: z.string(), task_id: id })),
      }),
    ),
  }),
});
type Body = z.infer<typeof Frame>['body'];
type Said = Pick<Body, keyof typeof said>;

/** The most pictures read of one message. */
const MOST_PICTURES = 9;

const textOf = ({ text, voice, mixed }: Said): string =>
  [text?.content, voice?.content, ...(mixed?.msg_item ?? []).map((item) => item.text?.content)]
    .filter((part) => part !== undefined)
    .join('\n');

const picturesOf = ({ image, mixed }: Said): Picture[] =>
  [image, ...(mixed?.msg_item ?? []).map((item) => item.image)]
    .map((one) => ({ url: one?.url ?? one?.pic_url, key: one?.aeskey }))
    .filter((picture): picture is Picture => picture.url !== undefined);

type Facts = Pick<Incoming, 'id' | 'chat' | 'group' | 'title' | 'from' | 'at' | 'addressed'>;

/** Reads sender, chat and time; undefined for a group without an id. The clock is ours: WeCom's has seconds only. */
function about(body: Body, at: number): Facts | undefined {
  const { userid } = body.from;
  const group = body.chattype === 'group' || (body.chattype === undefined && body.chatid !== undefined);
  if (group && body.chatid === undefined) return undefined;
  return {
    id: `${PREFIX}${body.msgid}`,
    chat: `${PREFIX}${group ? body.chatid : userid}`,
    group,
    // WeCom gives no names of groups and people; the end of a group's id tells two groups apart.
    title: group ? `…${(body.chatid ?? '').slice(-6)}` : userid,
    from: { id: `${PREFIX}${userid}`, name: userid },
    at,
    // In groups only messages that mention the bot arrive at all.
    addressed: true,
  };
}

/** Reads a message; undefined for a malformed one. */
export function readMessage(frame: unknown, at: number, mentions: Mentions): Heard | undefined {
  const read = Frame.safeParse(frame);
  if (!read.success) return undefined;
  const { headers, body } = read.data;
  const facts = about(body, at);
  if (!facts) return undefined;
  const whole = textOf(body);
  const own = facts.group ? mentions.without(whole) : whole;
  const { quote } = body;
  const asked = quote && asksAboutQuote(own) ? textOf(quote) : '';
  const quoted = facts.group ? mentions.withoutIn(asked) : asked;
  return {
    ...facts,
    message: requestRef(facts.chat, 'message', headers.req_id),
    ...(quote && (asked !== '' || picturesOf(quote).length > 0) && { quoted: true as const }),
    text: quoted === '' ? own : quoted,
    worded: body.text !== undefined || own !== '' || quoted !== '',
    pictures: [...picturesOf(body), ...(quote ? picturesOf(quote) : [])].slice(0, MOST_PICTURES),
  };
}

/** Reads a press or a person who came in; undefined for other events and for foreign buttons. */
export function readEvent(frame: unknown, at: number): Incoming | undefined {
  const read = Frame.safeParse(frame);
  if (!read.success) return undefined;
  const { headers, body } = read.data;
  const facts = about(body, at);
  if (!facts) return undefined;
  const { chat } = facts;
  switch (body.event?.eventtype) {
    case 'enter_chat':
      return { ...facts, message: requestRef(chat, 'enter', headers.req_id), content: { kind: 'joined' } };
    case 'template_card_event': {
      const told = body.event.template_card_event ?? body.event;
      const action = decodeAction(told.event_key);
      if (!action || told.task_id === undefined) return undefined;
      return {
        ...facts,
        message: requestRef(chat, 'press', headers.req_id),
        content: { kind: 'press', action, on: { chat, message: told.task_id } },
      };
    }
    default:
      return undefined;
  }
}
