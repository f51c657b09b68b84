/** Reads what sync_msg brings: messages and clicks of customers, and the few events that matter. */
import type { Content } from '../../../handlers/message.ts';
import { readClick, type Customer } from './ids.ts';

/** One entry of a page, as far as it concerns us. */
export type Entry = Customer & {
  readonly msgid: string;
  /** ms, by WeCom's clock, whole seconds. */
  readonly at: number;
} & (
    | { readonly kind: 'wrote'; readonly content: Content | { readonly kind: 'click'; readonly id: string } }
    /** He opened the chat; may be greeted by this code, once, within 20 s, where there is one. `scene`: of the link he came by. */
    | { readonly kind: 'entered'; readonly code: string; readonly scene: string }
    /** A message that was accepted did not arrive. */
    | { readonly kind: 'failed'; readonly message: string; readonly why: number }
  );

type Fields = Readonly<Record<string, unknown>>;

/** Nothing for what is not for us: colleagues' messages, other events, and what makes no sense. */
export function readEntry(item: unknown): Entry | undefined {
  if (!isFields(item)) return undefined;
  const event = item['event'];
  const told = isFields(event) ? event : item;
  const [openKfid, user] = [text(told, 'open_kfid'), text(told, 'external_userid')];
  const [msgid, seconds] = [text(item, 'msgid'), item['send_time']];
  if (!ID.test(openKfid) || !ID.test(user) || msgid === '' || typeof seconds !== 'number') return undefined;
  const entry = { openKfid, user, msgid, at: seconds * 1000 };
  // 3: the customer. 4: WeCom itself. 5: a colleague in his client.
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

/** As `contactLink` gives them out. */
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
