/**
 * A cache of platform sessions: logs in when needed, shares a login among calls, and renews an authorisation on one instance
 * only.
 */
import type { Collection } from '../database/collections.ts';
import type { Leases } from '../database/locks/leases.ts';
import { createLru } from '../lru.ts';
import type { Time } from '../time/time.ts';
import type { RateLimitedPlatform, Turn } from '../rate-limit/rate-limited.ts';
import { PlatformFault, type Session, type Credentials, type PlatformName, type Refusal } from './platform.ts';

/**
 * The account a client acts for. `identity` is `Platform.identity` of the credentials, which are read only when a login is due.
 */
export interface Holder {
  readonly platform: PlatformName;
  readonly identity: string;
  credentials(): Promise<Credentials> | Credentials;
  /** Stores credentials that replace the former ones. */
  renewed(credentials: Credentials): Promise<void>;
}

export interface LoginsParts {
  readonly platforms: (name: PlatformName) => RateLimitedPlatform;
  /** Sessions by account; sealed, as tokens are secret. */
  readonly logins: Collection<Session>;
  readonly now: () => number;
  readonly sleep: Time['sleep'];
  /** Renewing an authorisation uses its former tokens up, so one instance does it under a lease. `me` is this instance. */
  readonly leases: Pick<Leases, 'hold' | 'release'>;
  readonly me: string;
  /** Called after each login of a stored account: whether the platform accepted it. */
  readonly onLogin?: (holder: Holder, taken: boolean) => Promise<void>;
}

/** Sessions cached in the process; others are read from the database again. */
const CACHED = 10_000;

/** The lease of one instance for a login, and the poll interval of the others. */
const LOGIN_MS = 30_000;
const LOOK_MS = 250;

export interface Logins {
  /**
   * Gives the cached session, or logs in where it has expired or its token is the `stale` one. Concurrent calls share one
   * login.
   */
  enter(holder: Holder, turn: Turn, stale?: string): Promise<Session | Refusal<'unauthorised'>>;
  /** Reports a session that was refused right after its login, where no new password could mend that. */
  ended(holder: Holder): Promise<void>;
  /** Caches a session that was opened elsewhere. */
  keep(account: string, session: Session): Promise<void>;
  /** The key of rate limit and session: one per merchant and platform. */
  accountOf(holder: Pick<Holder, 'platform' | 'identity'>): string;
}

export function createLogins({ platforms, logins, now, sleep, leases, me, onLogin }: LoginsParts): Logins {
  /** May be older than another instance's session; then the platform refuses its token and it is read again. */
  const cached = createLru<Session>(CACHED);
  const keep = async (account: string, session: Session): Promise<void> => {
    await logins.set(account, session, Math.max(session.expiresAt - now(), 1));
    cached.set(account, session);
  };

  /** Logins in flight by account. */
  const underWay = new Map<string, Promise<Session | Refusal<'unauthorised'>>>();
  const accountOf = ({ platform, identity }: Pick<Holder, 'platform' | 'identity'>) => `${platform}:${identity}`;

  const logIn = async (holder: Holder, turn: Turn, refused?: string): Promise<Session | Refusal<'unauthorised'>> => {
    const answer = await platforms(holder.platform).login(turn, await holder.credentials(), refused);
    if (isRefusal(answer)) {
      await onLogin?.(holder, false);
      return answer;
    }
    const { renewed, ...session } = answer;
    if (renewed) await holder.renewed(renewed);
    await keep(turn.account, session);
    await onLogin?.(holder, true);
    return session;
  };

  /** Logs in under a lease; another instance that holds it is waited for, and its session is used. */
  const logInAlone = async (
    holder: Holder,
    turn: Turn,
    kept: () => Promise<Session | undefined>,
    refused?: string,
  ): Promise<Session | Refusal<'unauthorised'>> => {
    const name = `login:${turn.account}`;
    for (let waited = 0; waited < LOGIN_MS; waited += LOOK_MS) {
      if (await leases.hold(name, me, LOGIN_MS)) {
        try {
          return (await kept()) ?? (await logIn(holder, turn, refused));
        } finally {
          await leases.release(name, me);
        }
      }
      await sleep(LOOK_MS);
    }
    throw new PlatformFault('busy', 'not-done', 'another instance is logging in');
  };

  const enter = async (holder: Holder, turn: Turn, refused?: string): Promise<Session | Refusal<'unauthorised'>> => {
    const usable = (session: Session | undefined): session is Session =>
      session !== undefined && session.token !== refused && session.expiresAt > now();
    const near = cached.get(turn.account);
    if (usable(near)) return near;
    const kept = async (): Promise<Session | undefined> => {
      const found = await logins.get(turn.account);
      if (!usable(found)) return undefined;
      cached.set(turn.account, found);
      return found;
    };
    const found = await kept();
    if (found) return found;
    const joined = underWay.get(turn.account);
    if (joined) return await joined;
    const { authorisation } = platforms(holder.platform);
    const login = (authorisation ? logInAlone(holder, turn, kept, refused) : logIn(holder, turn, refused)).finally(() =>
      underWay.delete(turn.account),
    );
    underWay.set(turn.account, login);
    return await login;
  };

  const ended = async (holder: Holder): Promise<void> => {
    if (platforms(holder.platform).authorisation) await onLogin?.(holder, false);
  };

  return { enter, ended, keep, accountOf };
}

export const isRefusal = (answer: object): answer is Refusal => 'kind' in answer && answer.kind === 'refused';
