/** A merchant's counter at a platform: its calls, with the login made, kept and renewed when needed. */
import type { Market } from '../coupons/markets.ts';
import { PLATFORM_CALLS, wrapCalls, type Answer, type Arguments, type CallName, type Priority } from './calls.ts';
import type { Turn } from './rate-limited.ts';
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
/** A platform's calls by their own arguments: session, time and turn are seen to. */
type ClientCalls = {
  [K in ClientCallName]: (...args: [...own: Arguments<K>, waiting?: Waiting]) => Promise<Answer<K> | Without<K>>;
};

/** How a call waits: by default with the priority of its kind. */
export type Waiting = Partial<Pick<Turn, 'priority' | 'signal'>>;

/**
 * Every call may throw `PlatformFault`. A login that is refused (the password was changed) is the refusal `unauthorised`
 * where refusals are values, else a fault `unauthorised`, `not-done`.
 */
export interface PlatformClient extends ClientCalls {
  readonly platform: PlatformName;
  /** `Platform.rank` and `Platform.markets`. */
  readonly rank: number;
  readonly markets: readonly Market[];
  /** Whether `records` brings anything. */
  readonly hasRecords: boolean;
  /** Logs in if that is due: what an authorisation needs now and then so as not to end. */
  renew(waiting?: Waiting): Promise<void>;
  /** `LimitedPlatform.waiting` of this account. More than 20,000 ms: better refused as busy. */
  waiting(priority?: Priority): { readonly place: number; readonly ms: number };
}

export interface PlatformClients {
  forAccount(holder: Holder): PlatformClient;
  /** For binding: what a merchant brought from the platform's page, for credentials, once; the login they hold is kept. */
  redeem(platform: PlatformName, answer: string): Promise<Granted | Refusal>;
  /** `Platform.identity`: the account that credentials are for, proven or not. */
  identity(platform: PlatformName, credentials: Credentials): string;
  /** For binding: proves credentials by a login (`unproven`), whatever is kept, and lists the stores behind them. */
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

  /** Makes a call; where its login turns out to be over, once more with a new one. Only a call that did nothing is repeated. */
  const withLogin = async <R>(
    holder: Holder,
    turn: Turn,
    call: (session: Session) => Promise<R>,
  ): Promise<R | Refusal<'unauthorised'>> => {
    const session = await enter(holder, turn);
    if (isRefusal(session)) return session;
    try {
      return await call(session);
    } catch (error) {
      if (!isOver(error)) throw error;
    }
    const renewed = await enter(holder, turn, session.token);
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
      hasRecords: platform.records !== undefined,
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

/** The calls that a platform may lack, as they answer then. */
const LACKING = Object.fromEntries(
  Object.entries(PLATFORM_CALLS).flatMap(([name, traits]) =>
    'without' in traits ? [[name, () => Promise.resolve(traits.without)]] : [],
  ),
);

const isOver = (error: unknown): boolean =>
  error instanceof PlatformFault && error.kind === 'unauthorised' && error.outcome === 'not-done';
