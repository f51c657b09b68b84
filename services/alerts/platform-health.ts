/** Notes since when the calls of an account get no usable answer from its platform: in this process, from the calls people make. */
import { wrapCalls } from '../platforms/calls.ts';
import type { PlatformClient } from '../platforms/client.ts';
import { PlatformAbsent, PlatformFault } from '../platforms/platform.ts';

/** An account whose platform fails. Times ms. */
export interface Failing {
  readonly accountId: string;
  /** The first failure since the last answer, and the last one. */
  readonly since: number;
  readonly until: number;
  readonly failures: number;
}

export interface PlatformHealth {
  /** The same client, whose calls are noted. */
  watch(accountId: string, client: PlatformClient): PlatformClient;
  failing(): readonly Failing[];
  /** Accounts that had an answer since this was asked last. */
  answered(): readonly string[];
}

export function createPlatformHealth(now: () => number): PlatformHealth {
  const failing = new Map<string, Failing>();
  const answered = new Set<string>();

  const note = (accountId: string, error?: unknown): void => {
    if (error === undefined) {
      failing.delete(accountId);
      answered.add(accountId);
    } else if (error instanceof PlatformFault && FAILURES.has(error.kind) && !(error instanceof PlatformAbsent)) {
      const { since = now(), failures = 0 } = failing.get(accountId) ?? {};
      failing.set(accountId, { accountId, since, until: now(), failures: failures + 1 });
      answered.delete(accountId);
    }
  };

  return {
    watch: (accountId, client) => ({
      ...client,
      ...(wrapCalls(counted(client), (call) => async (...args) => {
        const answer = await call(...args).catch((error: unknown) => {
          note(accountId, error);
          throw error;
        });
        note(accountId);
        return answer;
      }) as Partial<PlatformClient>),
    }),
    failing: () => [...failing.values()],
    answered() {
      const since = [...answered];
      answered.clear();
      return since;
    },
  };
}

/** Calls that every platform has. */
const counted = ({ lookup, verify, query, stores, deals }: PlatformClient) => ({ lookup, verify, query, stores, deals });

/** A refused login is told where logins are made, and a full queue is our own. */
const FAILURES: ReadonlySet<PlatformFault['kind']> = new Set(['unreachable', 'nonsense']);
