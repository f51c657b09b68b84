/** Faults of WeCom's API, and the errcodes we act on. */

/**
 * A failed call, without token, secret or texts of people. `errcode` is WeCom's, undefined without an answer.
 * `outcome`: whether the call may have taken effect. `seenIp`: the address WeCom saw us at, where it says so (60020).
 */
export class WecomFault extends Error {
  override readonly name = 'WecomFault';
  readonly errcode: number | undefined;
  readonly outcome: 'not-done' | 'unknown';
  readonly seenIp: string | undefined;
  constructor(
    about: string,
    words: string,
    { errcode, outcome = 'not-done', seenIp }: { errcode?: number; outcome?: WecomFault['outcome']; seenIp?: string } = {},
  ) {
    super(`WeCom ${about}: ${words}`);
    this.errcode = errcode;
    this.outcome = outcome;
    this.seenIp = seenIp;
  }
}

// errcodes: https://developer.work.weixin.qq.com/document/path/90313

/** WeCom is busy and asks for a retry. */
export const BUSY = -1;
/** The access token is invalid or expired. 40001 means that only where a token was sent. */
export const TOKEN_OVER: ReadonlySet<number> = new Set([40001, 40014, 42001]);
/** The corporation's id or the secret is wrong, or the app was stopped: only an administrator can mend it. */
export const REFUSED: ReadonlySet<number> = new Set([40001, 40013, 41002, 41004, 50003]);
/** A rate limit was exceeded. */
export const TOO_OFTEN: ReadonlySet<number> = new Set([45009, 45033]);
/** The file itself was refused: its type, size or digest, or files of its kind in general. */
export const NOT_TAKEN: ReadonlySet<number> = new Set([
  40004, 40005, 40006, 40007, 40008, 40009, 40011, 40058, 44001, 45001, 45007, 301019,
]);
/**
 * The message itself was refused, as it would be each time: its kind, parameters, JSON, title, emptiness, length, parts, or
 * forbidden words.
 */
export const MESSAGE_REFUSED: ReadonlySet<number> = new Set([40008, 40035, 40058, 40063, 41016, 44004, 45002, 45008, 85002]);
/** No such group chat: a bad id, none there, or of another app. */
export const NO_GROUP: readonly number[] = [86001, 86003, 86008];
/** The caller's address is not among the app's 企业可信IP. */
export const IP_NOT_TRUSTED = 60020;

/** Tells whether an error is WeCom's answer with one of these codes. */
export function hasCode(error: unknown, codes: number | ReadonlySet<number>): error is WecomFault & { readonly errcode: number } {
  if (!(error instanceof WecomFault) || error.errcode === undefined) return false;
  return typeof codes === 'number' ? error.errcode === codes : codes.has(error.errcode);
}
