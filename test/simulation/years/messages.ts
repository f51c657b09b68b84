/** What becomes of the messages that go out by themselves: refused for hours, or arrived and never acknowledged, by the chat or a dead program. */
import { REPEAT } from '../laws/ended.ts';
import type { Lines } from '../world/chats.ts';
import type { Process } from '../world/scheduler.ts';

export interface Messages extends Lines {
  /** Told of every message before it goes out. */
  worded(text: string): void;
  /** Nothing arrives until then, true time in ms. */
  refuseUntil(at: number): void;
  /** The next summary arrives, and its sender does not hear of it: the answer is lost, or the program is killed. */
  loseNext(how: 'answer' | 'program'): void;
}

/** A summary that was not said before: a repeat of a repeat is another story. */
const isFresh = (text: string): boolean => /^(?:日报|周报|月报) · /.test(text) && !text.includes(REPEAT);

export function createMessages(now: () => number, kill: (process: Process) => void): Messages {
  let refusedUntil = 0;
  let next: 'answer' | 'program' | undefined;
  let text = '';
  const strikes = (how: 'answer' | 'program'): boolean => {
    if (next !== how || !isFresh(text)) return false;
    next = undefined;
    return true;
  };
  return {
    worded: (words) => void (text = words),
    refuseUntil: (at) => void (refusedUntil = at),
    loseNext: (how) => void (next = how),
    mostMs: () => 60,
    fails() {
      if (now() < refusedUntil) return 'before';
      return strikes('answer') ? 'after' : undefined;
    },
    strike(process) {
      if (!strikes('program')) return false;
      kill(process);
      return true;
    },
  };
}
