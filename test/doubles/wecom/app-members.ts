/** Members of the fake WeCom app: they write, press, tap, scan and see. */
import type { Callbacks, Try } from './app-callbacks.ts';
import type { Shown } from './app-cards.ts';

/** Validity of a card's codes, and of media: 72 hours both. */
export const CODE_MS = 72 * 3_600_000;

/** A file that WeCom keeps for a while; `kind` and `name` of one that was uploaded. */
export interface Medium {
  readonly file: Buffer;
  readonly type: string;
  readonly until: number;
  readonly kind?: string;
  readonly name?: string;
}

export interface FakeAppMessage {
  readonly id: string;
  readonly byBot: boolean;
  text: string;
  buttons: Shown['buttons'];
  /** A card's. */
  readonly task: string | undefined;
  /** Number of changes. */
  edits: number;
  readonly picture?: Buffer;
  readonly file?: { readonly name: string; readonly bytes: Buffer };
}

export interface FakeMember {
  readonly id: string;
  /** `wecom-app:<userid>` */
  readonly ref: `wecom-app:${string}`;
  readonly messages: FakeAppMessage[];
  /** A test sets this: outside of the app's visible range. */
  hidden: boolean;
  says(text: string): Promise<Try[]>;
  shows(bytes: Buffer): Promise<Try[]>;
  /** Sends a voice message; `heard`: what WeCom makes of it, where the corporation has that. */
  speaks(heard?: string): Promise<Try[]>;
  /** Something else, by its MsgType and fields. */
  sends(type: string, fields?: string): Promise<Try[]>;
  /** By its label, or the beginning of it. */
  presses(message: FakeAppMessage, label: string): Promise<Try[]>;
  /** Presses a button that is not there: a made-up key. */
  forges(message: FakeAppMessage, key: string): Promise<Try[]>;
  /** `event` is how WeCom spells the event, which was seen in capitals too. */
  taps(menuKey: string, event?: 'click' | 'CLICK'): Promise<Try[]>;
  scans(result: string): Promise<Try[]>;
  /** subscribe, unsubscribe, enter_agent … */
  event(name: string): Promise<Try[]>;
  /** Resolves with the first message of the app that matches, now or later. */
  sees(what: string | ((message: FakeAppMessage) => boolean)): Promise<FakeAppMessage>;
}

/** State that members share with the rest of the fake. */
export interface Harness {
  readonly corpId: string;
  readonly agentId: string;
  readonly now: () => number;
  readonly callbacks: Callbacks;
  readonly members: Map<string, FakeMember>;
  readonly media: Map<string, Medium>;
  /** Called after every change of any chat. */
  readonly watchers: Set<() => void>;
  readonly nextId: () => number;
  /** A new right to change a card. */
  readonly newCode: (message: FakeAppMessage) => string;
  readonly write: (to: FakeMember, byBot: boolean, shown: Shown) => FakeAppMessage;
}

/** Makes a function that makes members. */
export function createMembers(town: Harness): (id: string) => FakeMember {
  const { corpId, agentId, now, callbacks, members, media, watchers, nextId, newCode, write } = town;
  const tag = (name: string, value: string | number): string =>
    typeof value === 'number' ? `<${name}>${value}</${name}>` : `<${name}><![CDATA[${value}]]></${name}>`;
  const inner = (user: string, type: string, fields: string): string =>
    `<xml>${tag('ToUserName', corpId)}${tag('FromUserName', user)}${tag('CreateTime', Math.floor(now() / 1000))}${tag('MsgType', type)}${fields}<AgentID>${agentId}</AgentID></xml>`;

  return (id) => {
    const message = (type: string, fields: string): Promise<Try[]> =>
      callbacks.call(inner(id, type, `${fields}<MsgId>70000000000000${String(nextId()).padStart(5, '0')}</MsgId>`));
    const happens = (name: string, fields: string): Promise<Try[]> =>
      callbacks.call(inner(id, 'event', `${tag('Event', name)}${fields}`));
    const press = (on: FakeAppMessage, key: string): Promise<Try[]> =>
      happens(
        'template_card_event',
        `${tag('EventKey', key)}${tag('TaskId', on.task ?? '')}${tag('CardType', 'button_interaction')}${tag('ResponseCode', newCode(on))}`,
      );
    const made: FakeMember = {
      id,
      ref: `wecom-app:${id.toLowerCase()}`,
      messages: [],
      hidden: false,
      says(words) {
        write(made, false, { text: words, buttons: [] });
        // As it goes into CDATA: its end may not stand in it.
        return message('text', tag('Content', words.replaceAll(']]>', ']]]]><![CDATA[>')));
      },
      shows(bytes) {
        const mediaId = `photo-${nextId()}`;
        media.set(mediaId, { file: bytes, type: 'image/jpeg', until: now() + CODE_MS });
        return message('image', tag('PicUrl', 'https://wework.qpic.cn/x') + tag('MediaId', mediaId));
      },
      speaks: (heard) =>
        message('voice', tag('MediaId', 'v1') + tag('Format', 'amr') + (heard === undefined ? '' : tag('Recognition', heard))),
      sends: (type, fields = '') => message(type, fields),
      presses(on, label) {
        const button = on.buttons.find((one) => one.label === label) ?? on.buttons.find((one) => one.label.startsWith(label));
        if (!button) throw new Error(`no button ${label} under: ${on.text}\n${on.buttons.map((one) => one.label).join(' | ')}`);
        return press(on, button.key);
      },
      forges: press,
      taps: (key, event = 'click') => happens(event, tag('EventKey', key)),
      scans: (result) =>
        happens(
          'scancode_waitmsg',
          `${tag('EventKey', 'scan')}<ScanCodeInfo>${tag('ScanType', 'qrcode')}${tag('ScanResult', result)}</ScanCodeInfo>`,
        ),
      event: (name) => happens(name, tag('EventKey', '')),
      sees: (what) =>
        new Promise((resolve) => {
          const fits = typeof what === 'string' ? (one: FakeAppMessage): boolean => one.text.includes(what) : what;
          const look = (): void => {
            const found = made.messages.find((one) => one.byBot && fits(one));
            if (!found) return void watchers.add(look);
            watchers.delete(look);
            resolve(found);
          };
          look();
        }),
    };
    members.set(made.id.toLowerCase(), made);
    return made;
  };
}
