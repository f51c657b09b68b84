/** Notes since when the calls of an account get no usable answer from its platform: in this process, from the calls people make. */
import { wrapCalls } from '../platforms/calls.ts';
import type { PlatformClient } from '../platforms/client.ts';
import { PlatformAbsent, PlatformFault } from '../platforms/platform.ts';
import type { CallCount } from '../silence/platform-days.ts';

const MINUTE_MS = 60_000;

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
  /** The calls since this was asked last, by account and minute. */
  takeCalls(): readonly CallCount[];
}

export function createPlatformHealth(now: () => number): PlatformHealth {
  const failing = new Map<string, Failing>();
  const answered = new Set<string>();
  const calls = new Map<string, CallCount>();

  /** A login that is refused answers no question, and a platform that only asks to wait answers none either. */
  const count = (accountId: string, isAnswer: boolean): void => {
    const at = now() - (now() % MINUTE_MS);
    const key = `${accountId} ${at}`;
    const { answered: before = 0, failed = 0 } = calls.get(key) ?? {};
    calls.set(key, { accountId, at, answered: before + (isAnswer ? 1 : 0), failed: failed + (isAnswer ? 0 : 1) });
  };

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
          if (error instanceof PlatformFault && !(error instanceof PlatformAbsent)) count(accountId, false);
          throw error;
        });
        note(accountId);
        count(accountId, !isRefusedLogin(answer));
        return answer;
      }) as Partial<PlatformClient>),
    }),
    failing: () => [...failing.values()],
    answered() {
      const since = [...answered];
      answered.clear();
      return since;
    },
    takeCalls() {
      const taken = [...calls.values()];
      calls.clear();
      return taken;
    },
  };
}

/** Calls that every platform has. */
const counted = ({ lookup, verify, query, stores, deals }: PlatformClient) => ({ lookup, verify, query, stores, deals });

const isRefusedLogin = (answer: unknown): boolean =>
  typeof answer === 'object' && answer !== null && 'reason' in answer && answer.reason === 'unauthorised';

/** A refused login is told where logins are made, and a full queue is our own. */
const FAILURES: ReadonlySet<PlatformFault['kind']> = new Set(['unreachable', 'nonsense']);
