/** Reads entries of sync_msg: messages and clicks of customers, and the events we handle. */
import type { Content } from '../../../handlers/message.ts';
import { readClick, type Customer } from './ids.ts';

/** One entry of a page. */
export type Entry = Customer & {
  readonly msgid: string;
  /** ms, by WeCom's clock, whole seconds. */
  readonly at: number;
} & (
    | { readonly kind: 'wrote'; readonly content: Content | { readonly kind: 'click'; readonly id: string } }
    /** The customer opened the chat; `code`, if any, allows one greeting within 20 s. `scene`: of the link. */
    | { readonly kind: 'entered'; readonly code: string; readonly scene: string }
    /** An accepted message was not delivered. */
    | { readonly kind: 'failed'; readonly message: string; readonly why: number }
  );

type Fields = Readonly<Record<string, unknown>>;

/** Gives undefined for colleagues' messages, other events, and malformed entries. */
export function readEntry(item: unknown): Entry | undefined {
  if (!isFields(item)) return undefined;
  const event = item['event'];
  const told = isFields(event) ? event : item;
  const [openKfid, user] = [text(told, 'open_kfid'), text(told, 'external_userid')];
  const [msgid, seconds] = [text(item, 'msgid'), item['send_time']];
  if (!ID.test(openKfid) || !ID.test(user) || msgid === '' || typeof seconds !== 'number') return undefined;
  const entry = { openKfid, user, msgid, at: seconds * 1000 };
  // 3: the customer. 4: WeCom itself. 5: a colleague in the WeCom client.
  if (item['origin'] === 3 && item['msgtype'] !== 'event') return { ...entry, kind: 'wrote', content: contentOf(item) };
  if (item['msgtype'] !== 'event' || !isFields(event)) return undefined;
  switch (event['event_type']) {
    case 'enter_session': {
      const [code, scene] = [text(event, 'welcome_code'), text(event, 'scene')];
      return { ...entry, kind: 'entered', code, scene: SCENE.test(scene) ? scene : '' };
    }
    case 'msg_send_fail': {
      const why = event['fail_type'];
      return { ...entry, kind: 'failed', message: text(event, 'fail_msgid'), why: typeof why === 'number' ? why : 0 };
    }
    default:
      return undefined;
  }
}

/** Scenes as `contactLink` sets them. */
const SCENE = /^[\w-]{1,32}$/;
const ID = /^[\w-]{1,64}$/;

function contentOf(item: Fields): Content | { readonly kind: 'click'; readonly id: string } {
  const part = item[text(item, 'msgtype')];
  const told = isFields(part) ? part : {};
  switch (item['msgtype']) {
    case 'text': {
      const id = text(told, 'menu_id');
      return readClick(id) ? { kind: 'click', id } : { kind: 'text', text: text(told, 'content') };
    }
    case 'image':
      return { kind: 'photo', file: text(told, 'media_id'), caption: '' };
    default:
      return { kind: 'other' };
  }
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** PostgreSQL takes no null bytes in text. */
function text(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' ? value.replaceAll('\0', '') : '';
}
