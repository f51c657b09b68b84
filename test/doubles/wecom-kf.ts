/**
 * A fake 微信客服: its part of WeCom's API, over HTTP on loopback, with customers and their phones.
 *
 *     const wecom = await startKf();
 *     wecom.called = ({ openKfid, token }) => kf.notify({ openKfid, token });   // the callback
 *     const lin = wecom.customer('林小姐');
 *     lin.says('123456789012');
 *     lin.clicks('确认核销');
 *     lin.messages                                   // the messages on her phone
 *     wecom.fail('/kf/send_msg', { kind: 'code', code: -1 });
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { takeUpload, type FakeMedia } from './wecom/media.ts';

/** A fault of one call. `reset`: the connection breaks, before or after the call took effect. */
export type KfFault =
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'reset'; readonly after: boolean }
  | { readonly kind: 'late'; readonly until: Promise<void> };

export interface KfMessage {
  readonly byBot: boolean;
  readonly text: string;
  /** Menu items: what is seen, and what a click carries back. */
  readonly items: readonly { readonly label: string; readonly id: string }[];
  /** Under the items. */
  readonly tail: string;
  /** Answers a welcome code. */
  readonly greeting: boolean;
  readonly picture?: Buffer;
  readonly file?: { readonly name: string; readonly bytes: Buffer };
}

type Json = Readonly<Record<string, unknown>>;
interface Item {
  readonly at: number;
  readonly json: Json;
}

const DAY_MS = 86_400_000;
const WELCOME_MS = 20_000;
const TOKEN_MS = 600_000;
const MOST_SENT = 5;

export type FakeKf = Awaited<ReturnType<typeof startKf>>;
export type FakeCustomer = ReturnType<FakeKf['customer']>;

export async function startKf({ now = Date.now, pageSize = 1000 }: { now?: () => number; pageSize?: number } = {}) {
  const secret = 'a-secret-of-the-app';
  const accounts = new Map<string, { name: string; readonly log: Item[] }>([['wkdesk', { name: '大声發', log: [] }]]);
  const words = new Map<string, { readonly openKfid: string; readonly until: number }>();
  const codes = new Map<string, { readonly of: string; readonly until: number }>();
  const faults = new Map<string, KfFault[]>();
  /** Links that were given out: each is good as it is, and as nothing else. */
  const links = new Map<string, { readonly openKfid: string; readonly scene: string }>();
  const requests: { readonly path: string; readonly body: Json }[] = [];
  const phones = new Map<string, Phone>();
  const media = new Map<string, FakeMedia & { readonly until: number }>();
  const names = new Set<string>();
  let ids = 0;
  let emptyPages = 0;
  let stuckPages = 0;
  const id = (prefix: string): string => `${prefix}${(ids += 1)}`;
  const double = {
    url: '',
    corpId: 'ww1',
    secret,
    requests,
    /** The next pages have nothing in them although there is more. */
    emptyPages: (count: number) => void (emptyPages = count),
    /** The next pages have messages, but no new cursor, although there is more. */
    stuckPages: (count: number) => void (stuckPages = count),
    /** Hears of news, as by the callback. */
    called: (_news: { readonly openKfid: string; readonly token: string }): unknown => undefined,
    fail(path: string, ...some: readonly KfFault[]): void {
      faults.set(path, [...(faults.get(path) ?? []), ...some]);
    },
    /** Calls of one kind. */
    asked: (path: string) => requests.filter((request) => request.path === path).map(({ body }) => body),
    /** The app may not be used for 微信客服 any more, or an account is deleted. */
    forget: (openKfid: string) => accounts.delete(openKfid),
    account: (openKfid: string, name: string) => void accounts.set(openKfid, { name, log: [] }),
    customer(name: string, openKfid = 'wkdesk') {
      const user = `wm${id('customer')}`;
      const phone: Phone = { name, user, openKfid, messages: [], lastAt: undefined, sent: 0, state: 0, drops: undefined };
      phones.set(`${openKfid} ${user}`, phone);
      const tell = (json: Json, origin = 3): void => {
        log(openKfid, { msgid: id('m'), open_kfid: openKfid, external_userid: user, origin, ...json });
      };
      const wrote = (text: string, json: Json): void => {
        phone.messages.push({ byBot: false, text, items: [], tail: '', greeting: false });
        phone.lastAt = now();
        phone.sent = 0;
        if (phone.state === 4) phone.state = 0;
        tell(json);
      };
      return Object.assign(phone, {
        chat: `wecom-kf:${openKfid}:${user}`,
        says: (text: string) => wrote(text, { msgtype: 'text', text: { content: text } }),
        sends: (msgtype: 'image' | 'voice' | 'location') =>
          wrote(`(${msgtype})`, { msgtype, [msgtype]: { media_id: id('media') } }),
        /** Taps an item of the last menu that has it; old menus stay. */
        clicks(label: string, of = phone.messages.findLast(({ items }) => items.some((item) => item.label === label))) {
          const item = of?.items.find((one) => one.label === label);
          if (!item) throw new Error(`nothing to click: ${label}`);
          wrote(label, { msgtype: 'text', text: { content: label, menu_id: item.id } });
        },
        /** Opens the chat. The welcome code comes only when nothing was said in two days. */
        enters(scene = '') {
          const known = phone.lastAt !== undefined && now() - phone.lastAt < 2 * DAY_MS;
          const welcome = known ? {} : { welcome_code: id('code') };
          if ('welcome_code' in welcome)
            codes.set(welcome.welcome_code, { of: `${openKfid} ${user}`, until: now() + WELCOME_MS });
          const event = { event_type: 'enter_session', open_kfid: openKfid, external_userid: user, scene, ...welcome };
          log(openKfid, { msgid: id('m'), origin: 4, msgtype: 'event', event });
        },
        /** Opens the chat by a link that was given out, scanned from a poster, say. */
        scans(url: string) {
          const link = links.get(url);
          if (!link) throw new Error(`WeChat does not know this link: ${url}`);
          if (link.openKfid !== openKfid) throw new Error('a link to another account');
          this.enters(link.scene);
        },
        /** A colleague writes in the WeCom client. */
        colleague: (text: string) => tell({ msgtype: 'text', text: { content: text }, servicer_userid: 'zhang' }, 5),
      });
    },
    /** WeCom delivers the latest entry once more. */
    repeat(openKfid = 'wkdesk') {
      const entries = accounts.get(openKfid)?.log ?? [];
      const last = entries.at(-1);
      if (last) entries.push(last);
      ring(openKfid);
    },
    ring: (openKfid = 'wkdesk') => ring(openKfid),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };

  function log(openKfid: string, json: Json): void {
    accounts.get(openKfid)?.log.push({ at: now(), json: { send_time: Math.floor(now() / 1000), ...json } });
    ring(openKfid);
  }
  function ring(openKfid: string): void {
    const token = id('ENC');
    words.set(token, { openKfid, until: now() + TOKEN_MS });
    double.called({ openKfid, token });
  }

  const CALLS: Readonly<Record<string, (body: Json) => Json | number>> = {
    '/kf/sync_msg'(body) {
      const entries = accounts.get(String(body['open_kfid']))?.log;
      if (!entries) return 95004;
      const word = body['token'];
      if (word !== undefined) {
        const known = words.get(typeof word === 'string' ? word : '');
        if (!known || known.until <= now() || known.openKfid !== body['open_kfid']) return 95007;
      }
      const from = body['cursor'] === '' ? 0 : Number(String(body['cursor']).slice(1));
      if (!Number.isInteger(from)) return 40058;
      if (emptyPages > 0) {
        emptyPages -= 1;
        return { next_cursor: `c${from}`, has_more: 1, msg_list: [] };
      }
      const to = Math.min(from + Math.min(pageSize, Number(body['limit'] ?? 1000)), entries.length);
      const list = entries.slice(from, to).filter(({ at }) => at > now() - 3 * DAY_MS);
      const messages = list.map(({ json }) => json);
      if (stuckPages > 0) {
        stuckPages -= 1;
        return { ...(stuckPages % 2 === 0 && { next_cursor: body['cursor'] }), has_more: 1, msg_list: messages };
      }
      return { next_cursor: `c${to}`, has_more: to < entries.length ? 1 : 0, msg_list: messages };
    },
    '/kf/send_msg'(body) {
      if (!accounts.has(String(body['open_kfid']))) return 95004;
      const phone = phones.get(`${String(body['open_kfid'])} ${String(body['touser'])}`);
      if (!phone) return 40003;
      const message = bring(body) ?? read(body, false);
      if (typeof message === 'number') return message;
      if (phone.state > 1) return 95018;
      if (phone.lastAt === undefined || now() - phone.lastAt > 2 * DAY_MS) return 95002;
      if (phone.sent >= MOST_SENT) return 95001;
      const name = claim(body);
      if (name === undefined) return 40058;
      phone.sent += 1;
      phone.state = 1;
      if (phone.drops === undefined) phone.messages.push(message);
      else {
        const { openKfid, user, drops } = phone;
        phone.drops = undefined;
        const event = {
          event_type: 'msg_send_fail',
          open_kfid: openKfid,
          external_userid: user,
          fail_msgid: name,
          fail_type: drops,
        };
        log(openKfid, { msgid: id('m'), origin: 4, msgtype: 'event', event });
      }
      return { msgid: name };
    },
    '/kf/send_msg_on_event'(body) {
      const code = codes.get(String(body['code']));
      const message = read(body, true);
      if (typeof message === 'number') return message;
      codes.delete(String(body['code']));
      if (!code || code.until <= now()) return 95015;
      const name = claim(body);
      if (name === undefined) return 40058;
      phones.get(code.of)!.messages.push(message);
      return { msgid: name };
    },
    '/kf/service_state/get': (body) => {
      const phone = phones.get(`${String(body['open_kfid'])} ${String(body['external_userid'])}`);
      return phone ? { service_state: phone.state, servicer_userid: phone.state === 3 ? 'zhang' : '' } : 40003;
    },
    '/kf/service_state/trans': (body) => {
      const phone = phones.get(`${String(body['open_kfid'])} ${String(body['external_userid'])}`);
      if (!phone) return 40003;
      if (phone.state === 4 || typeof body['service_state'] !== 'number') return 95016;
      phone.state = body['service_state'];
      return {};
    },
    '/kf/account/list': ({ offset, limit }) => ({
      account_list: [...accounts]
        .slice(Number(offset), Number(offset) + Number(limit))
        .map(([openKfid, { name }]) => ({ open_kfid: openKfid, name, avatar: '' })),
    }),
    '/kf/add_contact_way'({ open_kfid: openKfid, scene }) {
      if (!accounts.has(String(openKfid))) return 95004;
      if (!/^[\w-]{0,32}$/.test(String(scene))) return 40058;
      if (Buffer.byteLength(String(scene)) > 32) return 40058;
      const url = `https://work.weixin.qq.com/kf/kfc${String(openKfid).slice(2)}?enc_scene=${id('ENC')}`;
      links.set(url, { openKfid: String(openKfid), scene: String(scene) });
      return { url };
    },
    '/kf/customer/batchget'({ external_userid_list: list }) {
      const asked: readonly unknown[] = Array.isArray(list) ? list : [];
      if (asked.length > 100) return 40058;
      const found = [...phones.values()].filter(({ user }) => asked.includes(user));
      return { customer_list: found.map(({ user, name }) => ({ external_userid: user, nickname: name, gender: 0 })) };
    },
  };

  /** A picture or file that was uploaded before; nothing for another kind of message. */
  function bring(body: Json): KfMessage | number | undefined {
    const type = String(body['msgtype']);
    if (type !== 'image' && type !== 'file') return undefined;
    const found = media.get(String((body[type] as Json | undefined)?.['media_id']));
    if (!found || found.until <= now() || found.kind !== type) return 40007;
    const { name, bytes } = found;
    const brings = type === 'image' ? { picture: bytes } : { file: { name, bytes } };
    return { byBot: true, text: '', items: [], tail: '', greeting: false, ...brings };
  }

  /** The message's own name, taken once; nothing when it is taken already. */
  function claim({ msgid }: Json): string | undefined {
    const name = typeof msgid === 'string' ? msgid : id('auto');
    if (!/^[\w-]{1,32}$/.test(name) || names.has(name)) return undefined;
    names.add(name);
    return name;
  }

  function upload(kind: string, form: string, raw: Buffer): Json | number {
    const taken = takeUpload(kind, form, raw);
    if (typeof taken === 'number') return taken;
    const mediaId = id('media');
    media.set(mediaId, { ...taken, until: now() + 3 * DAY_MS });
    return { type: kind, media_id: mediaId, created_at: String(Math.floor(now() / 1000)) };
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', 'http://loopback');
    const path = url.pathname.replace(/^\/cgi-bin/, '');
    const answer = (given: Json | number): void => {
      const [errcode, facts] = typeof given === 'number' ? [given, {}] : [0, given];
      const errmsg =
        errcode === 0
          ? 'ok'
          : `refused, hint: [1700000000], from ip: 1.2.3.4, more info at https://open.work.weixin.qq.com/devtool/query?e=${errcode}`;
      response.setHeader('content-type', 'application/json; charset=UTF-8').end(JSON.stringify({ errcode, errmsg, ...facts }));
    };
    if (path === '/gettoken')
      return answer(url.searchParams.get('corpsecret') === secret ? { access_token: 'T', expires_in: 7200 } : 40001);
    if (url.searchParams.get('access_token') !== 'T') return answer(40014);
    const raw = Buffer.concat(chunks);
    const form = request.headers['content-type']?.startsWith('multipart/') ? request.headers['content-type'] : undefined;
    const body: Json = raw.length > 0 && !form ? JSON.parse(raw.toString('utf8')) : {};
    requests.push({ path, body });
    const call = path === '/media/upload' && form ? () => upload(url.searchParams.get('type') ?? '', form, raw) : CALLS[path];
    if (!call) return answer(40063);
    const fault = faults.get(path)?.shift();
    if (fault?.kind === 'code') return answer(fault.code);
    if (fault?.kind === 'reset' && !fault.after) return void request.socket.resetAndDestroy();
    if (fault?.kind === 'late') await fault.until;
    const given = call(body);
    if (fault?.kind === 'reset') return void request.socket.resetAndDestroy();
    answer(given);
  }

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  double.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return double;
}

interface Phone {
  readonly name: string;
  readonly user: string;
  readonly openKfid: string;
  readonly messages: KfMessage[];
  lastAt: number | undefined;
  sent: number;
  /** 0 new, 1 the bot's, 2 waits for somebody, 3 a colleague's, 4 ended. */
  state: number;
  /** The next message is accepted and not delivered, for this reason. */
  drops: number | undefined;
}

/** The message as it is seen, or the errcode for one that is not taken. */
function read(body: Json, greeting: boolean): KfMessage | number {
  const bytes = (value: unknown): number => (typeof value === 'string' ? Buffer.byteLength(value) : 0);
  const part = body[String(body['msgtype'])];
  if (typeof part !== 'object' || part === null) return 40008;
  const fields = part as Json;
  if (body['msgtype'] === 'text') {
    const text = fields['content'];
    if (typeof text !== 'string' || text === '') return 44004;
    return bytes(text) > 2048 ? 45002 : { byBot: true, text, items: [], tail: '', greeting };
  }
  if (body['msgtype'] !== 'msgmenu') return 40008;
  const [head, tail, list] = [fields['head_content'], fields['tail_content'], fields['list']];
  if (bytes(head) > 1024 || bytes(tail) > 1024 || !Array.isArray(list)) return 40058;
  if (list.length > 10) return 95008;
  const items: { label: string; id: string }[] = [];
  for (const one of list as readonly { type?: unknown; click?: { id?: unknown; content?: unknown } }[]) {
    const { id, content } = one.click ?? {};
    if (one.type !== 'click' || bytes(id) < 1 || bytes(id) > 64 || bytes(content) < 1 || bytes(content) > 128) return 95009;
    items.push({ label: String(content), id: String(id) });
  }
  return { byBot: true, text: typeof head === 'string' ? head : '', items, tail: typeof tail === 'string' ? tail : '', greeting };
}
