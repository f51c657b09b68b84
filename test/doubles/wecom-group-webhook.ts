/**
 * A fake of WeCom's group webhooks: an HTTP server on loopback that accepts and refuses as the real one does.
 *
 *     const wecom = await startRobots();
 *     const group = wecom.group();            // a group with a robot in it
 *     group.address                           // the address that its owner copies
 *     group.messages                          // the group's messages, with their markup
 *     group.removed = true                    // its robot is gone: 93000
 *     group.fail({ kind: 'reset', after: true })   // the next message arrives, its answer does not
 */
import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isPicture } from './multipart.ts';
import { takeUpload, type FakeMedia } from './wecom/media.ts';

/** A fault of one message. `none`: nothing yet. `reset`: the connection breaks, before or after the message was accepted. */
export type RobotFault =
  | { readonly kind: 'none' }
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'reset'; readonly after: boolean };

export interface FakeGroupMessage {
  readonly text: string;
  readonly picture?: Buffer;
  readonly file?: FakeMedia;
}

export interface FakeGroup {
  readonly key: string;
  readonly address: string;
  /** The words that stand there. */
  readonly messages: readonly string[];
  /** Everything that stands there, pictures and files too. */
  readonly shown: readonly FakeGroupMessage[];
  removed: boolean;
  /** A test sets this: neither pictures nor files are taken. */
  wordsOnly: boolean;
  fail(fault: RobotFault): void;
}

const LIMITS: Readonly<Record<string, number>> = { text: 2048, markdown: 4096, markdown_v2: 4096 };
const PER_MINUTE = 20;
const MINUTE_MS = 60_000;

export type FakeRobots = Awaited<ReturnType<typeof startRobots>>;

export async function startRobots({ now = Date.now }: { now?: () => number } = {}) {
  const groups = new Map<string, Inside>();
  const media = new Map<string, FakeMedia & { readonly key: string; readonly until: number }>();
  /** Every request's path and key, known or not. */
  const requests: string[] = [];

  /** Renders a message, or gives the errcode that refuses it. */
  const read = (group: FakeGroup, body: unknown): FakeGroupMessage | number => {
    if (typeof body !== 'object' || body === null || !('msgtype' in body)) return 40008;
    const type = String(body.msgtype);
    const part: unknown = Object.entries(body).find(([name]) => name === type)?.[1];
    const field = (name: string): unknown =>
      typeof part === 'object' && part !== null ? Object.entries(part).find(([key]) => key === name)?.[1] : undefined;
    if (type === 'image' || type === 'file') {
      if (group.wordsOnly) return 40008;
      if (type === 'image') return picture(field('base64'), field('md5'));
      const file = media.get(String(field('media_id')));
      return file && file.key === group.key && file.until > now() ? { text: '', file } : 40007;
    }
    const limit = LIMITS[type];
    if (limit === undefined) return 40008;
    const content = field('content');
    if (typeof content !== 'string') return 40058;
    if (content === '') return 44004;
    return Buffer.byteLength(content) > limit ? 40058 : { text: content };
  };

  const judge = (group: Inside, body: unknown): number => {
    const message = read(group, body);
    if (typeof message === 'number') return message;
    while (group.sent.length > 0 && group.sent[0]! <= now() - MINUTE_MS) group.sent.shift();
    if (group.sent.length >= PER_MINUTE) return 45009;
    group.sent.push(now());
    group.shown.push(message);
    return 0;
  };

  const upload = (group: Inside, kind: string, type: string, body: Buffer): number | { media_id: string } => {
    if (group.wordsOnly || !['file', 'voice'].includes(kind)) return 40004;
    const taken = takeUpload(kind, type, body);
    if (typeof taken === 'number') return taken;
    const id = `media-${media.size + 1}`;
    media.set(id, { ...taken, key: group.key, until: now() + 3 * 86_400_000 });
    return { media_id: id };
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', 'http://loopback');
    requests.push(url.pathname + url.search);
    const answer = (errcode: number, facts: object = {}): void => {
      const errmsg = { 0: 'ok', 93000: 'invalid webhook url', 45009: 'api freq out of limit' }[errcode] ?? 'refused';
      response.setHeader('content-type', 'application/json; charset=UTF-8');
      response.end(
        JSON.stringify({
          errcode,
          errmsg: errcode === 0 ? errmsg : `${errmsg}, hint: [1700000000], from ip: 1.2.3.4`,
          ...facts,
        }),
      );
    };
    const uploads = url.pathname === '/cgi-bin/webhook/upload_media';
    if (request.method !== 'POST' || !(uploads || url.pathname === '/cgi-bin/webhook/send'))
      return void response.writeHead(404).end();
    const group = groups.get(url.searchParams.get('key') ?? '');
    if (!group || group.removed) return answer(93000);
    const fault = group.faults.shift();
    if (fault?.kind === 'code') return answer(fault.code);
    if (fault?.kind === 'reset' && !fault.after) return void request.socket.resetAndDestroy();
    const body = Buffer.concat(chunks);
    const done = uploads
      ? upload(group, url.searchParams.get('type') ?? '', request.headers['content-type'] ?? '', body)
      : judge(group, parse(body.toString('utf8')));
    if (fault?.kind === 'reset') return void request.socket.resetAndDestroy();
    if (typeof done === 'number') answer(done);
    else answer(0, { type: 'file', ...done, created_at: String(Math.floor(now() / 1000)) });
  };

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  return {
    url,
    requests,
    group(): FakeGroup {
      const key = randomUUID();
      const faults: RobotFault[] = [];
      const shown: FakeGroupMessage[] = [];
      const group: Inside = {
        key,
        address: `${url}/cgi-bin/webhook/send?key=${key}`,
        get messages() {
          return shown.filter(({ text }) => text !== '').map(({ text }) => text);
        },
        shown,
        removed: false,
        wordsOnly: false,
        sent: [],
        faults,
        fail: (fault: RobotFault) => void faults.push(fault),
      };
      groups.set(key, group);
      return group;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Inside extends FakeGroup {
  readonly shown: FakeGroupMessage[];
  readonly sent: number[];
  readonly faults: RobotFault[];
}

/** Of a picture in a message, 2 MB before it became base64. */
const MOST_PICTURE = 2_097_152;

function picture(base64: unknown, md5: unknown): FakeGroupMessage | number {
  const bytes = Buffer.from(typeof base64 === 'string' ? base64 : '', 'base64');
  if (bytes.length > MOST_PICTURE) return 40009;
  if (createHash('md5').update(bytes).digest('hex') !== md5) return 301019;
  return isPicture(bytes) ? { text: '', picture: bytes } : 40005;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
