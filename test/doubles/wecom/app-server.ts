/** HTTP server of the fake WeCom: tokens, trusted addresses, errcodes with their usual suffix, ordered faults. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A fault of one call. `reset`: the connection breaks, before or after the call was taken. `held`: it is taken only then. `answer`: it is not taken, and this is said. */
export type AppFault =
  | { readonly kind: 'code'; readonly code: number; readonly message?: string }
  | { readonly kind: 'answer'; readonly json: object }
  | { readonly kind: 'reset'; readonly after: boolean }
  | { readonly kind: 'held'; readonly until: Promise<unknown> }
  | { readonly kind: 'page'; readonly status: number };

/** One call as its method sees it. */
export interface Asked {
  readonly query: URLSearchParams;
  readonly json: unknown;
  readonly body: Buffer;
  readonly type: string;
}
/** An errcode, an answer, or a file. */
export type Answered = number | object | { readonly file: Buffer; readonly type: string };

const WORDS: Readonly<Record<number, string>> = {
  [-1]: 'system busy',
  40001: 'invalid credential',
  40007: 'invalid media_id',
  40013: 'invalid corpid',
  40014: 'invalid access_token',
  41001: 'access_token missing',
  42001: 'access_token expired',
  45009: 'api freq out of limit',
  60020: 'not allow to access from your ip',
  81013: 'user & party & tag all invalid',
};

/** The address that WeCom says we came from. */
export const SEEN_IP = '203.0.113.7';

const words = (code: number, message = WORDS[code] ?? 'refused'): object => ({
  errcode: code,
  errmsg: `${message}, hint: [1700000000123456789], from ip: ${SEEN_IP}, more info at https://open.work.weixin.qq.com/devtool/query?e=${code}`,
});

export async function listen(options: {
  readonly methods: Readonly<Record<string, (asked: Asked) => Answered>>;
  /** 0, or why the call may not be made: the token, the address. */
  readonly admit: (path: string, asked: Asked) => number;
  readonly called: (path: string) => AppFault | undefined;
}): Promise<{ base: string; close(): Promise<void> }> {
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://loopback');
    const path = url.pathname.replace(/^\/cgi-bin/, '');
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const type = request.headers['content-type'] ?? '';
    const asked = {
      query: url.searchParams,
      json: type.includes('json') ? JSON.parse(body.toString('utf8')) : undefined,
      body,
      type,
    };
    const method = options.methods[path];
    if (!method || !url.pathname.startsWith('/cgi-bin/')) return void response.writeHead(404).end();
    const fault = options.called(path);
    if (fault?.kind === 'held') await fault.until;
    if (fault?.kind === 'reset' && !fault.after) return void request.socket.resetAndDestroy();
    if (fault?.kind === 'page') return void response.writeHead(fault.status, { 'content-type': 'text/html' }).end('<html>');
    const refused = options.admit(path, asked);
    const answer =
      fault?.kind === 'answer'
        ? fault.json
        : fault?.kind === 'code'
          ? words(fault.code, fault.message)
          : refused === 0
            ? method(asked)
            : words(refused);
    if (fault?.kind === 'reset') return void request.socket.resetAndDestroy();
    if (typeof answer === 'object' && 'file' in answer && 'type' in answer) {
      const file = answer as { file: Buffer; type: string };
      return void response.writeHead(200, { 'content-type': file.type }).end(file.file);
    }
    const json = typeof answer === 'number' ? (answer === 0 ? {} : words(answer)) : answer;
    response.setHeader('content-type', 'application/json; charset=UTF-8');
    response.end(JSON.stringify({ errcode: 0, errmsg: 'ok', ...json }));
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (!response.headersSent) response.writeHead(500).end(`double: ${String(error)}`);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
