/**
 * A fake WeCom with a self-built app: its API on loopback, its members, and its callbacks.
 *
 *     const wecom = await startWecomApp();
 *     wecom.callbacks.setUrl(address);       // 设置API接收
 *     const zhang = wecom.member('zhangsan');
 *     await zhang.says('123456');            // encrypted, signed, posted; retried unless acknowledged
 *     zhang.messages                         // the messages of his chat with the app
 *     wecom.fail('/message/send', { kind: 'code', code: 45009 });
 */
import { createCallbacks } from './wecom/app-callbacks.ts';
import { at, judgeCard, showCard, showText, text, type Shown } from './wecom/app-cards.ts';
import { CODE_MS, createMembers, type FakeAppMessage, type FakeMember, type Medium } from './wecom/app-members.ts';
import { takeUpload } from './wecom/media.ts';
import { listen, type AppFault, type Asked, type Answered } from './wecom/app-server.ts';

const TOKEN_SECONDS = 7200;
const MINUTE_MS = 60_000;

export type { FakeAppMessage, FakeMember } from './wecom/app-members.ts';
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
  const names = new Map<string, string>();
  const media = new Map<string, Medium>();
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

  function write(
    to: FakeMember,
    byBot: boolean,
    shown: Shown & Pick<FakeAppMessage, 'picture' | 'file'>,
    task?: string,
  ): FakeAppMessage {
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
    '/user/get'({ query }) {
      const userid = (query.get('userid') ?? '').toLowerCase();
      const found = members.get(userid);
      if (!found) return 60111;
      return found.hidden ? 60011 : { userid, name: names.get(userid) ?? userid, department: [1] };
    },
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
      const taken = takeUpload(query.get('type') ?? '', type, body);
      if (typeof taken === 'number') return taken;
      const { kind, name, bytes } = taken;
      const id = `media-${nextId()}`;
      media.set(id, { file: bytes, type: 'image/png', until: now() + CODE_MS, kind, name });
      return { type: kind, media_id: id, created_at: String(Math.floor(now() / 1000)), errmsg: '' };
    },
    '/message/send'({ json }) {
      if (at(json, 'agentid') !== Number(agentId)) return 40056;
      const user = text(at(json, 'touser')).toLowerCase();
      const to = members.get(user);
      if (user === '') return 82001;
      if (!to || to.hidden) return 81013;
      const recent = (sent.get(user) ?? []).filter((time) => time > now() - MINUTE_MS);
      // Text beyond the limit is accepted and never shown.
      const dropped = recent.length >= state.perMinute;
      sent.set(user, [...recent, now()]);
      if (at(json, 'msgtype') === 'text') {
        const content = at(json, 'text', 'content');
        if (typeof content !== 'string' || content === '') return 44004;
        return { msgid: dropped ? 'dropped' : write(to, true, { text: showText(content), buttons: [] }).id };
      }
      const type = text(at(json, 'msgtype'));
      if (type === 'image' || type === 'file') {
        const found = media.get(text(at(json, type, 'media_id')));
        if (!found || found.until <= now() || found.kind !== type) return 40007;
        const brings = type === 'image' ? { picture: found.file } : { file: { name: found.name ?? '', bytes: found.file } };
        return { msgid: dropped ? 'dropped' : write(to, true, { text: '', buttons: [], ...brings }).id };
      }
      if (type !== 'template_card') return 40008;
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

  const member = createMembers({ corpId, agentId, now, callbacks, members, media, watchers, nextId, newCode, write });

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
    /** Members' names as the corporation has them, by userid; the userid unless told. */
    names,
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
