/**
 * A fake Douyin, 抖音来客: an HTTP server on loopback.
 *
 *     const douyin = await startDouyin({ now });
 *     const code = douyin.books.coupon({ original: 6800 });  // a coupon that customers may show
 *     const [one, two] = douyin.books.order(2);              // an order of two
 *     douyin.fail('verify', { kind: 'reset' });              // applied, but the answer is lost
 *     douyin.tokens.end();                                   // another set-up of the same key fetched a token
 *     douyin.books.used(code);                               // every use that really happened
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { createCalls } from './douyin/calls.ts';
import { arrived, type Arrival, type CallName } from './douyin/requests.ts';
import { createBooks } from './douyin/state.ts';
import { createTokens } from './douyin/tokens.ts';
import { answer, createFaults } from './faults.ts';
import { honestLists, type Lists } from './lies.ts';

export { ACCOUNT, type DouyinFault } from './douyin/calls.ts';
export type { Arrival, CallName } from './douyin/requests.ts';
export { APP } from './douyin/tokens.ts';

export type FakeDouyin = Awaited<ReturnType<typeof startDouyin>>;

export async function startDouyin({ now = Date.now }: { readonly now?: () => number } = {}) {
  const books = createBooks(now);
  const tokens = createTokens(now);
  const faults = createFaults<CallName, 'used' | 'result'>();
  const arrivals: Arrival[] = [];
  const lists: Lists = { ...honestLists(), order: 'oldest' };
  const { told, prepared, used, scanned } = createCalls(books, tokens, lists, now);

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const arrival = await arrived(request, new URL(request.url ?? '/', 'http://localhost'));
    if (!arrival) return void response.writeHead(404).end('<html>404</html>');
    arrivals.push(arrival);
    const fault = faults.due(arrival.call);
    if (fault?.heldMs !== undefined) await pause(fault.heldMs);
    answer(request, response, told(arrival, fault), fault);
  };

  const server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    books,
    tokens,
    used,
    scanned,
    prepared,
    arrivals,
    /** What lists show, and when; tests change it at run time. */
    lists,
    fail: faults.fail,
    forgetFaults: faults.forgetFaults,
    asked: (call: CallName): readonly Arrival[] => arrivals.filter((past) => past.call === call),
    async close(): Promise<void> {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
