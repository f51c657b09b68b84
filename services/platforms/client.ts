/** A merchant's client of a platform: its calls, with a session that is opened, cached and renewed as needed. */
import type { Market } from '../coupons/markets.ts';
import { PLATFORM_CALLS, wrapCalls, type Answer, type Arguments, type CallName, type Priority } from './calls.ts';
import type { Turn } from '../rate-limit/rate-limited.ts';
import { createLogins, isRefusal, type Holder, type LoginsParts } from './logins.ts';
import { refuse } from './refuse.ts';
import {
  PlatformFault,
  type Credentials,
  type PlatformName,
  type PlatformStore,
  type Refusal,
  type Session,
} from './platform.ts';

type ClientCallName = Exclude<CallName, 'login'>;
/** The answer where the platform lacks the call. */
type Without<K extends CallName> = (typeof PLATFORM_CALLS)[K] extends { readonly without: infer W } ? W : never;
/** A platform's calls by their own arguments: the client adds session, time and turn. */
type ClientCalls = {
  [K in ClientCallName]: (...args: [...own: Arguments<K>, waiting?: Waiting]) => Promise<Answer<K> | Without<K>>;
};

/** How a call waits for its turn: by default with the priority in `PLATFORM_CALLS`. */
export type Waiting = Partial<Pick<Turn, 'priority' | 'signal' | 'before'>>;

/**
 * Every call may throw `PlatformFault`. A refused login (the password was changed) is the refusal `unauthorised` where refusals
 * are values, otherwise a fault `unauthorised`, `not-done`.
 */
export interface PlatformClient extends ClientCalls {
  readonly platform: PlatformName;
  /** `Platform.rank`, `Platform.markets` and `Platform.exclusive`. */
  readonly rank: number;
  readonly markets: readonly Market[];
  readonly exclusive?: boolean;
  /** Whether the platform has the call `records`. */
  readonly hasRecords: boolean;
  /** `Platform.recordIds`; none where the platform names its uses by their codes alone. */
  recordIds(receiptHandle: string): readonly string[];
  /** Logs in if that is due, which keeps an authorisation from expiring. */
  renew(waiting?: Waiting): Promise<void>;
  /** `RateLimitedPlatform.waiting` of this account. More than 20,000 ms is better refused as busy. */
  waiting(priority?: Priority): { readonly place: number; readonly ms: number };
}

export interface PlatformClients {
  forAccount(holder: Holder): PlatformClient;
  /** Exchanges the answer from the platform's page for credentials, once, and caches their session. For binding. */
  redeem(platform: PlatformName, answer: string): Promise<Granted | Refusal>;
  /** Names the account of credentials, proven or not: `Platform.identity`. */
  identity(platform: PlatformName, credentials: Credentials): string;
  /** Whether credentials prove anything: one of the answers is secret, or the platform's own page asks. */
  proves(platform: PlatformName): boolean;
  /** Proves credentials by a new login with the priority `unproven`, and lists their stores. For binding. */
  enrol(
    platform: PlatformName,
    credentials: Credentials,
    waiting?: Waiting,
  ): Promise<Refusal | { readonly kind: 'enrolled'; readonly identity: string; readonly stores: readonly PlatformStore[] }>;
}

export type PlatformClientsParts = LoginsParts;

type Granted = { readonly kind: 'granted'; readonly identity: string; readonly credentials: Credentials };

export function createPlatformClients(parts: PlatformClientsParts): PlatformClients {
  const { platforms, now } = parts;
  const { enter, ended, keep, accountOf } = createLogins(parts);

  /**
   * Makes a call, and repeats it once with a new session if the platform refused the session. Only a call that did nothing is
   * repeated.
   */
  const withLogin = async <R>(
    holder: Holder,
    turn: Turn,
    call: (session: Session) => Promise<R>,
  ): Promise<R | Refusal<'unauthorised'>> => {
    // A login is shared with other calls, so what one of them waits for does not hold it back.
    const login: Turn = { ...turn, before: undefined };
    const session = await enter(holder, login);
    if (isRefusal(session)) return session;
    try {
      return await call(session);
    } catch (error) {
      if (!isOver(error)) throw error;
    }
    const renewed = await enter(holder, login, session.token);
    if (isRefusal(renewed)) return renewed;
    try {
      return await call(renewed);
    } catch (error) {
      if (!isOver(error)) throw error;
      await ended(holder);
      return refuse('unauthorised');
    }
  };

  const forAccount = (holder: Holder): PlatformClient => {
    const platform = platforms(holder.platform);
    const account = accountOf(holder);
    const at = (priority: Priority, waiting: Waiting = {}): Turn => ({ account, priority, ...waiting });
    const calls = wrapCalls({ ...platform, login: undefined }, (call, name) => async (...args: unknown[]) => {
      const { priority, takes, timed, refuses } = PLATFORM_CALLS[name];
      const turn = at(priority, args[takes] as Waiting | undefined);
      const make = call as (...all: unknown[]) => Promise<unknown>;
      const own = args.slice(0, takes);
      const answer = await withLogin(holder, turn, async (session) => ({
        answer: await make(turn, session, ...own, ...(timed ? [now()] : [])),
      }));
      if ('answer' in answer) return answer.answer;
      if (refuses) return answer;
      throw new PlatformFault('unauthorised', 'not-done', 'the login is refused');
    });
    return {
      platform: holder.platform,
      rank: platform.rank,
      markets: platform.markets,
      exclusive: platform.exclusive ?? false,
      hasRecords: platform.records !== undefined,
      recordIds: (receiptHandle) => platform.recordIds?.(receiptHandle) ?? [],
      ...({ ...LACKING, ...calls } as ClientCalls),
      async renew(waiting) {
        await enter(holder, at('background', waiting));
      },
      waiting: (priority = 'lookup') => platform.waiting(account, priority),
    };
  };

  return {
    forAccount,
    async redeem(name, answer) {
      const platform = platforms(name);
      const granted = await platform.authorisation?.redeem(answer);
      if (!granted || granted.kind === 'refused') return granted ?? refuse('unauthorised');
      const identity = platform.identity(granted.credentials);
      const account = accountOf({ platform: name, identity });
      const session = await platform.login({ account, priority: 'lookup' }, granted.credentials);
      if (isRefusal(session)) return session;
      await keep(account, session);
      return { ...granted, identity };
    },
    identity: (name, credentials) => platforms(name).identity(credentials),
    proves: (name) => platforms(name).authorisation !== undefined || platforms(name).questions.some(({ secret }) => secret),
    async enrol(name, credentials, waiting) {
      const platform = platforms(name);
      const identity = platform.identity(credentials);
      const account = accountOf({ platform: name, identity });
      const session = await platform.login({ account, priority: 'unproven', ...waiting }, credentials);
      if (isRefusal(session)) return session;
      await keep(account, session);
      return { kind: 'enrolled', identity, stores: await platform.stores({ account, priority: 'lookup' }, session) };
    },
  };
}

/** The optional calls as they answer where a platform lacks them. */
const LACKING = Object.fromEntries(
  Object.entries(PLATFORM_CALLS).flatMap(([name, traits]) =>
    'without' in traits ? [[name, () => Promise.resolve(traits.without)]] : [],
  ),
);

/** Whether the platform refused the session before it did anything. */
const isOver = (error: unknown): boolean =>
  error instanceof PlatformFault && error.kind === 'unauthorised' && error.outcome === 'not-done';
