/**
 * A fake of WeCom's smart bot: a WebSocket server on loopback that speaks its protocol, with people, groups, clocks and
 * faults.
 *
 *     const wecom = await startWecomBot();
 *     const zhang = wecom.person('zhangsan');
 *     zhang.says('123456789012');
 *     const card = await zhang.chat.shows('确认核销');
 *     zhang.presses(card, '确认核销');
 *     wecom.fault('aibot_send_msg', { kind: 'error', code: 45009 });
 *     wecom.kick();                                         // another program connects with the same id
 */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';
import { cardLook, drawn, json, Refused, text, type Look } from './wecom/smart-bot-rendering.ts';
import { createMedia } from './wecom/smart-bot-media.ts';
import { createUploads } from './wecom/smart-bot-uploads.ts';

/** `unheard`: the command never arrives. `lost`: it takes effect, its answer never comes. `late`: … comes after `until`. */
export type BotFaultKind =
  | { readonly kind: 'error'; readonly code: number }
  | { readonly kind: 'unheard' }
  | { readonly kind: 'lost' }
  | { readonly kind: 'late'; readonly until: Promise<void> };

export interface FakeBotMessage {
  readonly byBot: boolean;
  /** As everybody sees it, unless it was changed for some. */
  look: Look;
  /** Renderings for some people instead. */
  readonly looks: Map<string, Look>;
  readonly task: string;
  /** The command of the bot's frame, or the person's id. */
  readonly by: string;
}

interface Request {
  readonly kind: 'message' | 'press' | 'enter';
  readonly chat: FakeBotChat;
  readonly userid: string;
  readonly at: number;
  readonly task?: string;
  used: boolean;
}

interface Frame {
  readonly cmd: string;
  readonly request: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export type FakeBotChat = ReturnType<typeof createChat>;
export type FakeBotPerson = ReturnType<Awaited<ReturnType<typeof startWecomBot>>['person']>;
export type FakeWecomBot = Awaited<ReturnType<typeof startWecomBot>>;

function createChat(id: string, group: boolean) {
  const messages: FakeBotMessage[] = [];
  const waiting: (() => void)[] = [];
  return {
    id,
    group,
    /** As the bot names it. */
    ref: `wecom-bot:${id}`,
    messages,
    /** Somebody wrote to the robot here. */
    known: false,
    /** When messages of the robot came, ms. */
    times: [] as number[],
    /** The robot may still write here. */
    open: true,
    changed(): void {
      for (const wake of waiting.splice(0)) wake();
    },
    /** The latest message of the robot that says this, now or as soon as it does. */
    async shows(wanted: string | ((message: FakeBotMessage) => boolean)): Promise<FakeBotMessage> {
      const fits = typeof wanted === 'string' ? (message: FakeBotMessage) => message.look.text.includes(wanted) : wanted;
      for (;;) {
        const found = messages.findLast((message) => message.byBot && fits(message));
        if (found) return found;
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
        });
      }
    },
  };
}

const NAME = '核销助手';

export async function startWecomBot({ now = Date.now, port = 0 }: { now?: () => number; port?: number } = {}) {
  const id = 'aib-double-0001';
  const secret = 'double-secret-0123456789';
  const media = createMedia(now);
  const uploads = createUploads(now);
  const chats = new Map<string, FakeBotChat>();
  const requests = new Map<string, Request>();
  const tasks = new Set<string>();
  const calls: Frame[] = [];
  const faults: { readonly cmd: string; readonly fault: BotFaultKind }[] = [];
  const watching: (() => void)[] = [];
  /** The connection that took id and secret last. */
  let live: WebSocket | undefined;
  let count = 0;
  let latest: { cmd: string; body: object } | undefined;
  const logins: boolean[] = [];
  const refusals: number[] = [];
  /** Callbacks that went out, and those that nobody was there to hear. */
  let told = 0;
  let lost = 0;

  const next = (): number => (count += 1);
  const chatOf = (chat: string, group: boolean): FakeBotChat => {
    const known = chats.get(chat) ?? createChat(chat, group);
    chats.set(chat, known);
    return known;
  };

  /** Hands a callback to the connection; what nobody hears is gone. */
  function callBack(cmd: string, body: object): string {
    const request = `req-${next()}-${randomBytes(4).toString('hex')}`;
    latest = { cmd, body };
    if (live?.readyState === 1) {
      told += 1;
      live.send(JSON.stringify({ cmd, headers: { req_id: request }, body }));
    } else lost += 1;
    return request;
  }

  /** Counts a message of the robot against the chat's limits. */
  function admit(chat: FakeBotChat): void {
    const at = now();
    const within = (ms: number): number => chat.times.filter((time) => time > at - ms).length;
    if (within(60_000) >= 30 || within(3_600_000) >= 1000) throw new Refused(45009, 'api freq out of limit');
    chat.times.push(at);
  }

  const requestFor = (frame: Frame, kind: Request['kind'], ms: number): Request => {
    const request = requests.get(frame.request);
    if (request?.kind !== kind || now() - request.at > ms) throw new Refused(846605, 'invalid req_id');
    return request;
  };

  function put(chat: FakeBotChat, look: Look, by: string, task = ''): void {
    chat.messages.push({ byBot: true, look, looks: new Map(), task, by });
  }

  const streams = new Map<string, FakeBotMessage>();

  /** Shows a message's body in a chat, as each of the two commands that write may. */
  function write(chat: FakeBotChat, body: Frame['body'], by: string): void {
    const { msgtype } = body;
    const sized = (content: string): string => {
      if (content.trim() === '') throw new Refused(44004, 'content is empty');
      if (Buffer.byteLength(content) > 20_480) throw new Refused(45002, 'content is too long');
      return content;
    };
    if (msgtype === 'markdown') {
      admit(chat);
      return put(chat, { kind: 'markdown', text: drawn(sized(text(json(body['markdown'])['content']))), buttons: [] }, by);
    }
    if (msgtype === 'stream' && by === 'aibot_respond_msg') {
      const { id: stream, content } = json(body['stream']);
      const look: Look = { kind: 'markdown', text: drawn(sized(text(content))), buttons: [] };
      const known = streams.get(`${chat.id}/${text(stream)}`);
      admit(chat);
      if (known) known.look = look;
      else {
        put(chat, look, by);
        streams.set(`${chat.id}/${text(stream)}`, chat.messages.at(-1)!);
      }
      return;
    }
    if (msgtype === 'template_card') {
      const look = cardLook(body['template_card']);
      const task = text(json(body['template_card'])['task_id']);
      if (tasks.has(task)) throw new Refused(42014, 'task_id was used before');
      admit(chat);
      tasks.add(task);
      return put(chat, look, by, task);
    }
    if (msgtype === 'image' || msgtype === 'file') {
      const look = uploads.look(msgtype, body[msgtype]);
      admit(chat);
      return put(chat, look, by);
    }
    throw new Refused(40008, 'invalid message type');
  }

  const commands: Readonly<Record<string, (frame: Frame) => void>> = {
    aibot_respond_msg(frame) {
      const request = requestFor(frame, 'message', 24 * 3_600_000);
      write(request.chat, frame.body, frame.cmd);
      request.used = true;
    },
    aibot_respond_welcome_msg(frame) {
      const request = requestFor(frame, 'enter', 5000);
      if (request.used) throw new Refused(846605, 'invalid req_id');
      if (frame.body['msgtype'] !== 'text') throw new Refused(40008, 'invalid message type');
      admit(request.chat);
      request.used = true;
      put(request.chat, { kind: 'text', text: text(json(frame.body['text'])['content']), buttons: [] }, frame.cmd);
    },
    aibot_respond_update_msg(frame) {
      const request = requestFor(frame, 'press', 5000);
      // Whether WeCom takes a second one is not known; this one does not.
      if (request.used) throw new Refused(846605, 'invalid req_id');
      if (frame.body['response_type'] !== 'update_template_card') throw new Refused(40008, 'invalid message type');
      const card = json(frame.body['template_card']);
      const message = request.chat.messages.find(({ task }) => task === request.task);
      if (!message || card['task_id'] !== request.task) throw new Refused(42016, 'task_id not found');
      const look = cardLook(card, true);
      request.used = true;
      const only = frame.body['userids'];
      if (Array.isArray(only)) for (const userid of only) message.looks.set(text(userid), look);
      else {
        message.look = look;
        message.looks.clear();
      }
    },
    aibot_send_msg(frame) {
      const { chatid, chat_type } = frame.body;
      const chat = chats.get(text(chatid));
      const kind = chat?.group ? 2 : 1;
      if (!chat?.known || !chat.open || (chat_type !== undefined && chat_type !== 0 && chat_type !== kind))
        throw new Refused(93006, 'invalid chatid');
      write(chat, frame.body, frame.cmd);
    },
  };

  function due(cmd: string): BotFaultKind | undefined {
    const at = faults.findIndex((one) => one.cmd === cmd);
    return at < 0 ? undefined : faults.splice(at, 1)[0]!.fault;
  }

  function subscribe(socket: WebSocket, body: Frame['body']): void {
    const right = body['bot_id'] === id && body['secret'] === secret;
    logins.push(right);
    // A refused socket stays open.
    if (!right) throw new Refused(853000, 'invalid bot_id or secret');
    if (live && live !== socket) replace(live);
    live = socket;
  }

  /** Tells a connection that another took its place, and ends it later. */
  function replace(old: WebSocket): void {
    const event = { eventtype: 'disconnected_event' };
    const body = { msgid: `kick-${next()}`, aibotid: id, create_time: 1, msgtype: 'event', from: { userid: '' }, event };
    old.send(JSON.stringify({ cmd: 'aibot_event_callback', headers: { req_id: `req-${next()}` }, body }));
    setTimeout(() => old.terminate(), 2000).unref();
  }

  /** Gives the body of the answer, where it has one. */
  function perform(socket: WebSocket, frame: Frame, fault: BotFaultKind | undefined): object | void {
    if (fault?.kind === 'error') throw new Refused(fault.code, 'as it was told');
    if (frame.cmd === 'aibot_subscribe') return subscribe(socket, frame.body);
    if (frame.cmd === 'ping') return;
    if (socket !== live) throw new Refused(846609, 'aibot websocket not subscribed');
    const upload = uploads.commands[frame.cmd];
    if (upload) return { body: upload(frame.body) };
    const run = commands[frame.cmd];
    if (!run) throw new Refused(40008, 'no such command');
    run(frame);
  }

  async function receive(socket: WebSocket, data: string): Promise<void> {
    const { cmd, headers, body } = json(JSON.parse(data));
    const frame: Frame = { cmd: text(cmd), request: text(json(headers)['req_id']), body: json(body) };
    calls.push(frame);
    const fault = due(frame.cmd);
    let answer: object = { errcode: 0, errmsg: 'ok' };
    if (fault?.kind !== 'unheard') {
      try {
        answer = { ...answer, ...perform(socket, frame, fault) };
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        refusals.push(error.code);
        answer = {
          errcode: error.code,
          errmsg: `${error.message}, hint: [1700000000], more info at https://open.work.weixin.qq.com`,
        };
      }
    }
    for (const wake of watching.splice(0)) wake();
    for (const chat of chats.values()) chat.changed();
    if (fault?.kind === 'late') await fault.until;
    if (fault?.kind !== 'lost' && fault?.kind !== 'unheard' && socket.readyState === 1)
      socket.send(JSON.stringify({ headers: { req_id: frame.request }, ...answer }));
  }

  const server = createServer((request, response) => media.serve(request, response));
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => {
      // Frames are text.
      receive(socket, (data as Buffer).toString('utf8')).catch((error: unknown) => {
        throw error;
      });
    });
    socket.on('close', () => {
      if (live === socket) live = undefined;
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = (server.address() as AddressInfo).port;
  const mediaBase = `http://127.0.0.1:${address}`;

  const unfinished = (userid: string): number =>
    [...requests.values()].filter((request) => request.kind === 'message' && request.userid === userid && !request.used).length;

  function person(userid: string) {
    const own = chatOf(userid, false);
    const envelope = (chat: FakeBotChat): object => ({
      msgid: `CAIQ${next()}`,
      aibotid: id,
      ...(chat.group ? { chatid: chat.id } : {}),
      chattype: chat.group ? 'group' : 'single',
      from: { userid },
      response_url: 'https://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code=RC',
    });
    /** A message of his; false when WeCom takes no more before the robot has answered. */
    function writes(chat: FakeBotChat, content: object, shown: string, toBot: boolean): boolean {
      chat.messages.push({
        byBot: false,
        look: { kind: 'text', text: shown, buttons: [] },
        looks: new Map(),
        task: '',
        by: userid,
      });
      if (!toBot) return false;
      if (unfinished(userid) >= 3) return false;
      chat.known = true;
      const request = callBack('aibot_msg_callback', { ...envelope(chat), ...content });
      requests.set(request, { kind: 'message', chat, userid, at: now(), used: false });
      return true;
    }
    const named = (chat: FakeBotChat, words: string): string => (chat.group ? `@${NAME} ${words}` : words);
    return {
      userid,
      chat: own,
      ref: `wecom-bot:${userid}`,
      /** Says something; in a group to the robot unless `at` is false. */
      says(
        words: string,
        { in: chat = own, at = true, quote }: { in?: FakeBotChat; at?: boolean; quote?: object } = {},
      ): boolean {
        const content = at ? named(chat, words) : words;
        return writes(chat, { msgtype: 'text', text: { content }, ...(quote ? { quote } : {}) }, content, !chat.group || at);
      },
      /** Says it aloud: WeCom sends the words. */
      speaks: (words: string): boolean => writes(own, { msgtype: 'voice', voice: { content: words } }, '[voice]', true),
      /** A bare photo. In groups the robot is told nothing of it. */
      shows: (bytes: Buffer, chat = own): boolean =>
        writes(chat, { msgtype: 'image', image: media.put(mediaBase, bytes) }, '[photo]', !chat.group),
      /** Words and photos in one message. */
      mixes: (words: string, photos: readonly Buffer[], chat = own): boolean =>
        writes(
          chat,
          {
            msgtype: 'mixed',
            mixed: {
              msg_item: [
                { msgtype: 'text', text: { content: named(chat, words) } },
                ...photos.map((bytes) => ({ msgtype: 'image', image: media.put(mediaBase, bytes) })),
              ],
            },
          },
          words,
          true,
        ),
      sendsFile: (bytes: Buffer): boolean => writes(own, { msgtype: 'file', file: media.put(mediaBase, bytes) }, '[file]', true),
      /** Sends a callback's content as it stands. */
      sends: (content: object, chat = own): boolean => writes(chat, content, '[something]', true),
      /** A photo to be quoted. */
      quoting: (bytes: Buffer): object => ({ msgtype: 'image', image: media.put(mediaBase, bytes) }),
      /** Comes into the chat for the first time today. */
      enters(): void {
        const request = callBack('aibot_event_callback', {
          ...envelope(own),
          create_time: Math.floor(now() / 1000),
          msgtype: 'event',
          event: { eventtype: 'enter_chat' },
        });
        requests.set(request, { kind: 'enter', chat: own, userid, at: now(), used: false });
      },
      /** Gives a message as this person sees it. */
      sees: (message: FakeBotMessage): Look => message.looks.get(userid) ?? message.look,
      /** Presses a button that he sees; the beginning of its label is enough. */
      presses(message: FakeBotMessage, label: string): void {
        const look = message.looks.get(userid) ?? message.look;
        const button = look.buttons.find((one) => one.label.startsWith(label));
        if (!button) throw new Error(`no button ${label} on: ${look.text}`);
        this.forges(message, button.key);
      },
      /** A press with a key of one's own. */
      forges(message: FakeBotMessage, key: string): void {
        const chat = [...chats.values()].find((one) => one.messages.includes(message)) ?? own;
        const request = callBack('aibot_event_callback', {
          ...envelope(chat),
          create_time: Math.floor(now() / 1000),
          msgtype: 'event',
          event: {
            eventtype: 'template_card_event',
            template_card_event: { card_type: 'button_interaction', event_key: key, task_id: message.task },
          },
        });
        requests.set(request, { kind: 'press', chat, userid, at: now(), task: message.task, used: false });
      },
      /** He is no longer to be reached. */
      leaves(): void {
        own.open = false;
        own.known = false;
        for (const [request, { chat }] of requests) if (chat === own) requests.delete(request);
      },
    };
  }

  return {
    id,
    secret,
    wsUrl: `ws://127.0.0.1:${address}`,
    /** Address of the media, and the port for another start. */
    mediaBase,
    port: address,
    media,
    calls,
    /** Each login, and whether it was right. */
    logins,
    /** The errcodes that commands were answered with. */
    refusals,
    told: (): number => told,
    lost: (): number => lost,
    connected: (): boolean => live !== undefined,
    connections: (): number => sockets.clients.size,
    person,
    group: (chat: string): FakeBotChat => chatOf(chat, true),
    /** The next command of this kind goes wrong. */
    fault: (cmd: string, fault: BotFaultKind): void => void faults.push({ cmd, fault }),
    /** The latest callback once more, in a frame of its own. */
    repeat(): void {
      if (!latest) return;
      const before = [...requests.values()].at(-1)!;
      const request = callBack(latest.cmd, latest.body);
      requests.set(request, { ...before, used: true });
    },
    /** A raw frame to the connection. */
    tell: (frame: string): void => live?.send(frame),
    /** Another program connects with the same id and secret. */
    kick(): void {
      if (live) replace(live);
      live = undefined;
    },
    /** The network breaks. */
    drop(): void {
      for (const socket of sockets.clients) socket.terminate();
    },
    /** The service forgets who is there, without a word. */
    forget: (): void => void (live = undefined),
    /** Resolves as soon as a command has come for which this holds. */
    async heard(wanted: (frame: Frame) => boolean): Promise<Frame> {
      for (;;) {
        const found = calls.find(wanted);
        if (found) return found;
        await new Promise<void>((resolve) => {
          watching.push(resolve);
        });
      }
    },
    async close(): Promise<void> {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
