/** Douyin 来客 in memory: the books and answers of the tests' double, without HTTP. */
import type { HttpRequest } from '../../../services/http.ts';
import { signMessage } from '../../../services/platforms/douyin/signature.ts';
import { ACCOUNT, createCalls, type DouyinFault } from '../../doubles/douyin/calls.ts';
import { readArrival } from '../../doubles/douyin/requests.ts';
import { createBooks } from '../../doubles/douyin/state.ts';
import { APP, createTokens } from '../../doubles/douyin/tokens.ts';
import { honestLists } from '../../doubles/lies.ts';
import { json, PAGE, type Answer, type Arrival, type Gateway, type Lie } from './gateway.ts';

/** `shops`: the first is alone there, the second has Allinpay for the same coupons. */
export const DOUYIN = { host: 'douyin.test', account: ACCOUNT, shops: ['7160000000000000001', '7160000000000000003'] } as const;

/** How this Douyin is: whether a token can be asked for again, and what a used coupon gets. */
export interface DouyinKind {
  readonly stable: boolean;
  readonly used: 'empty' | number;
}

/** A message of Douyin's, as it is posted to the program. */
export interface Post {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

export interface DouyinGateway extends Gateway {
  /** What Douyin posts about a coupon. `id` is equal for all repeats. */
  message(code: string, action: 'verify' | 'refund_success', id: string): Post;
  /** Whoever bought it gets the money back. */
  refund(code: string): void;
  /** What its messages are about: its id, and whether it was refunded. */
  told(code: string): { readonly id: string; readonly refunded: boolean };
}

/** `happened` hears of every use, whoever's it is, and of refunds. */
export function createDouyinGateway(
  now: () => number,
  { stable, used }: DouyinKind,
  happened: (code: string, action: 'verify' | 'refund_success') => void,
): DouyinGateway {
  const books = createBooks(now);
  books.shops.push({ id: DOUYIN.shops[1], name: '光华店' });
  const tokens = { ...createTokens(now), stable };
  const { told, used: ofUsed } = createCalls(books, tokens, { ...honestLists(), order: 'oldest' }, now);
  ofUsed.code = used;
  const arrivals: Arrival[] = [];
  let noes = 0;

  const faultOf = (lie: Lie, call: string): DouyinFault | undefined => {
    switch (lie.kind) {
      case 'busy':
        return { kind: 'busy' };
      case 'no-data':
        // To an undo it is the whole yes.
        return call === 'cancel' ? undefined : { kind: 'no-data', applied: lie.applied };
      case 'words':
        // In the envelope, or in the result inside of a good one.
        return { kind: (noes += 1) % 2 === 0 ? 'no' : 'result', applied: lie.applied, words: lie.words ?? '' };
      case 'echo':
        return call === 'verify' ? { kind: 'used', applied: true } : undefined;
      case 'broken':
        return { kind: 'gateway', applied: lie.applied };
    }
  };

  const handle = ({ method = 'GET', url, headers = {}, body = '' }: HttpRequest, lie: Lie | undefined): Answer => {
    const arrival = readArrival(url, method, headers['access-token'], String(body));
    if (!arrival) return { status: 404, body: '<html>404</html>' };
    const { call, query, body: given } = arrival;
    const [sealed] = Array.isArray(given['encrypted_codes']) ? (given['encrypted_codes'] as string[]) : [];
    const code = query.get('code') ?? books.tickets.find((one) => one.sealed === sealed)?.code ?? '';
    arrivals.push({ at: now(), account: 'douyin', call, code, writes: call === 'verify' || call === 'cancel' });
    // A lie to somebody's question: another set-up with this key has fetched a token, which ends ours.
    if (lie?.kind === 'busy' && call === 'query') tokens.end();
    const uses = books.used(code).length;
    const answer = json(told(arrival, lie && faultOf(lie, call)));
    if (books.used(code).length > uses) happened(code, 'verify');
    return lie?.kind === 'broken' ? PAGE : answer;
  };

  return {
    host: DOUYIN.host,
    arrivals,
    handle,
    coupon: ({ yuan, shop, uses }) => {
      const fen = Math.round(Number(yuan) * 100);
      return books.coupon({
        original: fen,
        merchant: 0,
        platform: 0,
        shop,
        // A ladder: each use of a times card has a price of its own.
        amounts: uses > 1 ? Array.from({ length: uses }, (_, n) => fen + 100 * n) : [],
      });
    },
    useElsewhere: (code) => {
      if (books.wrongWith(books.find(code)) !== undefined) return;
      books.useElsewhere(code);
      happened(code, 'verify');
    },
    everUsed: (code) => books.used(code).some(({ type }) => type === 4),
    standing(code) {
      const ticket = books.find(code)!;
      const uses = books.standing(ticket);
      const ours = uses.filter(({ type }) => type === 4).length;
      return { ours, others: uses.length - ours, size: books.size(ticket) };
    },
    refund(code) {
      if (books.find(code)!.refunded) return;
      books.refund(code);
      happened(code, 'refund_success');
    },
    told: (code) => books.find(code)!,
    message(code, action, id) {
      const { order, id: coupon } = books.find(code)!;
      const certificate = { order_id: order, certificate_id: coupon, account_id: ACCOUNT, code: '' };
      const content = JSON.stringify({ action, msg_time: Math.floor(now() / 1000), certificate });
      const event = { event: 'life_trade_certificate_notify', client_key: APP.clientKey, from_user_id: '', content };
      const body = JSON.stringify(event);
      return { body, headers: { 'msg-id': id, 'x-douyin-signature': signMessage(APP.clientSecret, Buffer.from(body)) } };
    },
  };
}
