/** Reads an app callback: a message, a menu entry, a scan or a press becomes an `Incoming`, or nothing. */
import { createHash } from 'node:crypto';
import { COMMANDS } from '../../../handlers/commands.ts';
import { decodeAction, type ChatId, type Content, type Incoming } from '../../../handlers/message.ts';
import type { Collection } from '../../../services/database/collections.ts';
import type { Called } from '../callback.ts';
import type { NumberedMenu } from '../../channel/numbered-menu.ts';
import type { Names } from '../names.ts';

/** Kinds the app listens to. Pictures picked through a menu also come as messages; views and places are ignored. */
export const HEARD: readonly string[] = [
  'text',
  'image',
  'voice',
  'video',
  'location',
  'link',
  'file',
  'event:subscribe',
  'event:unsubscribe',
  'event:enter_agent',
  'event:click',
  'event:scancode_push',
  'event:scancode_waitmsg',
  'event:template_card_event',
];

export interface ReadingParts {
  readonly agentId: string;
  /** Greeted members, by chat. */
  readonly greeted: Collection<true>;
  readonly numbered: NumberedMenu;
  readonly names: Names;
}

/** `code` is the right of a press to change its card, once, for 72 hours. */
export interface Heard {
  readonly incoming: Incoming;
  readonly code?: string;
}

/** Builds a chat id: `wecom-app:zhangsan`. UserIDs are case-insensitive, and WeCom answers in lower case. */
export const chatId = (user: string): ChatId => `wecom-app:${user.toLowerCase()}`;

/** Gives the member of this channel's chat; undefined for another channel's. */
export const userOf = (chat: ChatId): string | undefined => /^wecom-app:([\w.@-]{1,64})$/.exec(chat)?.[1];

/** Barcode types that WeCom writes before the text: `CODE_128,0123`. */
const BARCODE = /^(?:CODE|EAN|UPC|ITF|QR|CODABAR|PDF|DATA)[A-Z0-9_]{0,12},/i;

export function createReading({
  agentId,
  greeted,
  numbered,
  names,
}: ReadingParts): (called: Called) => Promise<Heard | undefined> {
  const joined = async (chat: ChatId): Promise<Content | undefined> =>
    (await greeted.get(chat)) ? undefined : { kind: 'joined' };

  async function content(called: Called, chat: ChatId): Promise<Content | undefined> {
    const { kind, text } = called;
    switch (kind) {
      case 'text': {
        const pick = await numbered.read(chat, text('Content'));
        if (pick) return { kind: 'press', action: pick.action, on: { chat, message: pick.list } };
        return { kind: 'text', text: text('Content') };
      }
      case 'image':
        return text('MediaId') ? { kind: 'photo', file: text('MediaId'), caption: '' } : { kind: 'other' };
      // Some corporations have voice transcribed.
      case 'voice':
        return text('Recognition') ? { kind: 'text', text: text('Recognition') } : { kind: 'other' };
      case 'event:subscribe':
      case 'event:enter_agent':
        return await joined(chat);
      case 'event:unsubscribe':
        return { kind: 'left' };
      case 'event:click':
        return COMMANDS.some(({ name }) => name === text('EventKey'))
          ? // With the slash it is no answer to an open question.
            { kind: 'text', text: `/${text('EventKey')}` }
          : undefined;
      case 'event:scancode_push':
      case 'event:scancode_waitmsg': {
        const scanned = text('ScanCodeInfo', 'ScanResult').replace(BARCODE, '');
        return scanned ? { kind: 'text', text: scanned } : undefined;
      }
      case 'event:template_card_event': {
        const action = decodeAction(text('EventKey'));
        return action && { kind: 'press', action, on: { chat, message: text('TaskId') } };
      }
      default:
        return { kind: 'other' };
    }
  }

  return async (called) => {
    const own = ['', agentId].includes(called.text('AgentID'));
    const chat = chatId(called.from);
    const user = userOf(chat);
    const read = own && user !== undefined ? await content(called, chat) : undefined;
    if (!read || user === undefined) return undefined;
    const code = called.text('ResponseCode');
    // A member of whom WeCom gives no name is called by the userid.
    const name = (await names([user])).get(user) ?? called.from;
    return {
      incoming: {
        id: idOf(called),
        chat,
        group: false,
        title: name,
        from: { id: chat, name },
        at: called.at,
        content: read,
        addressed: true,
      },
      ...(code && { code }),
    };
  };
}

/**
 * Gives an event's idempotency key: MsgId; of a press its own code, so that two in one second are two; of other events
 * the member, the kind and the time.
 */
function idOf({ id, from, at, text }: Called): string {
  if (/^\d{1,20}$/.test(id)) return `wecom-app:message:${id}`;
  const code = text('ResponseCode');
  const facts = code ? [code] : [from, at, text('Event'), text('EventKey'), text('TaskId'), text('ScanCodeInfo', 'ScanResult')];
  return `wecom-app:event:${createHash('sha256').update(facts.join('\n')).digest('base64url').slice(0, 27)}`;
}
