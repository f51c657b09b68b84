/** Sends a `Reply` to a member and reports the outcome. */
import { createHash } from 'node:crypto';
import type { Button, Card, ChatId, Incoming, MessageRef, Reply } from '../../../handlers/message.ts';
import type { Words } from '../../../locales/index.ts';
import type { Log } from '../../../services/log.ts';
import type { Collection } from '../../../services/database/collections.ts';
import { NotSent, Undeliverable, type Channel, type NotCarried, type Sent } from '../../channel/channel.ts';
import type { Answer } from '../envelope.ts';
import type { Api } from '../api.ts';
import { APP_CARD, fitCard, fitQuestion, MOST_BUTTONS, type Fitted } from '../template-cards.ts';
import type { RateLimit } from '../rate-limit.ts';
import { attach } from '../attaching.ts';
import { hasCode, MESSAGE_REFUSED, NO_GROUP, NOT_TAKEN, WecomFault } from '../fault.ts';
import type { NumberedMenu } from '../../channel/numbered-menu.ts';
import { replacedCard } from './replaced-card.ts';
import { userOf } from './reading.ts';
import { cardText, texts } from './texts.ts';

export interface SendingParts {
  readonly api: Api;
  readonly agentId: string;
  /** Codes that can still change a card, and the cards they belong to; see `codeOfCard`. */
  readonly cards: Collection<string>;
  readonly numbered: NumberedMenu;
  readonly rateLimit: RateLimit;
  readonly wordsOf: (chat: ChatId) => Promise<Words>;
  /** Letters and digits, random: a card's task id means nothing. */
  readonly newId: () => string;
  readonly log: Log;
}

// A card is changed by codes, each valid once and for 72 hours: one comes with the sending, one with each press.
export const CODE_MS = 72 * 3_600_000;
const codeOfCard = (task: string): string => `card:${task}`;
export const codeOfPress = (event: string): string => `press:${event}`;
const shownOn = (task: string): string => `shown:${task}`;

/** The member does not exist, or is outside of the app's 可见范围: https://developer.work.weixin.qq.com/document/path/90313 */
const GONE: ReadonlySet<number> = new Set([40003, 46004, 50002, 60011, 60111, 81013, 82001, ...NO_GROUP]);
/** The card itself was refused: fields, task ids, no callback set, parameters. */
const isCardFault = (error: unknown): boolean =>
  error instanceof WecomFault &&
  error.errcode !== undefined &&
  ((error.errcode >= 42014 && error.errcode <= 42051) || [40035, 40058, 43012].includes(error.errcode));
/** Errors that pass, or that an administrator mends: they do not invalidate a card's code. */
const PASSING: ReadonlySet<number> = new Set([-1, 40001, 40013, 40014, 42001, 45009, 45033, 50003, 60020]);

interface To {
  readonly chat: ChatId;
  readonly user: string;
  readonly answering: Incoming | undefined;
  /** Messages sent for this reply so far. */
  gone: number;
}

/** Creates `Channel.send` of the app. */
export function createSending(parts: SendingParts): Channel['send'] {
  const { api, cards, numbered, rateLimit, log } = parts;
  const agentid = Number(parts.agentId);

  async function post(to: To, body: object): Promise<Answer> {
    const answer = await rateLimit.run(to.chat, to.answering !== undefined, () =>
      api.call('/message/send', { body: { touser: to.user, agentid, ...body } }),
    );
    // With several receivers WeCom only names the wrong ones; with one, a named receiver is this member.
    if (answer['invaliduser'] || answer['unlicenseduser'])
      throw new WecomFault('/message/send', 'nobody received it', { errcode: 81013 });
    to.gone += 1;
    return answer;
  }

  async function write(to: To, text: string): Promise<Sent> {
    let ref: MessageRef | undefined;
    for (const content of texts(text)) {
      const { msgid } = await post(to, { msgtype: 'text', text: { content } });
      if (typeof msgid === 'string') ref = { chat: to.chat, message: msgid };
    }
    return { kind: 'sent', ...(ref && { ref }) };
  }

  /** Sends a numbered list in place of a card with too many buttons, or of one that WeCom refused. */
  async function list(to: To, text: string, buttons: readonly Button[]): Promise<Sent> {
    const lines = await numbered.offer(to.chat, buttons);
    const words = await parts.wordsOf(to.chat);
    return await write(to, `${text}\n\n${lines}\n\n${words.say('wecom-reply-number')}`);
  }

  async function offer(to: To, text: string, buttons: readonly Button[], fit: (task: string) => Fitted): Promise<Sent> {
    if (buttons.length === 0) return await write(to, text);
    if (buttons.length > MOST_BUTTONS) return await list(to, text, buttons);
    const task = parts.newId();
    const { card, rest, numbered: numbers } = fit(task);
    await numbered.shown(to.chat, buttons, { numbered: numbers, answering: to.answering !== undefined });
    try {
      if (rest !== undefined) await write(to, rest);
      const answer = await post(to, { msgtype: 'template_card', template_card: card });
      if (typeof answer['response_code'] === 'string') await cards.set(codeOfCard(task), answer['response_code'], CODE_MS);
      return { kind: 'sent', ref: { chat: to.chat, message: task } };
    } catch (error) {
      if (!isCardFault(error)) throw error;
      log.warn('WeCom did not take a card; it was sent as text', { error });
      return await list(to, text, buttons);
    }
  }

  const offerCard = (to: To, card: Card): Promise<Sent> =>
    offer(to, cardText(card), card.buttons.flat(), (task) => fitCard(APP_CARD, card, task));

  /** Changes the card by one code; false when the code is used or expired. */
  async function change(to: To, key: string, card: object): Promise<boolean> {
    const code = await cards.take(key);
    if (code === undefined) return false;
    try {
      const body = { userids: [to.user], agentid, response_code: code, template_card: card };
      const { invaliduser: missed } = await api.call('/message/update_template_card', { body });
      return !Array.isArray(missed) || missed.length === 0;
    } catch (error) {
      if (!(error instanceof WecomFault) || error.outcome === 'unknown') throw error;
      if (error.errcode !== undefined && !PASSING.has(error.errcode)) return false;
      await cards.set(key, code, CODE_MS);
      throw error;
    }
  }

  async function settle(to: To, card: Card, on: MessageRef | undefined): Promise<Sent> {
    const task = on?.chat === to.chat ? on.message : '';
    const look = createHash('sha256').update(JSON.stringify(card)).digest('base64url');
    if ((await cards.get(shownOn(task))) === look) return { kind: 'sent', ...(on && { ref: on }) };
    const buttons = card.buttons.flat();
    if (buttons.length <= MOST_BUTTONS) {
      const press = to.answering && codeOfPress(to.answering.id);
      const unfinished = card.tone === 'busy' && buttons.length === 0;
      for (const key of [codeOfCard(task), ...(press ? [press] : [])]) {
        // A press's code is the last one: the card cannot show a later outcome.
        const below = unfinished && key === press;
        const words = await parts.wordsOf(to.chat);
        const { shown, rest } = replacedCard(card, words, below ? [words.say('wecom-result-below')] : []);
        if (!(await change(to, key, shown))) continue;
        if (rest !== undefined && !unfinished) await write(to, rest);
        await cards.set(shownOn(task), look, CODE_MS);
        return { kind: 'sent', ...(on && { ref: on }) };
      }
    }
    return await offerCard(to, card);
  }

  async function deliver(to: To, reply: Reply): Promise<Sent | NotCarried> {
    switch (reply.kind) {
      case 'say': {
        // A new question takes numbers as answers to it, not to an older list.
        if (reply.ask) await numbered.forget(to.chat);
        const buttons = reply.buttons?.flat() ?? [];
        const choose = (await parts.wordsOf(to.chat)).say('wecom-choose');
        return await offer(to, reply.text, buttons, (task) => fitQuestion(APP_CARD, reply.text, buttons, task, choose));
      }
      case 'card':
        return await offerCard(to, reply.card);
      case 'replace':
        return await settle(to, reply.card, reply.on ?? pressedIn(to.answering));
      case 'whisper':
        return await write(to, reply.text);
      // An app cannot delete a member's messages.
      case 'forget':
        return await write(to, reply.sorry);
      case 'picture':
      case 'file':
        return await attach(reply, {
          upload: (kind, media) => api.upload(kind, media),
          post: (body) => post(to, body),
          say: (text) => write(to, text),
          refused: (error) => hasCode(error, NOT_TAKEN),
        });
      default:
        throw new Error(`no such reply: ${(reply satisfies never as Reply).kind}`);
    }
  }

  return async (chat, reply, answering) => {
    const user = userOf(chat);
    if (user === undefined) throw new Error('not a chat of the WeCom app');
    const to: To = { chat, user, answering, gone: 0 };
    try {
      return await deliver(to, reply);
    } catch (error) {
      if (hasCode(error, GONE)) {
        log.warn('WeCom: a member cannot be reached; is he inside the 可见范围 of the app?', { error, chat });
        return { kind: 'gone' };
      }
      if (hasCode(error, MESSAGE_REFUSED)) throw new Undeliverable(error.message, { cause: error });
      if (to.gone > 0 && error instanceof NotSent) throw new Error(`${error.message}; a part of it went out`, { cause: error });
      if (to.gone > 0 || !(error instanceof WecomFault) || error.outcome === 'unknown') throw error;
      throw new NotSent(error.message, { cause: error });
    }
  };
}

const pressedIn = (answering: Incoming | undefined): MessageRef | undefined =>
  answering?.content.kind === 'press' ? answering.content.on : undefined;
