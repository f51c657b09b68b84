/** HTTP server of the fake Telegram: routes methods, applies faults, answers as Telegram does. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readForm } from '../multipart.ts';
import { Refused, type Fault } from './answers.ts';
import { METHODS, type Payload, type Scene } from './methods.ts';

interface Answer {
  readonly ok: boolean;
  readonly result?: unknown;
  readonly error_code?: number;
  readonly description?: string;
  readonly parameters?: object;
}

/** Listens on loopback, on a port of its own. `called` hears of each call and says what is to go wrong with it. */
export async function listen(options: {
  readonly token: string;
  readonly scene: Scene;
  readonly called: (method: string, payload: Payload) => Fault | undefined;
}): Promise<{ root: string; close(): Promise<void> }> {
  const { token, scene, called } = options;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://loopback');
    const [, file, sent, rest = ''] = /^\/(file\/)?bot([^/]+)\/(.+)$/.exec(url.pathname) ?? [];
    if (sent !== token) return reply(response, 401, { ok: false, error_code: 401, description: 'Unauthorized' });
    if (file) {
      const bytes = scene.files.get(rest.replace(/^photos\//, ''));
      return bytes ? void response.end(bytes) : reply(response, 404, { ok: false, error_code: 404, description: 'Not Found' });
    }
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    const payload = await readPayload(request, url);
    const fault = called(rest, payload);
    if (fault?.kind === 'delay') await fault.until;
    if (fault?.kind === 'page') return void response.writeHead(fault.status, { 'content-type': 'text/html' }).end('<html>');
    if (fault?.kind === 'reset' && !fault.applied) return void request.socket.resetAndDestroy();
    const answer = await perform(rest, payload, gone.signal, fault);
    if (fault?.kind === 'reset') return void request.socket.resetAndDestroy();
    reply(response, answer.error_code ?? 200, answer);
  }

  async function perform(method: string, payload: Payload, gone: AbortSignal, fault: Fault | undefined): Promise<Answer> {
    try {
      if (fault?.kind === 'error') throw new Refused(fault.code, fault.description ?? '', fault.parameters);
      if (fault?.kind === 'flood') {
        throw new Refused(429, `Too Many Requests: retry after ${fault.retryAfter}`, { retry_after: fault.retryAfter });
      }
      const run = METHODS[method];
      if (!run) throw new Refused(404, 'Not Found: method not found');
      return { ok: true, result: await run(scene, payload, gone) };
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return {
        ok: false,
        error_code: error.code,
        ...(error.message !== '' && { description: error.message }),
        ...(error.parameters && { parameters: error.parameters }),
      };
    }
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (!response.headersSent) reply(response, 500, { ok: false, error_code: 500, description: `double: ${String(error)}` });
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    root: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function readPayload(request: IncomingMessage, url: URL): Promise<Payload> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const type = request.headers['content-type'] ?? '';
  if (type.startsWith('multipart/')) {
    const form = readForm(body, type) ?? [];
    return unattached(
      Object.fromEntries(form.map((part) => [part.name, part.filename === undefined ? part.bytes.toString('utf8') : part])),
    );
  }
  return { ...Object.fromEntries(url.searchParams), ...(body.length > 0 ? (JSON.parse(body.toString('utf8')) as object) : {}) };
}

/** Uploads are named in one field and attached in another: `photo: attach://x`. */
function unattached(form: Record<string, unknown>): Payload {
  return Object.fromEntries(
    Object.entries(form).map(([name, value]) => [
      name,
      typeof value === 'string' && value.startsWith('attach://') ? form[value.slice('attach://'.length)] : value,
    ]),
  );
}
