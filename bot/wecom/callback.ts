/** `GET|POST /wecom/callback`: receives, authenticates and decrypts WeCom's callbacks for the app and for 微信客服. */
import type { HttpBindings } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import type { Log } from '../../services/log.ts';
import { createBodies, type Bodies } from '../http/body.ts';
import type { Crypto, Envelope } from './crypto.ts';
import { readXml, textAt, type Fields } from './xml.ts';

/** A decrypted message or event. */
export interface Called {
  /** MsgType of a message (`text`, `image` …); of an event its name: `event:click`, `event:kf_msg_or_event`. */
  readonly kind: string;
  /** MsgId; empty for events. */
  readonly id: string;
  /** The member's UserID as WeCom spells it; empty for events without one (微信客服). */
  readonly from: string;
  /** ms by WeCom's clock, whole seconds. */
  readonly at: number;
  /** Gives any other field: `text('Content')`, `text('ScanCodeInfo', 'ScanResult')`; empty for a missing one. */
  text(...path: readonly string[]): string;
}

/**
 * Resolves once the event is stored, which acknowledges it. WeCom waits 5 s. A rejection leaves it unacknowledged, and WeCom
 * calls again.
 */
export type Listener = (called: Called) => Promise<void>;

export interface Callback {
  readonly routes: Hono;
  /** Registers one listener per kind, before the first call. Kinds without a listener are acknowledged and dropped. */
  on(kinds: readonly string[], listener: Listener): void;
}

/** Three times the longest call, a text of 2,048 bytes. WeCom documents no Content-Length. */
const LIMIT = { bytes: 16 * 1024, chunked: true } as const;
/** Matches the signed part of the body without parsing XML, which would let unauthenticated callers cost more. */
const SEALED = /<Encrypt>\s{0,8}(?:<!\[CDATA\[)?([A-Za-z0-9+/=]{44,16000})(?:\]\]>)?\s{0,8}<\/Encrypt>/;
/**
 * Oldest accepted timestamp: an older signed call, or one from the future, is a replay or a wrong clock. Retries come within
 * seconds.
 */
const AGE_MS = 10 * 60_000;

/** Answers 401 to a bad signature and 400 to a malformed call, without a body. Without a signature no body is read. */
export function createCallback({
  crypto,
  bodies = createBodies(),
  now,
  log,
}: {
  crypto: Crypto;
  bodies?: Bodies;
  now: () => number;
  log: Log;
}): Callback {
  const listeners = new Map<string, Listener>();

  /** Decrypts the text, or gives the status for the caller. */
  function open(signature: Signature, encrypt: string): string | 400 | 401 {
    if (!encrypt) return 400;
    if (!crypto.signed({ ...signature, encrypt })) return 401;
    const { timestamp } = signature;
    if (Math.abs(now() - Number(timestamp) * 1000) > AGE_MS) {
      log.warn('WeCom: a signed call is more than ten minutes off; is the clock of this machine right?');
      return 401;
    }
    const text = crypto.open(encrypt);
    if (text === undefined) log.warn('WeCom: a signed call cannot be opened; check WECOM_ENCODING_AES_KEY and WECOM_CORP_ID');
    return text ?? 400;
  }

  const routes = new Hono();
  routes.get('/wecom/callback', (c) => {
    const signature = signatureOf(c);
    // Base64 holds no spaces: a space was a plus sign.
    const echo = signature ? open(signature, (c.req.query('echostr') ?? '').replaceAll(' ', '+')) : 400;
    return typeof echo === 'string' ? c.text(echo) : c.body(null, echo);
  });
  routes.post('/wecom/callback', async (c) => {
    const signature = signatureOf(c);
    if (!signature) return c.body(null, 400);
    const answer = await bodies.take(c.req.raw, LIMIT, (body) => take(c, signature, Buffer.from(body).toString('utf8')));
    if (typeof answer !== 'number') return answer;
    return answer === 503 ? notTaken(c) : c.body(null, answer);
  });

  async function take(c: Context, signature: Signature, body: string): Promise<Response> {
    const encrypt = SEALED.exec(body)?.[1] ?? '';
    const inner = open(signature, encrypt);
    if (typeof inner !== 'string') return c.body(null, inner);
    const outer = readXml(body);
    if (!outer || textAt(outer, 'Encrypt').trim() !== encrypt) return c.body(null, 400);
    // Texts of people may hold null characters, which no database takes.
    const fields = readXml(inner.replaceAll('\0', ''));
    if (!fields) {
      log.warn('WeCom: a call makes no sense; it was dropped');
      return c.body(null, 400);
    }
    const called = read(fields);
    try {
      await listeners.get(called.kind)?.(called);
    } catch (error) {
      log.warn('WeCom: a call could not be stored; WeCom will call again', { error, kind: called.kind });
      return notTaken(c);
    }
    return c.body(null, 200);
  }

  return {
    routes,
    on(kinds, listener) {
      for (const kind of kinds) listeners.set(kind, listener);
    },
  };
}

type Signature = Omit<Envelope, 'encrypt'>;

/** Reads the signature from the address; undefined for a malformed one. */
function signatureOf(c: Context): Signature | undefined {
  const [signature, timestamp, nonce] = ['msg_signature', 'timestamp', 'nonce'].map((name) => c.req.query(name) ?? '');
  if (!signature || !timestamp || !nonce || !/^\d{10}$/.test(timestamp)) return undefined;
  return { signature, timestamp, nonce };
}

function read(fields: Fields): Called {
  const text = (...path: readonly string[]): string => textAt(fields, ...path);
  const type = text('MsgType');
  return {
    // `CLICK` was seen beside `click`.
    kind: type === 'event' ? `event:${text('Event').toLowerCase()}` : type,
    id: text('MsgId'),
    from: text('FromUserName'),
    at: (Number(text('CreateTime')) || 0) * 1000,
    text,
  };
}

/** Drops the connection: WeCom's pages disagree whether a status makes it retry; a broken connection certainly does. */
function notTaken(c: Context): Response {
  const { outgoing } = (c.env ?? {}) as Partial<HttpBindings>;
  outgoing?.destroy();
  return c.body(null, 503);
}
