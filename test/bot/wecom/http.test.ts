/** One request to WeCom: a failure says whether it may have had its effect, and nothing secret. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { WecomFault } from '../../../bot/wecom/fault.ts';
import { createWecomHttp } from '../../../bot/wecom/http.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});
async function serve(answer: RequestListener): Promise<string> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function faultOf(method: 'GET' | 'POST', base: string, timeoutMs = 10_000): Promise<WecomFault> {
  const url = new URL(`${base}/cgi-bin/message/send?access_token=SECRET`);
  const asked = createWecomHttp({ timeoutMs })({ method, url, maxBytes: 1_000 }, 'message/send');
  const error: unknown = await asked.catch((thrown: unknown) => thrown);
  if (!(error instanceof WecomFault)) throw new Error('expected a fault', { cause: error });
  expect(`${error.stack} ${String(error.cause)}`).not.toContain('SECRET');
  return error;
}

describe('a message that was certainly not sent', () => {
  test('where nobody listens', async () => {
    expect(await faultOf('POST', 'http://127.0.0.1:1')).toMatchObject({ outcome: 'not-done' });
  });

  test('where the other side does not speak TLS', async () => {
    const base = await serve((_, response) => response.end('{}'));
    expect(await faultOf('POST', base.replace('http:', 'https:'))).toMatchObject({ outcome: 'not-done' });
  });
});

const LOSSES: readonly (readonly [string, RequestListener])[] = [
  ['HTTP 502', (_, response) => response.writeHead(502).end('<html>')],
  ['a redirect', (_, response) => response.writeHead(302, { location: '/' }).end()],
  ['a compressed answer', (_, response) => response.writeHead(200, { 'content-encoding': 'br' }).end('{}')],
  ['too long an answer', (_, response) => response.end('x'.repeat(1_001))],
  ['a reset', (request) => request.socket.resetAndDestroy()],
];

test.each(LOSSES)('a message may have been sent after %s; a read did nothing', async (_, answer) => {
  const base = await serve(answer);
  expect(await faultOf('POST', base)).toMatchObject({ outcome: 'unknown' });
  expect(await faultOf('GET', base)).toMatchObject({ outcome: 'not-done' });
});

test('a message may have been sent when no answer comes in time', async () => {
  const base = await serve(() => undefined);
  expect(await faultOf('POST', base, 100)).toMatchObject({ outcome: 'unknown' });
});
