/** Holds a call back whose sender has lost its claim on the verification, or whose time is over: then nothing is sent. */
import type { Waiting } from '../platforms/client.ts';
import type { Time } from '../time/time.ts';
import { PlatformFault } from '../platforms/platform.ts';
import type { Repository } from './repository/port.ts';
import type { Verification } from './verification.ts';

/** The deadline for sending, from the press, ms: a call still queued then is aborted. */
const SEND_MS = 50_000;
/** The lease of a submission, ms, after which it counts as lost: a call of 10 s begun by `SEND_MS`, and a margin. */
export const SUBMIT_MS = 75_000;

/** How the call of a claim waits for its turn. A call that is held back is a fault with the outcome `not-done`. */
export type Fence = (claimed: Verification) => Required<Pick<Waiting, 'signal' | 'before'>>;

export function createFence(parts: { repository: Pick<Repository, 'holds'>; now: Time['now']; timeout: Time['timeout'] }): Fence {
  const { repository, now, timeout } = parts;
  return (claimed) => {
    const deadline = claimed.changedAt + SEND_MS;
    const left = deadline - now();
    return {
      signal: left > 0 ? timeout(left) : AbortSignal.abort(),
      async before() {
        const ours = await repository.holds(claimed).catch((cause: unknown) => heldBack('its claim cannot be read', cause));
        if (!ours) heldBack('another instance has taken it over');
        // After every wait, and by the clock on the wall: a timer stands still while the process is suspended.
        if (now() >= deadline) heldBack('its time to be sent is over');
      },
    };
  };
}

function heldBack(why: string, cause?: unknown): never {
  throw new PlatformFault('busy', 'not-done', why, cause);
}
