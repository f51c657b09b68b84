/** Posts one event to an endpoint, signed as the Standard Webhooks specification says. */
import { Webhook } from 'standardwebhooks';
import { createHttp, HttpFault, type Http } from '../http.ts';
import { NOT_PUBLIC, publicConnector, type Resolve } from '../public-address.ts';

/** The timeout of one attempt, ms. */
export const ATTEMPT_MS = 5_000;
/** An answer's `message` counts within this time, ms: the customer is looking at the card. */
const MESSAGE_MS = 3_000;
const LONGEST_MESSAGE = 200;
/** Answers are read up to this size, bytes; a longer one counts by its status. */
const MOST_BYTES = 16_384;

/** How an attempt ended. */
export type Attempt =
  | { readonly kind: 'delivered'; readonly status: number; readonly message?: string }
  /** 410: the endpoint wants nothing more. */
  | { readonly kind: 'gone'; readonly status: number }
  /** `afterMs`: the answer asked for a pause. */
  | { readonly kind: 'failed'; readonly status?: number; readonly reason?: string; readonly afterMs?: number };

export interface Signed {
  readonly url: URL;
  /** The `webhook-id`, the same at every repeat. */
  readonly id: string;
  /** JSON, byte for byte as it is signed. */
  readonly body: string;
  /** `whsec_…`; each signs. */
  readonly secrets: readonly string[];
}

export type Post = (signed: Signed) => Promise<Attempt>;

export interface PostParts {
  readonly now: () => number;
  readonly monotonic: () => number;
  /** Endpoints may be in private and loopback networks (`WEBHOOK_PRIVATE`). */
  readonly privateToo?: boolean;
  /** Left out: a connection of its own, bounded in time and size, to public addresses unless `privateToo`. */
  readonly http?: Http;
  /** Only for tests of `publicOnly`. */
  readonly resolve?: Resolve;
}

export function createPost({ now, monotonic, privateToo = false, resolve, http: given }: PostParts): Post {
  const http: Http =
    given ??
    createHttp({
      timeoutMs: ATTEMPT_MS,
      maxBytes: MOST_BYTES,
      ...(privateToo ? {} : { connect: publicConnector(ATTEMPT_MS, resolve) }),
    });
  return async ({ url, id, body, secrets }) => {
    const at = new Date(now());
    const began = monotonic();
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Hexiao-Webhooks/1',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
    };
    try {
      const { status, headers: answered, bytes } = await http({ method: 'POST', url, headers, body });
      const judged = judge(status, answered['retry-after']);
      if (judged.kind !== 'delivered' || monotonic() - began > MESSAGE_MS) return judged;
      const message = messageIn(bytes);
      return message === undefined ? judged : { ...judged, message };
    } catch (error) {
      if (!(error instanceof HttpFault)) throw error;
      // A long or compressed answer is an answer.
      if (error.head && (error.kind === 'too-large' || error.kind === 'compressed')) return judge(error.head.status);
      return { kind: 'failed', reason: reasonOf(error) };
    }
  };
}

function judge(status: number, retryAfter?: string | readonly string[]): Attempt {
  if (status >= 200 && status <= 299) return { kind: 'delivered', status };
  if (status === 410) return { kind: 'gone', status };
  const seconds = typeof retryAfter === 'string' && /^\d{1,5}$/.test(retryAfter) ? Number(retryAfter) : undefined;
  return { kind: 'failed', status, ...(seconds !== undefined && { afterMs: seconds * 1000 }) };
}

/** The `message` of an answer in JSON, on one line. */
function messageIn(bytes: Buffer): string | undefined {
  try {
    const answer: unknown = JSON.parse(bytes.toString('utf8'));
    if (typeof answer !== 'object' || answer === null || !('message' in answer) || typeof answer.message !== 'string')
      return undefined;
    // Control and direction characters would change how the card reads.
    const line = answer.message
      .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
      .replace(/\s+/g, ' ')
      .trim();
    return line === '' || line.length > LONGEST_MESSAGE ? undefined : line;
  } catch {
    return undefined;
  }
}

const reasonOf = (fault: HttpFault): string =>
  fault.code === NOT_PUBLIC ? 'private-address' : fault.kind === 'timeout' ? 'timeout' : fault.code;

/** Why an address cannot be an endpoint. */
export type BadAddress = 'not-an-address' | 'https-only' | 'private-address' | 'credentials';

/** Reads an endpoint's address. Whether its host resolves to a public address is checked when it is connected to. */
export function readAddress(text: string, privateToo: boolean): URL | BadAddress {
  const url = text.length <= 2000 ? URL.parse(text) : null;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return 'not-an-address';
  if (url.protocol === 'http:' && !privateToo) return 'https-only';
  if (url.username !== '' || url.password !== '') return 'credentials';
  // A name without a dot is known in the own network only.
  if (!privateToo && !url.hostname.includes('.') && !url.hostname.startsWith('[')) return 'private-address';
  url.hash = '';
  return url;
}
