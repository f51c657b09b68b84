/**
 * A corporation's self-built app without WeCom: its API on loopback, its members, and the calls it makes to us.
 *
 *     const wecom = await startWecomApp();
 *     wecom.callbacks.setUrl(address);       // 设置API接收
 *     const zhang = wecom.member('zhangsan');
 *     await zhang.says('123456');            // encrypted, signed, posted; again where nobody took it
 *     zhang.messages                         // what stands in his chat with the app
 *     wecom.fail('/message/send', { kind: 'code', code: 45009 });
 */
import { createCallbacks, type Try } from './wecom-app-callbacks.ts';
import { at, judgeCard, showCard, showText, text, type Shown } from './wecom-app-cards.ts';
import { listen, type AppFault, type Asked, type Answered } from './wecom-app-server.ts';

const CODE_MS = 72 * 3_600_000;
const TOKEN_SECONDS = 7200;
const MINUTE_MS = 60_000;

export interface FakeAppMessage {
  readonly id: string;
  readonly byBot: boolean;
  text: string;
  buttons: Shown['buttons'];
  /** A card's. */
  readonly task: string | undefined;
  /** How many times it was changed. */
  edits: number;
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
  taps(menuKey: string): Promise<Try[]>;
  scans(result: string): Promise<Try[]>;
  /** subscribe, unsubscribe, enter_agent … */
  event(name: string): Promise<Try[]>;
  /** Resolves with the first message of the app that matches, now or later. */
  sees(what: string | ((message: FakeAppMessage) => boolean)): Promise<FakeAppMessage>;
}

export type FakeWecomApp = Awaited<ReturnType<typeof startWecomApp>>;

export async function startWecomApp({
  now = Date.now,
  deadlineMs = 5000,
  againOnStatus = false,
}: { now?: () => number; deadlineMs?: number; againOnStatus?: boolean } = {}) {
  const corpId = 'wwcorp0000000001';
  const agentId = '1000002';
  const secret = 'the-secret-of-the-app';
  const token = 'TESTTOKEN';
  const encodingAesKey = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
  const callbacks = createCallbacks({ corpId, token, encodingAesKey, now, deadlineMs, againOnStatus });

  const state = { trusted: true, menu: undefined as unknown, perMinute: 30 };
  const members = new Map<string, FakeMember>();
  const media = new Map<string, { file: Buffer; type: string; until: number }>();
  const codes = new Map<string, { message: FakeAppMessage; until: number }>();
  const spent = new Set<string>();
  const tasks = new Set<string>();
  const sent = new Map<string, number[]>();
  const faults = new Map<string, AppFault[]>();
  const calls: string[] = [];
  const watchers = new Set<() => void>();
  let access = { token: '', until: 0 };
  let count = 0;
  const nextId = (): number => (count += 1);
  const changed = (): void => watchers.forEach((look) => look());

  function newCode(message: FakeAppMessage): string {
    const code = `RC_${nextId()}_${'x'.repeat(20)}`;
    codes.set(code, { message, until: now() + CODE_MS });
    return code;
  }

  function write(to: FakeMember, byBot: boolean, shown: Shown, task?: string): FakeAppMessage {
    const message: FakeAppMessage = { id: `msg_${nextId()}`, byBot, ...shown, task, edits: 0 };
    to.messages.push(message);
    changed();
    return message;
  }

  const methods: Record<string, (asked: Asked) => Answered> = {
    '/gettoken'({ query }) {
      if (query.get('corpid') !== corpId) return 40013;
      if (query.get('corpsecret') !== secret) return 40001;
      if (access.until <= now()) access = { token: `token-${nextId()}-${'t'.repeat(40)}`, until: now() + TOKEN_SECONDS * 1000 };
      return { access_token: access.token, expires_in: Math.ceil((access.until - now()) / 1000) };
    },
    '/agent/get': ({ query }) => (query.get('agentid') === agentId ? { agentid: Number(agentId), name: '核销助手' } : 301002),
    '/menu/get': () => (state.menu === undefined ? 46003 : { ...(state.menu as object) }),
    '/menu/create'({ json }) {
      state.menu = json;
      return 0;
    },
    '/media/get'({ query }) {
      const found = media.get(query.get('media_id') ?? '');
      return found && found.until > now() ? found : 40007;
    },
    '/media/upload'({ query, body, type }) {
      if (!['image', 'voice', 'video', 'file'].includes(query.get('type') ?? '')) return 40004;
      const boundary = /boundary=(.+)$/.exec(type)?.[1];
      const head = body.indexOf('\r\n\r\n');
      const end = body.lastIndexOf(`\r\n--${boundary}--`);
      if (boundary === undefined || head < 0 || end < head || !body.subarray(0, head).includes('name="media"')) return 44001;
      const id = `media-${nextId()}`;
      media.set(id, { file: body.subarray(head + 4, end), type: 'image/png', until: now() + CODE_MS });
      return { type: query.get('type'), media_id: id, created_at: String(Math.floor(now() / 1000)), errmsg: '' };
    },
    '/message/send'({ json }) {
      if (at(json, 'agentid') !== Number(agentId)) return 40056;
      const user = text(at(json, 'touser')).toLowerCase();
      const to = members.get(user);
      if (user === '') return 82001;
      if (!to || to.hidden) return 81013;
      const recent = (sent.get(user) ?? []).filter((time) => time > now() - MINUTE_MS);
      // What is too much is taken, and nobody ever sees it.
      const dropped = recent.length >= state.perMinute;
      sent.set(user, [...recent, now()]);
      if (at(json, 'msgtype') === 'text') {
        const content = at(json, 'text', 'content');
        if (typeof content !== 'string' || content === '') return 44004;
        return { msgid: dropped ? 'dropped' : write(to, true, { text: showText(content), buttons: [] }).id };
      }
      if (at(json, 'msgtype') !== 'template_card') return 40008;
      const card = at(json, 'template_card');
      if (callbacks.url === '') return 43012;
      const wrong = judgeCard(card, 'new', tasks);
      if (wrong !== 0) return wrong;
      const task = text(at(card, 'task_id'));
      tasks.add(task);
      if (dropped) return { msgid: 'dropped' };
      const message = write(to, true, showCard(card), task);
      return { msgid: message.id, invaliduser: '', response_code: newCode(message) };
    },
    '/message/update_template_card'({ json }) {
      const code = text(at(json, 'response_code'));
      const found = codes.get(code);
      if (spent.has(code)) return 42022;
      if (!found) return 40058;
      if (found.until <= now()) return 42014;
      const card = at(json, 'template_card');
      const wrong = judgeCard(card, 'none', tasks);
      if (wrong !== 0) return wrong;
      spent.add(code);
      Object.assign(found.message, showCard(card));
      found.message.edits += 1;
      changed();
      return { invaliduser: [] };
    },
  };

  const server = await listen({
    methods,
    admit(path, { query }) {
      if (path === '/gettoken') return 0;
      const given = query.get('access_token');
      if (!given) return 41001;
      if (given !== access.token) return 40014;
      if (access.until <= now()) return 42001;
      return state.trusted ? 0 : 60020;
    },
    called(path) {
      calls.push(path);
      return faults.get(path)?.shift();
    },
  });

  const tag = (name: string, value: string | number): string =>
    typeof value === 'number' ? `<${name}>${value}</${name}>` : `<${name}><![CDATA[${value}]]></${name}>`;
  const inner = (user: string, type: string, fields: string): string =>
    `<xml>${tag('ToUserName', corpId)}${tag('FromUserName', user)}${tag('CreateTime', Math.floor(now() / 1000))}${tag('MsgType', type)}${fields}<AgentID>${agentId}</AgentID></xml>`;

  function member(id: string): FakeMember {
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
      taps: (key) => happens('click', tag('EventKey', key)),
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
  }

  return {
    corpId,
    agentId,
    secret,
    token,
    encodingAesKey,
    base: server.base,
    callbacks,
    /** Switches a test may turn: `trusted`, whether the caller's address is; `perMinute`, messages to one member. */
    state,
    member,
    media,
    /** The paths that were called, in order. */
    calls,
    count: (path: string): number => calls.filter((one) => one === path).length,
    /** The next call of this path goes wrong. */
    fail(path: string, ...orders: readonly AppFault[]): void {
      faults.set(path, [...(faults.get(path) ?? []), ...orders]);
    },
    accessToken: (): string => access.token,
    /** WeCom ends the access token early. */
    endToken: (): void => void (access = { ...access, until: 0 }),
    /** All codes by which cards can be changed are over. */
    endCodes(): void {
      for (const code of codes.values()) Object.assign(code, { until: 0 });
    },
    close: server.close,
  };
}
