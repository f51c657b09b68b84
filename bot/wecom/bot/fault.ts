/** A call to the robot's connection that failed. */

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
export const BUSY = 45009;
export const NOT_SUBSCRIBED = 846609;
export const WRONG_SECRET = 853000;
/** The chat is not there, the robot is not in it, or nobody there ever wrote to the robot. */
export const GONE: ReadonlySet<number> = new Set([93006, 93008]);
/** The frame that was to be answered can no longer be: too old, or of another kind. */
export const NOT_ANSWERABLE: ReadonlySet<number> = new Set([846605, 846608]);

/** What a call of the package's rejected with: WeCom's answer as it came, or an error of its own. */
export function toFault(error: unknown): BotFault {
  if (typeof error === 'object' && error !== null && 'errcode' in error) {
    const code = Number(error.errcode);
    const words = 'errmsg' in error && typeof error.errmsg === 'string' ? error.errmsg.slice(0, 120) : '';
    return new BotFault(`WeCom answers ${code} ${words}`.trim(), 'no', code);
  }
  const text = error instanceof Error ? error.message : '';
  if (/not connected|exceeds max size/.test(text)) return new BotFault('the connection to WeCom is down', 'no');
  return new BotFault(/timeout/.test(text) ? 'WeCom did not answer in time' : 'the connection to WeCom broke', 'unknown');
}
