/** Call slots: each admits one call of an account, and the next only when it has rested. They keep a platform's rate limit. */

export interface Slot {
  /** Whether this process stood still for so long since it took the slot that another call may have it by now. */
  isOver(): boolean;
  /** Frees the slot that many ms from now, unless its hold has expired and another call has it: then nothing changes. */
  release(afterMs: number): Promise<void>;
}

export interface Slots {
  /** Waits for one of these numbered slots of the account, and takes it. */
  take(account: string, numbers: readonly number[]): Promise<Slot>;
  /** Deletes what is no longer needed. */
  sweep(): Promise<void>;
}

/** The longest hold: a slot of a dead holder is free again after it, and no call takes longer. */
export const HELD_MS = 30_000;
/** The rest after a lost call: after it no call of a dead process is still on its way, nor counted by the platform. */
export const LOST_MS = 3_000;
/** The shortest rest after an answer, and so the longest useful poll interval. */
export const SOONEST_MS = 1_001;
