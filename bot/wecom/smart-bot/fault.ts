/** A call to the robot's connection that failed. */
import { NOT_TAKEN } from '../fault.ts';

/** `code` is WeCom's errcode; undefined when no answer came. `applied`: what is known of the call's effect. */
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
/** The chat is not there, the robot is not in it, or nobody there ever wrote to the robot. */
export const GONE: ReadonlySet<number> = new Set([93006, 93008]);
/** The frame that was to be answered can no longer be: too old, or of another kind. */
export const NOT_ANSWERABLE: ReadonlySet<number> = new Set([846605, 846608]);

/** Whether the chat gets more messages than WeCom allows. */
export const isBusy = (error: unknown): boolean => error instanceof BotFault && error.code === BUSY;

/** Whether a card was refused as it is. */
export const cardTrouble = (error: unknown): boolean =>
  error instanceof BotFault &&
  error.code !== undefined &&
  error.code > 0 &&
  !isBusy(error) &&
  error.code !== NOT_SUBSCRIBED &&
  !GONE.has(error.code);

/** Whether a picture or file was refused as it is. */
export const notTaken = (error: unknown): boolean => error instanceof BotFault && NOT_TAKEN.has(error.code ?? 0);

/** A failure after a part of a message went out. */
export const inPart = (error: unknown): unknown =>
  error instanceof BotFault && GONE.has(error.code ?? 0)
    ? error
    : new BotFault('only a part of a long message went out', 'unknown');

/** What a call of the package's rejected with: WeCom's answer as it came, or an error of its own. */
export function toFault(error: unknown): BotFault {
  if (typeof error === 'object' && error !== null && 'errcode' in error) {
    const code = Number(error.errcode);
    const words = 'errmsg' in error && typeof error.errmsg === 'string' ? error.errmsg.slice(0, 120) : '';
    return new BotFault(`WeCom answers ${code} ${words}`.trim(), 'no', code);
  }
  const text = error instanceof Error ? error.message : '';
  // Of an upload it tells WeCom's answer in its own words.
  const told = /"errcode":\s*(-?\d+)/.exec(text)?.[1];
  if (told !== undefined) return new BotFault(`WeCom answers ${told}`, 'no', Number(told));
  if (/not connected|exceeds max size/.test(text)) return new BotFault('the connection to WeCom is down', 'no');
  return new BotFault(/timeout/.test(text) ? 'WeCom did not answer in time' : 'the connection to WeCom broke', 'unknown');
}
