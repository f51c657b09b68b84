/** Composes replies into few messages: 微信客服 accepts five until the customer writes again. Pure. */
import type { Button, Card, Incoming, Reply } from '../../../handlers/message.ts';
import { fieldLine } from '../../channel/field-line.ts';
import { mediaBody, type MediaKind } from '../attaching.ts';
import { bytesOf, clip, pieces } from '../bytes.ts';
import { clickId } from './ids.ts';

/** A part of a reply; small enough for one message once composed. */
export interface Part {
  /** Our message id, an idempotency key of WeCom's: letters and digits. */
  readonly ref: string;
  readonly text: string;
  readonly buttons: readonly Button[];
  /** The message this part would replace, if messages could be edited. */
  readonly settles?: string;
  /** A progress note (处理中), superseded by its outcome. */
  readonly passing?: true;
  /** A question answered with text: numbers typed next are no choices. */
  readonly asks?: true;
  /** Sent, but the answer was lost: it may have arrived. */
  readonly doubtful?: true;
  /** Reported undelivered before the answer that it was accepted. */
  readonly undelivered?: true;
  /** A piece of a longer text that continues in the next part. */
  readonly cut?: true;
  /** More choices than a menu shows: the text lists them. */
  readonly listed?: true;
  /** A picture or file, stored under `key`; `text` is its caption, `sorry` replaces it where it cannot be sent. */
  readonly media?: { readonly key: string; readonly kind: MediaKind; readonly sorry: string };
}

/** Texts of a menu. */
export interface MenuWords {
  /** Text under a menu of this many items. */
  readonly choose: (count: number) => string;
  /** Asks to type a number: the list has more items than a menu shows. */
  readonly chooseNumber: (count: number) => string;
  /** Closes the last message of a turn when more is queued. */
  readonly more: string;
}

/** Bytes, https://developer.work.weixin.qq.com/document/path/94677; room is left for a closing line. */
const TEXT_LIMIT = 2048 - 128;
const HEAD_LIMIT = 1024;
const ITEM_LIMIT = 128;
const MOST_ITEMS = 10;

const TONES = { open: '🎫 ', busy: '⏳ ', good: '✅ ', bad: '❌ ' } as const satisfies Record<NonNullable<Card['tone']>, string>;

const cardText = ({ title, fields, note, tone }: Card): string =>
  [`${tone ? TONES[tone] : ''}${title}`, ...fields.map(fieldLine), ...(note ? [note] : [])].join('\n');

/** Turns a reply into parts; `media` stores its picture or file. */
export function partOf(reply: Reply, ref: string, answering: Incoming | undefined, media?: MediaKind): Part {
  switch (reply.kind) {
    case 'say':
      return { ref, text: reply.text, buttons: (reply.buttons ?? []).flat(), ...(reply.ask && { asks: true }) };
    case 'card':
      return { ref, text: cardText(reply.card), buttons: reply.card.buttons.flat() };
    case 'replace': {
      const on = reply.on ?? (answering?.content.kind === 'press' ? answering.content.on : undefined);
      const buttons = reply.card.buttons.flat();
      return {
        ref,
        text: cardText(reply.card),
        buttons,
        ...(on && { settles: on.message }),
        ...(reply.card.tone === 'busy' && buttons.length === 0 && { passing: true }),
      };
    }
    case 'whisper':
      return { ref, text: reply.text, buttons: [] };
    case 'forget':
      return { ref, text: reply.sorry, buttons: [] };
    case 'picture':
    case 'file':
      if (!media) throw new Error('its bytes are not stored');
      return { ref, text: reply.caption.trim(), buttons: [], media: { key: ref, kind: media, sorry: reply.sorry } };
  }
}

/** A caption is a message before its picture: only texts and menus hold words. */
const apart = (part: Part, name: () => string): Part[] =>
  part.media && part.text !== ''
    ? [
        { ref: name(), text: part.text, buttons: [] },
        { ...part, text: '' },
      ]
    : [part];

/**
 * Composes parts into as few messages as hold them. A progress note is dropped once its outcome is known; texts are joined;
 * buttons end a message, and a picture is one. The last message of a part keeps its `ref`, `name` gives ids to those
 * before it.
 */
export function compose(parts: readonly Part[], name: () => string): Part[] {
  const current = parts
    .filter((part, at) => !(part.passing && parts.slice(at + 1).some((later) => later.settles === part.settles)))
    .flatMap((part) => apart(part, name));
  const messages: Part[] = [];
  let texts: string[] = [];
  const close = (last: Part): void => {
    const list = last.buttons.length > MOST_ITEMS;
    const text = texts.join('\n\n');
    const chunks = inMessages(list && !last.listed ? `${text}\n${numbered(last.buttons)}` : text, last.buttons);
    for (const chunk of chunks.slice(0, -1)) messages.push({ ref: name(), text: chunk, buttons: [], cut: true });
    messages.push({ ...last, text: chunks.at(-1) ?? '…', ...(list && { listed: true }) });
    texts = [];
  };
  for (const [at, part] of current.entries()) {
    // A message that may have arrived is sent again unchanged.
    const next = current[at + 1];
    const alone = part.doubtful ?? part.cut ?? next?.doubtful ?? next?.media !== undefined;
    if (part.media) {
      messages.push(part);
      continue;
    }
    texts.push(part.text);
    if (part.buttons.length > 0 || alone || at === current.length - 1) close(part);
  }
  return messages;
}

function inMessages(text: string, buttons: readonly Button[]): string[] {
  const shown = text.trim() === '' ? '…' : text;
  if (buttons.length === 0 || buttons.length > MOST_ITEMS) return pieces(shown, TEXT_LIMIT);
  if (bytesOf(shown) <= HEAD_LIMIT) return [shown];
  // The last lines stay with the menu, as many as its head holds.
  const ends = pieces(shown, HEAD_LIMIT);
  const head = ends.at(-1) ?? '…';
  const before = shown.slice(0, shown.length - head.length).replace(/\n$/, '');
  return [...pieces(before, TEXT_LIMIT), head];
}

const numbered = (buttons: readonly Button[]): string => buttons.map(({ label }, n) => `${n + 1}. ${label}`).join('\n');

/** Builds the API's message. `more`: the customer has to write before the rest can follow. `mediaId`: of its attachment. */
export function body({ text, buttons, ref, media }: Part, words: MenuWords, more: boolean, mediaId = ''): object {
  if (media) return mediaBody(media.kind, mediaId);
  const after = more ? [words.more] : [];
  if (buttons.length === 0) return { msgtype: 'text', text: { content: [text, ...after].join('\n') } };
  if (buttons.length > MOST_ITEMS)
    return { msgtype: 'text', text: { content: [text, words.chooseNumber(buttons.length), ...after].join('\n') } };
  return {
    msgtype: 'msgmenu',
    msgmenu: {
      head_content: text,
      list: buttons.map((button) => ({
        type: 'click',
        click: { id: clickId(button, ref), content: clip(button.label, ITEM_LIMIT) },
      })),
      tail_content: [words.choose(buttons.length), ...after].join('\n'),
    },
  };
}
