/** Parses requests to the fake Douyin: the call, its query and its body. */
import type { IncomingMessage } from 'node:http';
import { parseJson } from '../../../services/platforms/json-http.ts';
import { isRecord, type Fields } from '../../../services/fields.ts';

const PATHS = {
  '/oauth/client_token/': 'client_token',
  '/oauth/stable_client_token/': 'stable_client_token',
  '/goodlife/v1/fulfilment/certificate/prepare/': 'prepare',
  '/goodlife/v1/fulfilment/certificate/verify/': 'verify',
  '/goodlife/v1/fulfilment/certificate/cancel/': 'cancel',
  '/goodlife/v1/fulfilment/certificate/query/': 'query',
  '/goodlife/v1/fulfilment/certificate/verify_record/query/': 'records',
  '/goodlife/v1/shop/poi/query/': 'shops',
  '/goodlife/v1/goods/product/online/query/': 'goods',
} as const;
export type CallName = (typeof PATHS)[keyof typeof PATHS];
/** The calls that change something, and so are posted, as the tokens are. */
const POSTS: ReadonlySet<CallName> = new Set(['client_token', 'stable_client_token', 'verify', 'cancel']);

/** A request as it arrived. */
export interface Arrival {
  readonly call: CallName;
  readonly token: string;
  readonly query: URLSearchParams;
  readonly search: string;
  readonly body: Fields;
}

/** Reads a request by the name of its call; nothing for what is no call, or comes in the wrong way. */
export function readArrival(url: URL, method: string | undefined, token: unknown, text: string): Arrival | undefined {
  const call = Object.hasOwn(PATHS, url.pathname) ? PATHS[url.pathname as keyof typeof PATHS] : undefined;
  const posted = method === 'POST';
  if (!call || posted !== POSTS.has(call)) return undefined;
  const body: unknown = posted ? parseJson(text) : {};
  return {
    call,
    token: typeof token === 'string' ? token : '',
    query: url.searchParams,
    search: url.search,
    body: isRecord(body) ? body : {},
  };
}

export async function arrived(request: IncomingMessage, url: URL): Promise<Arrival | undefined> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return readArrival(url, request.method, request.headers['access-token'], Buffer.concat(chunks).toString('utf8'));
}
