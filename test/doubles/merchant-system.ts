/** A merchant's own system: an HTTP server on loopback that takes events, and answers as it is told. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  /** Byte for byte. */
  readonly body: string;
  readonly event: { readonly type: string; readonly timestamp: string; readonly data: Record<string, unknown> };
}

/** How it answers one request; `silent`: not at all, `lost`: it took the event, and the answer is lost. */
export type Answering =
  { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> } | 'silent' | 'lost';

export interface MerchantSystem {
  readonly url: string;
  /** Everything that arrived, oldest first. */
  readonly received: Received[];
  /** Answers of the next requests; afterwards `always`. */
  readonly next: Answering[];
  always: Answering;
  /** Decides on each answer instead, where it is set, and may take its time. */
  answer: ((received: Received) => Answering | Promise<Answering>) | undefined;
  /** Waits for so many events. */
  gets(count: number): Promise<readonly Received[]>;
  close(): Promise<void>;
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  decided: Answering | Promise<Answering>,
): Promise<void> {
  const answer = await decided;
  if (answer === 'lost') request.socket.destroy();
  else if (answer !== 'silent') response.writeHead(answer.status, answer.headers).end(answer.body ?? '');
}

export async function startMerchantSystem(): Promise<MerchantSystem> {
  const received: Received[] = [];
  const next: Answering[] = [];
  let waiting: { readonly count: number; readonly done: () => void }[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const one: Received = { headers: request.headers, body, event: JSON.parse(body) as Received['event'] };
      received.push(one);
      const decided = system.answer?.(one) ?? next.shift() ?? system.always;
      void respond(request, response, decided);
      for (const { count, done } of waiting) if (received.length >= count) done();
      waiting = waiting.filter(({ count }) => received.length < count);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const system: MerchantSystem = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=t0p`,
    received,
    next,
    always: { status: 204 },
    answer: undefined,
    async gets(count) {
      if (received.length < count) await new Promise<void>((done) => void waiting.push({ count, done }));
      return received;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return system;
}
