/** Logins at platforms: made when needed, kept, shared, renewed; of several instances one makes them where that matters. */
import type { Collection } from '../database/collections.ts';
import type { Leases } from '../database/leases.ts';
import type { RateLimitedPlatform, Turn } from './rate-limited.ts';
import { PlatformFault, type Session, type Credentials, type PlatformName, type Refusal } from './platform.ts';

/** Whose counter it is. `identity` is `Platform.identity` of the credentials, which are asked for only when a login is due. */
export interface Holder {
  readonly platform: PlatformName;
  readonly identity: string;
  credentials(): Promise<Credentials> | Credentials;
  /** Keeps credentials that took the former ones' place. */
  renewed(credentials: Credentials): Promise<void>;
}

export interface LoginsParts {
  readonly platforms: (name: PlatformName) => RateLimitedPlatform;
  /** Logins by account; sealed, as tokens are secret. */
  readonly logins: Collection<Session>;
  readonly now: () => number;
  /** Renewing an authorisation uses its former tokens up: of several instances one does it. `me` is this one. */
  readonly leases: Pick<Leases, 'hold' | 'release'>;
  readonly me: string;
  /** Hears whether a kept account's login was taken or refused, each time one is made. */
  readonly onLogin?: (holder: Holder, taken: boolean) => Promise<void>;
}

/** Logins remembered by the process; the rest are read again. */
const REMEMBERED = 10_000;

/** How long one instance may take to log in, and how often the others look whether it has. */
const LOGIN_MS = 30_000;
const LOOK_MS = 250;

export interface Logins {
  /** The kept login unless it is over or known to be `stale`; else a new one, for all who need one now. */
  enter(holder: Holder, turn: Turn, stale?: string): Promise<Session | Refusal<'unauthorised'>>;
  /** A login that was just made is not taken: where no password could mend that, its owners are to know. */
  ended(holder: Holder): Promise<void>;
  /** Keeps a login that was made otherwise. */
  keep(account: string, session: Session): Promise<void>;
  /** Whose limit and login it is: one per merchant and platform. */
  accountOf(holder: Pick<Holder, 'platform' | 'identity'>): string;
}

export function createLogins({ platforms, logins, now, leases, me, onLogin }: LoginsParts): Logins {
  /** What was last read or stored; another instance may have a newer one, which a refused token brings to light. */
  const remembered = new Map<string, Session>();
  const keep = async (account: string, session: Session): Promise<void> => {
    await logins.set(account, session, Math.max(session.expiresAt - now(), 1));
    remember(account, session);
  };
  const remember = (account: string, session: Session): void => {
    remembered.delete(account);
    remembered.set(account, session);
    if (remembered.size > REMEMBERED) remembered.delete(remembered.keys().next().value!);
  };

  /** Logins under way: several calls that need one share it. */
  const underWay = new Map<string, Promise<Session | Refusal<'unauthorised'>>>();
  const accountOf = ({ platform, identity }: Pick<Holder, 'platform' | 'identity'>) => `${platform}:${identity}`;

  const logIn = async (holder: Holder, turn: Turn): Promise<Session | Refusal<'unauthorised'>> => {
    const answer = await platforms(holder.platform).login(turn, await holder.credentials());
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

  /** Logs in where no other instance is at it; else waits for what that one keeps. */
  const logInAlone = async (
    holder: Holder,
    turn: Turn,
    kept: () => Promise<Session | undefined>,
  ): Promise<Session | Refusal<'unauthorised'>> => {
    const name = `login:${turn.account}`;
    for (let waited = 0; waited < LOGIN_MS; waited += LOOK_MS) {
      if (await leases.hold(name, me, LOGIN_MS)) {
        try {
          return (await kept()) ?? (await logIn(holder, turn));
        } finally {
          await leases.release(name, me);
        }
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
    throw new PlatformFault('busy', 'not-done', 'another instance is logging in');
  };

  const enter = async (holder: Holder, turn: Turn, stale?: string): Promise<Session | Refusal<'unauthorised'>> => {
    const usable = (session: Session | undefined): session is Session =>
      session !== undefined && session.token !== stale && session.expiresAt > now();
    const near = remembered.get(turn.account);
    if (usable(near)) return near;
    const kept = async (): Promise<Session | undefined> => {
      const found = await logins.get(turn.account);
      if (!usable(found)) return undefined;
      remember(turn.account, found);
      return found;
    };
    const found = await kept();
    if (found) return found;
    const joined = underWay.get(turn.account);
    if (joined) return await joined;
    const { authorisation } = platforms(holder.platform);
    const login = (authorisation ? logInAlone(holder, turn, kept) : logIn(holder, turn)).finally(() =>
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
