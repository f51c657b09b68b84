/** umember's envelope: `{code, msg, data, count, date_time}`, HTTP 200 for yes and no alike. */
import { isRecord, textOf } from '../../fields.ts';
import { meaningOf } from '../phrases.ts';
import { PlatformFault } from '../platform.ts';
import type { JsonHttp } from '../json-http.ts';

export interface Envelope {
  /** True where `code` is the number 10000. Any other code is a no; no list of codes was ever published. */
  readonly success: boolean;
  readonly code: string;
  /** `msg`: the reason of a no. Its spelling of "success" varies. */
  readonly words: string;
  /** Undefined also in some yeses. */
  readonly data: unknown;
  /** `date_time`, the platform's clock, as text in China's time. */
  readonly time: unknown;
}

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly token?: string;
  readonly body?: string;
  readonly writes: boolean;
}

/** Makes a call. A refused token is a fault `unauthorised`, `not-done`: the gateway checks it before anything else. */
export async function call(http: JsonHttp, { method, url, token, body, writes }: Call): Promise<Envelope> {
  // The token stands alone, without "Bearer"; reads carry a content type too.
  const headers = { 'content-type': 'application/json', ...(token === undefined ? {} : { authorization: token }) };
  const { status, json } = await http({ method, url, headers, writes, ...(body === undefined ? {} : { body }) });
  const code = isRecord(json) ? json['code'] : undefined;
  const good = status >= 200 && status < 300;
  if (!isRecord(json) || typeof code !== 'number' || (!good && code === 10_000)) {
    throw new PlatformFault('nonsense', writes ? 'unknown' : 'not-done', `not an envelope (HTTP ${status})`);
  }
  const success = code === 10_000;
  const words = textOf(json['msg']) ?? '';
  if (!success && token !== undefined && loginIsOver(code, words, writes)) {
    throw new PlatformFault('unauthorised', 'not-done', `the login is refused (code ${code})`);
  }
  return { success, code: String(code), words, data: json['data'], time: json['date_time'] };
}

/**
 * Whether the gateway refuses the token. Undocumented: it may use HTTP's numbers, or words about tokens and logins. A write is
 * repeated afterwards, so a write's words must say that and nothing else.
 */
function loginIsOver(code: number, words: string, writes: boolean): boolean {
  if (code === 401 || code === 403 || meaningOf(words) === 'unauthorised') return true;
  return !writes && /token|登录|登陆|未认证|认证失败|unauthori/i.test(words);
}
