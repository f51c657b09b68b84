/** The fault of a call without a usable answer. */
import type { AbsenceReason } from './refusals.ts';

/**
 * The fault of a call without a usable answer.
 * `unreachable`: the network. `busy`: it asked us to slow down, or our own queue is full. `unauthorised`: the login is not
 * valid any more. `nonsense`: an answer that makes no sense. `outcome` is `not-done` only where nothing can have happened.
 * `words`: the platform's own, cleaned, where it gave some from which nothing follows.
 */
export class PlatformFault extends Error {
  override readonly name = 'PlatformFault';
  readonly kind: 'unreachable' | 'busy' | 'unauthorised' | 'nonsense';
  readonly outcome: 'not-done' | 'unknown';
  readonly words: string | undefined;
  constructor(kind: PlatformFault['kind'], outcome: PlatformFault['outcome'], message: string, cause?: unknown, words?: string) {
    super(message, { cause });
    this.kind = kind;
    this.outcome = outcome;
    this.words = words === '' ? undefined : words;
  }
}

/** The fault of a platform that this installation does not offer: certainly nothing happened. */
export class PlatformAbsent extends PlatformFault {
  readonly reason: AbsenceReason;
  constructor(reason: AbsenceReason, message: string) {
    super('unreachable', 'not-done', message);
    this.reason = reason;
  }
}
