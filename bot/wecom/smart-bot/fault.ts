/** Faults of calls over the smart bot's connection. */
import { MESSAGE_REFUSED, NO_GROUP, NOT_TAKEN } from '../fault.ts';

/**
 * A failed call. `code` is WeCom's errcode, undefined without an answer. `applied`: whether the call took effect, as far as
 * known.
 */
export class BotFault extends Error {
  override readonly name = 'BotFault';
  readonly code: number | undefined;
  readonly applied: 'no' | 'unknown';
  constructor(message: string, applied: BotFault['applied'], code?: number) {
    super(message);
    this.applied = applied;
    this.code = code;
  }
}

/** errcodes: https://developer.work.weixin.qq.com/document/path/90313 and what the connection answers. */
const BUSY = 45009;
export const NOT_SUBSCRIBED = 846609;
export const WRONG_SECRET = 853000;
/** The chat does not exist, the bot is not in it, or nobody there ever wrote to the bot. */
export const GONE: ReadonlySet<number> = new Set([93006, 93008, ...NO_GROUP]);
/** The frame cannot be answered any more: too old, or of another kind. */
export const NOT_ANSWERABLE: ReadonlySet<number> = new Set([846605, 846608]);

/** Tells whether the chat's rate limit was exceeded. */
export const isBusy = (error: unknown): boolean => error instanceof BotFault && error.code === BUSY;

/** Tells whether the card itself was refused. */
export const cardTrouble = (error: unknown): boolean =>
  error instanceof BotFault &&
  error.code !== undefined &&
  error.code > 0 &&
  !isBusy(error) &&
  error.code !== NOT_SUBSCRIBED &&
  !GONE.has(error.code);

/** Tells whether a picture or file itself was refused. */
export const notTaken = (error: unknown): boolean => error instanceof BotFault && NOT_TAKEN.has(error.code ?? 0);

/** Tells whether the message itself was refused, as it would be each time. */
export const isRefused = (error: unknown): boolean => error instanceof BotFault && MESSAGE_REFUSED.has(error.code ?? 0);

/** Converts a failure after a part of a message was sent. */
export const inPart = (error: unknown): unknown =>
  error instanceof BotFault && (GONE.has(error.code ?? 0) || isRefused(error))
    ? error
    : new BotFault('only a part of a long message went out', 'unknown');

/** Converts a rejection of the package: WeCom's answer as it came, or an error of the package's own. */
export function toFault(error: unknown): BotFault {
  if (typeof error === 'object' && error !== null && 'errcode' in error) {
    const code = Number(error.errcode);
    const words = 'errmsg' in error && typeof error.errmsg === 'string' ? error.errmsg.slice(0, 120) : '';
    return new BotFault(`WeCom answers ${code} ${words}`.trim(), 'no', code);
  }
  const text = error instanceof Error ? error.message : '';
  // Of an upload it gives WeCom's answer in words of its own.
  const told = /"errcode":\s*(-?\d+)/.exec(text)?.[1];
  if (told !== undefined) return new BotFault(`WeCom answers ${told}`, 'no', Number(told));
  if (/not connected|exceeds max size/.test(text)) return new BotFault('the connection to WeCom is down', 'no');
  return new BotFault(/timeout/.test(text) ? 'WeCom did not answer in time' : 'the connection to WeCom broke', 'unknown');
}
