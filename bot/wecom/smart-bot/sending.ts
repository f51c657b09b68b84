/** Sends a `Reply` through the smart bot and reports the outcome. */
import { createHash } from 'node:crypto';
import type { SendMsgBody, TemplateCard } from '@wecom/aibot-node-sdk';
import type { Words } from '../../../locales/index.ts';
import type { Button, Card, ChatId, Incoming, Reply } from '../../../handlers/message.ts';
import type { Attaching } from '../../channel/attachments.ts';
import { NotSent, Undeliverable, type Channel, type NotCarried, type Sent } from '../../channel/channel.ts';
import { attach } from '../attaching.ts';
import type { NumberedMenu } from '../../channel/numbered-menu.ts';
import { BOT_CARD, fitCard, fitQuestion, MOST_BUTTONS, type Fitted } from '../template-cards.ts';
import { BotFault, cardTrouble, GONE, inPart, isRefused, NOT_ANSWERABLE, notTaken } from './fault.ts';
import type { Connection } from './connection.ts';
import { cardMarkdown, literal, messages } from './markdown.ts';
import type { RateLimit } from '../rate-limit.ts';
import type { Presses } from './presses.ts';
import { nativeId, requestOf } from './reading.ts';

/** Time in which a message can be answered, 24 h: https://developer.work.weixin.qq.com/document/path/101463 */
const ANSWERABLE_MS = 23 * 3_600_000;
/** WeCom's 5 s for a welcome, less the latency. */
const WELCOME_MS = 4500;

/** The destination of a reply. */
interface Target {
  readonly chat: ChatId;
  /** WeCom's id of the chat. */
  readonly to: string;
  /** Undefined where nobody ever wrote, as far as we remember. */
  readonly group: boolean | undefined;
  readonly answering: Incoming | undefined;
  /** The frame to answer: an interaction counts as open until answered, and WeCom allows a person three. */
  readonly request: { readonly kind: 'message' | 'enter'; readonly id: string } | undefined;
}

export interface SendingParts {
  readonly connection: Connection;
  readonly rateLimit: RateLimit;
  readonly presses: Presses;
  readonly numbered: NumberedMenu;
  readonly words: (chat: ChatId) => Promise<Words>;
  /** Tells whether a chat is a group; undefined where nobody ever wrote. */
  readonly isGroup: (chat: ChatId) => Promise<boolean | undefined>;
  /** Letters and digits, never repeated. */
  readonly newId: () => string;
  readonly now: () => number;
}

/** Converts a failure: throws `Undeliverable` when the message is refused for good, `NotSent` when certainly nothing was delivered, the fault itself otherwise. */
function outcome(error: unknown): Sent {
  if (!(error instanceof BotFault)) throw error;
  if (error.code !== undefined && GONE.has(error.code)) return { kind: 'gone' };
  if (isRefused(error)) throw new Undeliverable(error.message);
  throw error.applied === 'no' ? new NotSent(error.message) : error;
}

/** Creates `Channel.send` of the smart bot. */
export function createSending(parts: SendingParts): Channel['send'] {
  const { connection, rateLimit, presses, numbered, newId, now } = parts;

  /** Sends one message: as an answer where a frame is to be answered, else as a push. */
  const post = (target: Target, body: SendMsgBody, answer: object = body): Promise<void> =>
    rateLimit.run(target.chat, target.answering !== undefined, async () => {
      const { request } = target;
      if (request?.kind === 'message') {
        try {
          await connection.call((client) => client.reply({ headers: { req_id: request.id } }, answer));
          return;
        } catch (error) {
          if (!(error instanceof BotFault && error.code !== undefined && NOT_ANSWERABLE.has(error.code))) throw error;
        }
      }
      // Without it WeCom guesses, groups first.
      const kind = target.group === undefined ? {} : { chat_type: target.group ? 2 : 1 };
      await connection.call((client) => client.sendMessage(target.to, { ...body, ...kind }));
    });

  /** Derives a stream id from the frame: resending after a lost answer makes no second message. */
  function postMarkdown(target: Target, content: string): Promise<void> {
    const id = createHash('sha256').update(`${target.answering?.id}\n${content}`).digest('hex').slice(0, 32);
    return post(
      target,
      { msgtype: 'markdown', markdown: { content } },
      { msgtype: 'stream', stream: { id, finish: true, content } },
    );
  }

  async function postAll(target: Target, contents: readonly string[]): Promise<Sent> {
    for (const [index, content] of contents.entries()) {
      try {
        await postMarkdown(target, content);
      } catch (error) {
        throw index === 0 ? error : inPart(error);
      }
    }
    return { kind: 'sent' };
  }

  async function postList(target: Target, before: readonly string[], buttons: readonly Button[]): Promise<Sent> {
    const list = await numbered.offer(target.chat, buttons);
    const words = await parts.words(target.chat);
    return await postAll(target, [
      ...before.slice(0, -1),
      `${before.at(-1)}\n\n${literal(`${list}\n\n${words.say(target.group ? 'wecom-reply-number-group' : 'wecom-reply-number')}`)}`,
    ]);
  }

  /** Sends buttons on a card where they fit and WeCom takes it, else as numbers. `plain` is the text in that case. */
  async function postButtons(
    target: Target,
    buttons: readonly Button[],
    fit: (task: string) => Fitted,
    plain: () => readonly string[],
  ): Promise<Sent> {
    if (buttons.length > MOST_BUTTONS) return await postList(target, plain(), buttons);
    const task = newId();
    const { card, rest, numbered: numbers } = fit(task);
    await numbered.shown(target.chat, buttons, { numbered: numbers, answering: target.answering !== undefined });
    if (rest !== undefined) await postAll(target, messages(rest));
    try {
      await post(target, cardBody(card));
    } catch (error) {
      if (!cardTrouble(error)) throw error;
      return await postList(target, plain(), buttons);
    }
    return { kind: 'sent', ref: { chat: target.chat, message: task } };
  }

  function postCard(target: Target, card: Card): Promise<Sent> {
    const buttons = card.buttons.flat();
    const plain = (): string[] => [cardMarkdown(card)];
    if (buttons.length === 0) return postAll(target, plain());
    return postButtons(target, buttons, (task) => fitCard(BOT_CARD, card, task), plain);
  }

  async function say(target: Target, { text, buttons = [], ask }: Extract<Reply, { kind: 'say' }>): Promise<Sent> {
    const { answering, request } = target;
    // A number may be the answer to the question.
    if (ask) await numbered.forget(target.chat);
    const shown = buttons.flat();
    if (shown.length > 0) {
      const choose = (await parts.words(target.chat)).say('wecom-choose');
      return await postButtons(
        target,
        shown,
        (task) => fitQuestion(BOT_CARD, text, shown, task, choose),
        () => messages(text),
      );
    }
    if (request?.kind === 'enter' && answering && now() - answering.at < WELCOME_MS) {
      try {
        // The only message of WeCom's smart bot in plain text.
        const welcome = { msgtype: 'text', text: { content: text } } as const;
        await rateLimit.run(target.chat, true, () =>
          connection.call((client) => client.replyWelcome({ headers: { req_id: request.id } }, welcome)),
        );
        return { kind: 'sent' };
      } catch (error) {
        if (!(error instanceof BotFault && error.code !== undefined && NOT_ANSWERABLE.has(error.code))) throw error;
      }
    }
    return await postAll(target, messages(text));
  }

  async function settle(target: Target, reply: Extract<Reply, { kind: 'replace' }>): Promise<Sent> {
    const { answering } = target;
    const pressed = answering?.content.kind === 'press' ? answering.content.on : undefined;
    const same = pressed && (reply.on === undefined || reply.on.message === pressed.message);
    if (answering && same && (await presses.show(answering, reply.card))) return { kind: 'sent', ref: pressed };
    return await postCard(target, reply.card);
  }

  const carry = (target: Target, reply: Attaching): Promise<Sent | NotCarried> =>
    attach(reply, {
      async upload(type, { bytes, name }) {
        return (await connection.call((client) => client.uploadMedia(bytes, { type, filename: name }))).media_id;
      },
      post: (body) =>
        post(target, body).catch((error: unknown) => {
          throw reply.caption.trim() === '' || notTaken(error) ? error : inPart(error);
        }),
      say: (text) => postAll(target, messages(text)),
      refused: notTaken,
    });

  function deliver(target: Target, reply: Reply): Promise<Sent | NotCarried> {
    const { answering } = target;
    if (answering && reply.kind !== 'replace') presses.leave(answering);
    switch (reply.kind) {
      case 'say':
        return say(target, reply);
      case 'card':
        return postCard(target, reply.card);
      case 'replace':
        return settle(target, reply);
      case 'whisper': {
        // No message is visible to one person only: in a group the person is mentioned.
        const named = answering?.group ? `${answering.from.name || '…'}：${reply.text}` : reply.text;
        return postAll(target, messages(named));
      }
      case 'picture':
      case 'file':
        return carry(target, reply);
      case 'forget':
        // A bot cannot delete messages of people.
        return postAll(target, messages(reply.sorry));
      default:
        throw new Error(`no such reply: ${(reply satisfies never as Reply).kind}`);
    }
  }

  return async (chat: ChatId, reply: Reply, answering?: Incoming): Promise<Sent | NotCarried> => {
    const to = nativeId(chat);
    if (to === undefined) throw new Error('not a chat of the robot');
    const here = answering?.chat === chat ? answering : undefined;
    const request = here && requestOf(here);
    const target: Target = {
      chat,
      to,
      group: here ? here.group : await parts.isGroup(chat),
      answering,
      request:
        request && request.kind !== 'press' && now() - here.at < ANSWERABLE_MS
          ? { kind: request.kind, id: request.id }
          : undefined,
    };
    try {
      return await deliver(target, reply);
    } catch (error) {
      return outcome(error);
    }
  };
}

const cardBody = (card: TemplateCard): { msgtype: 'template_card'; template_card: TemplateCard } => ({
  msgtype: 'template_card',
  template_card: card,
});
