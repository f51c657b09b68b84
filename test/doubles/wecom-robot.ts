/**
 * Group webhooks without WeCom: an HTTP server on loopback that takes what the real one takes, and refuses what it refuses.
 *
 *     const wecom = await startRobots();
 *     const group = wecom.group();            // a group with a robot in it
 *     group.address                           // what its owner copies
 *     group.messages                          // what stands in the group, marks and all
 *     group.removed = true                    // its robot is gone: 93000
 *     group.fail({ kind: 'reset', after: true })   // the next message arrives, its answer does not
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What goes wrong with one message. `none`: nothing yet. `reset`: the connection breaks, before or after the message was taken. */
export type RobotFault =
  | { readonly kind: 'none' }
  | { readonly kind: 'code'; readonly code: number }
  | { readonly kind: 'reset'; readonly after: boolean };

export interface FakeGroup {
  readonly key: string;
  readonly address: string;
  readonly messages: string[];
  removed: boolean;
  fail(fault: RobotFault): void;
}

const LIMITS: Readonly<Record<string, number>> = { text: 2048, markdown: 4096, markdown_v2: 4096 };
const PER_MINUTE = 20;
const MINUTE_MS = 60_000;

export type FakeRobots = Awaited<ReturnType<typeof startRobots>>;

export async function startRobots({ now = Date.now }: { now?: () => number } = {}) {
  const groups = new Map<string, FakeGroup & { readonly sent: number[]; readonly faults: RobotFault[] }>();
  /** Every request's path and key, known or not. */
  const requests: string[] = [];

  const judge = (group: FakeGroup & { readonly sent: number[] }, body: unknown): number => {
    if (typeof body !== 'object' || body === null || !('msgtype' in body)) return 40008;
    const { msgtype } = body;
    const limit = LIMITS[String(msgtype)];
    if (limit === undefined) return 40008;
    const part: unknown = Object.entries(body).find(([name]) => name === msgtype)?.[1];
    const content = typeof part === 'object' && part !== null && 'content' in part ? part.content : undefined;
    if (typeof content !== 'string') return 40058;
    if (content === '') return 44004;
    if (Buffer.byteLength(content) > limit) return 40058;
    while (group.sent.length > 0 && group.sent[0]! <= now() - MINUTE_MS) group.sent.shift();
    if (group.sent.length >= PER_MINUTE) return 45009;
    group.sent.push(now());
    group.messages.push(content);
    return 0;
  };

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const url = new URL(request.url ?? '/', 'http://loopback');
    requests.push(url.pathname + url.search);
    const answer = (errcode: number): void => {
      const errmsg = { 0: 'ok', 93000: 'invalid webhook url', 45009: 'api freq out of limit' }[errcode] ?? 'refused';
      response.setHeader('content-type', 'application/json; charset=UTF-8');
      response.end(
        JSON.stringify({ errcode, errmsg: errcode === 0 ? errmsg : `${errmsg}, hint: [1700000000], from ip: 1.2.3.4` }),
      );
    };
    if (request.method !== 'POST' || url.pathname !== '/cgi-bin/webhook/send') return void response.writeHead(404).end();
    const group = groups.get(url.searchParams.get('key') ?? '');
    if (!group || group.removed) return answer(93000);
    const fault = group.faults.shift();
    if (fault?.kind === 'code') return answer(fault.code);
    if (fault?.kind === 'reset' && !fault.after) return void request.socket.resetAndDestroy();
    const code = judge(group, parse(Buffer.concat(chunks).toString('utf8')));
    if (fault?.kind === 'reset') return void request.socket.resetAndDestroy();
    answer(code);
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
      const group = {
        key,
        address: `${url}/cgi-bin/webhook/send?key=${key}`,
        messages: [],
        removed: false,
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
