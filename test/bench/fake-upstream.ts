/**
 * All that a bot talks to, as cheap as can be: Telegram's Bot API, the poster of its updates, and umember's two calls, in one
 * server that takes the times. Chat, person, store and coupon number `n` belong together; at most one update of each is out.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Pool } from 'undici';

/** One update and what the bot made of it. */
export interface Answered {
  /** ms from posting the update to the arrival of the message that answers it, less what the platform took. */
  readonly ownMs: number;
  /** What the message's first button holds, and the message's number. */
  readonly button: string;
  readonly message: number;
}

export interface FakeUpstream {
  readonly url: string;
  /** How long the platform thinks from now on. */
  think(ms: number): void;
  /** The bot with this token has said where it listens. */
  ready(token: string): Promise<void>;
  /** Posts coupon `n` as a message; resolves when the card is there. */
  send(token: string, n: number): Promise<Answered>;
  /** Posts a press on a card; resolves when the card says 核销成功. */
  press(token: string, n: number, card: Answered): Promise<Answered>;
  close(): Promise<void>;
}

/** Ten digits that read as a coupon's code. */
export const codeOf = (n: number): string => String(3_300_000_000 + n);
const numberOf = (code: string): number => Number(code) - 3_300_000_000;
/** Telegram's number of chat and person `n`. */
export const chatOf = (n: number): number => 700_000_000 + n;

interface Webhook {
  readonly pool: Pool;
  readonly path: string;
  readonly secret: string;
}

interface Pending {
  readonly postedAt: number;
  /** Until a message holds this, it is not the answer. */
  readonly until: string;
  platformMs: number;
  readonly answered: (answer: Answered) => void;
}

/** An update that is not answered by then is lost, and the measurement with it. */
const LOST_MS = 30_000;

export async function startFakeUpstream(): Promise<FakeUpstream> {
  const webhooks = new Map<string, Webhook>();
  const pending = new Map<number, Pending>();
  let thinkMs = 0;
  let count = 0;

  const server = createServer((request, response) => {
    const at = performance.now();
    const path = request.url ?? '';
    const work = path.startsWith('/bot') ? botApi(path, at, request, response) : platform(path, at, request, response);
    work.catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  // While one bot is measured the other is silent: its connections must not be closed at the moment when its turn comes.
  server.keepAliveTimeout = 0;

  async function botApi(path: string, at: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, token = '', method = ''] = /^\/bot([^/]+)\/(\w+)/.exec(path) ?? [];
    const text = await bodyOf(request);
    const call = (text ? JSON.parse(text) : {}) as Record<string, string | number | undefined>;
    if (method === 'sendMessage' || method === 'editMessageText') {
      const message = {
        message_id: call['message_id'] ?? ++count,
        date: 1_795_300_000,
        chat: { id: call['chat_id'], type: 'private' },
      };
      json(response, { ok: true, result: { ...message, text: call['text'] } });
      return arrived(call, Number(message.message_id), at);
    }
    if (method === 'setWebhook') {
      const { origin, pathname } = new URL(String(call['url']));
      webhooks.set(token, { pool: new Pool(origin, { connections: 128 }), path: pathname, secret: String(call['secret_token']) });
    }
    json(response, { ok: true, result: method === 'getMe' ? ME : true });
  }

  function arrived(call: Record<string, unknown>, message: number, at: number): void {
    const n = Number(call['chat_id']) - chatOf(0);
    const waiting = pending.get(n);
    if (!waiting || !String(call['text']).includes(waiting.until)) return;
    pending.delete(n);
    const keyboard = (call['reply_markup'] as { inline_keyboard?: { callback_data: string }[][] } | undefined)?.inline_keyboard;
    const button = keyboard?.[0]?.[0]?.callback_data ?? '';
    waiting.answered({ ownMs: at - waiting.postedAt - waiting.platformMs, button, message });
  }

  async function platform(path: string, at: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const verify = request.method === 'POST';
    const code = /coupon_code"?[=:]"?(\d+)/.exec(verify ? await bodyOf(request) : path)?.[1] ?? '';
    if (thinkMs > 0) await pause(thinkMs);
    const waiting = pending.get(numberOf(code));
    if (waiting) waiting.platformMs += performance.now() - at;
    json(response, verify ? VERIFIED : DETAIL);
  }

  const post = (token: string, n: number, until: string, update: object): Promise<Answered> =>
    new Promise((resolve, reject) => {
      const { pool, path, secret } = webhooks.get(token)!;
      const late = setTimeout(() => reject(new Error(`update ${n} was not answered within ${LOST_MS / 1000} s`)), LOST_MS);
      const body = JSON.stringify({ update_id: ++count, ...update });
      const answered = (answer: Answered): void => {
        clearTimeout(late);
        resolve(answer);
      };
      pending.set(n, { postedAt: performance.now(), until, platformMs: 0, answered });
      pool
        .request({
          path,
          method: 'POST',
          body,
          headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': secret },
        })
        .then((reply) => {
          if (reply.statusCode !== 200) throw new Error(`an update was refused: HTTP ${reply.statusCode}`);
          return reply.body.dump();
        })
        .catch(reject);
    });

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    think: (ms) => void (thinkMs = ms),
    async ready(token) {
      for (const end = Date.now() + LOST_MS; !webhooks.has(token); await pause(10)) {
        if (Date.now() > end) throw new Error('the bot does not start');
      }
    },
    send: (token, n) => post(token, n, codeOf(n), { message: { ...about(n, ++count), text: codeOf(n) } }),
    press: (token, n, { button, message }) =>
      post(token, n, '核销成功', {
        callback_query: { id: `press-${++count}`, from: FROM(n), chat_instance: '1', data: button, message: about(n, message) },
      }),
    async close() {
      await Promise.all([...webhooks.values()].map(({ pool }) => pool.destroy()));
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const FROM = (n: number) => ({ id: chatOf(n), is_bot: false, first_name: '小王', language_code: 'zh-hans' });
const about = (n: number, message: number) => ({
  message_id: message,
  date: Math.floor(Date.now() / 1000),
  chat: { id: chatOf(n), type: 'private', first_name: '小王' },
  from: FROM(n),
});

const ME = JSON.parse(
  '{"id":1,"is_bot":true,"first_name":"核销助手","username":"bench_bot","can_join_groups":true,"can_read_all_group_messages":false,"supports_inline_queries":false}',
) as object;
const envelope = (data: object) => ({ code: 10_000, msg: 'success', data, count: 1, date_time: '2026-11-22 12:00:00' });
const DETAIL = envelope({
  order_id: '4971997871483391234',
  sku_id: 1_206_941_234,
  sku_name: '开业特惠通用畅玩4小时[49.00元][1206941234]',
  status: '未使用',
});
const VERIFIED = envelope({ verify_success: true, verify_message: '验证成功' });

function json(response: ServerResponse, value: object): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(value));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
