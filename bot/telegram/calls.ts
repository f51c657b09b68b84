/** Calls the Bot API: retries after 429, and turns every failure into a `TelegramFault` without secrets. */
import { GrammyError, HttpError } from 'grammy';
import { HttpFault } from '../../services/http.ts';

/** Resolves after `ms`; settles early, either way, when `signal` aborts. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

/** Limit for all 429 waits of one call together, ms: a person is waiting. */
const PATIENCE_MS = 60_000;

/** Network errors of node-fetch before the connection was open: the request was not sent. */
const BEFORE_SENDING = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);

/**
 * A call that Telegram refused or did not answer. It holds neither token nor message text; grammY's own errors hold both.
 * `code` is Telegram's error code, undefined without an answer. `applied` says whether the call may have had its effect.
 */
export class TelegramFault extends Error {
  override readonly name = 'TelegramFault';
  readonly applied: 'no' | 'unknown';
  readonly code: number | undefined;
  readonly description: string;
  readonly retryAfterMs: number | undefined;
  /** The group's new id after its upgrade to a supergroup. */
  readonly movedTo: number | undefined;
  constructor(
    method: string,
    applied: TelegramFault['applied'],
    description: string,
    answer: { code?: number | undefined; retryAfterMs?: number | undefined; movedTo?: number | undefined } = {},
  ) {
    super(`Telegram ${method}: ${description}`);
    this.applied = applied;
    this.description = description;
    this.code = answer.code;
    this.retryAfterMs = answer.retryAfterMs;
    this.movedTo = answer.movedTo;
  }
}

/** Drops the message text from a description: Telegram quotes it only in parse errors. Other servers may leave it out. */
const describe = (text = 'no description'): string =>
  text.includes("can't parse entities") ? "can't parse entities" : text.replace(/^Bad Request: |^Forbidden: /, '').slice(0, 200);

/** Converts the error of one call, without its secrets. */
function toFault(method: string, error: unknown): TelegramFault {
  if (error instanceof GrammyError) {
    const { error_code: code, description, parameters }: Partial<GrammyError> = error;
    const retryAfterMs = parameters?.retry_after === undefined ? undefined : parameters.retry_after * 1000;
    return new TelegramFault(method, code === undefined || code >= 500 ? 'unknown' : 'no', describe(description), {
      code,
      retryAfterMs,
      movedTo: parameters?.migrate_to_chat_id,
    });
  }
  const cause: unknown = error instanceof HttpError ? error.error : error;
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  const word = typeof code === 'string' && /^[A-Z_0-9]{1,40}$/.test(code) ? code : 'no answer';
  const unsent = cause instanceof HttpFault ? !cause.sent : BEFORE_SENDING.has(word);
  return new TelegramFault(method, unsent ? 'no' : 'unknown', word);
}

/** Makes one call; rejects with a `TelegramFault`. */
export async function once<T>(method: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw toFault(method, error);
  }
}

/** Retries a call after each 429, as long as Telegram's `retry_after` adds up to a minute at most. */
export async function patiently<T>(method: string, call: () => Promise<T>, wait: Wait): Promise<T> {
  const never = new AbortController().signal;
  for (let waited = 0; ;) {
    try {
      return await once(method, call);
    } catch (error) {
      if (!(error instanceof TelegramFault) || error.code !== 429) throw error;
      const pause = error.retryAfterMs ?? 1000;
      waited += pause;
      if (waited > PATIENCE_MS) throw error;
      await wait(pause, never);
    }
  }
}
