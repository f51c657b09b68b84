/** Parses requests to the fake Meituan: the call, its dialect, and its fields by name. */
import type { IncomingMessage } from 'node:http';
import type { DialectName } from './authorisation.ts';

const CALLS = [
  'token',
  'refresh',
  'scope',
  'prepare',
  'scanprepare',
  'consume',
  'getconsumed',
  'reverseconsume',
  'querylistbydate',
  'queryshopdeal',
] as const;
export type CallName = (typeof CALLS)[number];
/** A request as it arrived. */
export interface Arrival {
  readonly dialect: DialectName;
  readonly call: CallName;
  readonly method: string;
  /** The form, or the query. */
  readonly parameters: URLSearchParams;
  readonly raw: string;
}

const MEITUAN = /^\/(?:ddzh\/tuangou\/(?:receipt|deal)|oauth)\/(\w+)$/;
const DIANPING = /^(?:\/router\/(?:tuangou\/receipt|oauth|oauth\/session)|\/tuangou\/deal)\/(\w+)$/;
/** Calls whose parameters 北极星 also takes from a query. */
const BY_QUERY: readonly CallName[] = ['scope', 'getconsumed', 'querylistbydate', 'queryshopdeal'];

/** A request by the name of its call, with its parameters; nothing for what is no call, or comes in the wrong way. */
export async function arrived(request: IncomingMessage, url: URL): Promise<Arrival | undefined> {
  const { method = 'GET' } = request;
  const dialect: DialectName = MEITUAN.test(url.pathname) ? 'meituan' : 'dianping';
  const [, path = ''] = (dialect === 'meituan' ? MEITUAN : DIANPING).exec(url.pathname) ?? [];
  const call = CALLS.find((name) => name === path);
  if (!call) return undefined;
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString('utf8');
  const form = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') ?? false;
  const raw = method === 'GET' && dialect === 'dianping' && BY_QUERY.includes(call) ? url.search.slice(1) : body;
  if (raw === body && (method !== 'POST' || !form)) return undefined;
  return { dialect, call, method, parameters: new URLSearchParams(raw), raw };
}

/** Reads a field by its name in one dialect or the other; empty where it is missing. */
export function fieldsOf({ dialect, parameters }: Arrival) {
  const biz = dialect === 'meituan' ? (JSON.parse(parameters.get('biz') ?? '{}') as Record<string, unknown>) : {};
  return (...names: readonly string[]): string => {
    const found = names
      .map((name) => (dialect === 'meituan' ? biz[name] : parameters.get(name)))
      .find((value) => value !== undefined && value !== null);
    return typeof found === 'string' || typeof found === 'number' ? String(found) : '';
  };
}
