/** A merchant's counter at a platform: its calls, with the login made, kept and renewed when needed. */
import type { Coupon } from '../coupons/coupon.ts';
import type { Collection } from '../store/expiring.ts';
import type { LimitedPlatform, Priority, Turn } from './limited.ts';
import { refuse } from './phrases.ts';
import {
  PlatformFault,
  type Access,
  type Credentials,
  type Deal,
  type LostCall,
  type Platform,
  type PlatformName,
  type PlatformStore,
  type Receipt,
  type Refusal,
  type Settlement,
  type Undone,
  type UndoRequest,
  type VerifyRequest,
} from './platform.ts';

/** Whose counter it is. `identity` is `Platform.identity` of the credentials, which are asked for only when a login is due. */
export interface Holder {
  readonly platform: PlatformName;
  readonly identity: string;
  credentials(): Promise<Credentials> | Credentials;
}

/** How a call waits: by default with the priority of its kind. */
export type Waiting = Partial<Pick<Turn, 'priority' | 'signal'>>;

/**
 * Every call may throw `PlatformFault`. A login that is refused (the password was changed) is the refusal `unauthorised`
 * where refusals are values, else a fault `unauthorised`, `not-done`.
 */
export interface Counter {
  lookup(store: string, code: string, waiting?: Waiting): Promise<Coupon | Refusal>;
  verify(request: VerifyRequest, waiting?: Waiting): Promise<Receipt | Refusal>;
  settle(lost: LostCall, waiting?: Waiting): ReturnType<Platform['settle']>;
  undo(request: UndoRequest, waiting?: Waiting): Promise<Undone | Refusal>;
  settleUndo(request: UndoRequest, waiting?: Waiting): Promise<Settlement<Undone>>;
  stores(waiting?: Waiting): Promise<readonly PlatformStore[]>;
  deals(store: string, waiting?: Waiting): Promise<readonly Deal[]>;
  /** `LimitedPlatform.waiting` of this account. More than 20,000 ms: better refused as busy. */
  waiting(priority?: Priority): { readonly place: number; readonly ms: number };
}

export interface Counters {
  forAccount(holder: Holder): Counter;
  /** For binding: proves credentials by a login, whatever is kept, and lists the stores behind them. */
  enrol(
    platform: PlatformName,
    credentials: Credentials,
    waiting?: Waiting,
  ): Promise<Refusal | { readonly kind: 'enrolled'; readonly identity: string; readonly stores: readonly PlatformStore[] }>;
  /** Drops a kept login: the account was let go. */
  forget(holder: Pick<Holder, 'platform' | 'identity'>): Promise<void>;
}

export interface CountersParts {
  readonly platforms: (name: PlatformName) => LimitedPlatform;
  /** Logins by account; sealed, as tokens are secret. */
  readonly logins: Collection<Access>;
  readonly now: () => number;
  /** Hears whether a kept account's login was taken or refused, each time one is made. */
  readonly onLogin?: (holder: Holder, taken: boolean) => Promise<void>;
}

/** Logins remembered by the process; the rest are read again. */
const REMEMBERED = 10_000;

export function createCounters({ platforms, logins, now, onLogin }: CountersParts): Counters {
  /** What was last read or stored; another instance may have a newer one, which a refused token brings to light. */
  const remembered = new Map<string, Access>();
  const keep = async (account: string, access: Access): Promise<void> => {
    await logins.set(account, access, Math.max(access.expiresAt - now(), 1));
    remember(account, access);
  };
  const remember = (account: string, access: Access): void => {
    remembered.delete(account);
    remembered.set(account, access);
    if (remembered.size > REMEMBERED) remembered.delete(remembered.keys().next().value!);
  };

  /** Logins under way: several calls that need one share it. */
  const underWay = new Map<string, Promise<Access | Refusal>>();
  const accountOf = ({ platform, identity }: Pick<Holder, 'platform' | 'identity'>) => `${platform}:${identity}`;

  const logIn = (holder: Holder, turn: Turn): Promise<Access | Refusal> => {
    const joined = underWay.get(turn.account);
    if (joined) return joined;
    const login = (async () => {
      const answer = await platforms(holder.platform).login(turn, await holder.credentials());
      if (!isRefusal(answer)) await keep(turn.account, answer);
      await onLogin?.(holder, !isRefusal(answer));
      return answer;
    })().finally(() => underWay.delete(turn.account));
    underWay.set(turn.account, login);
    return login;
  };

  /** The kept login unless it is over or known to be `stale`; else a new one. */
  const enter = async (holder: Holder, turn: Turn, stale?: string): Promise<Access | Refusal> => {
    const usable = (access: Access | undefined): access is Access =>
      access !== undefined && access.token !== stale && access.expiresAt > now();
    const near = remembered.get(turn.account);
    if (usable(near)) return near;
    const kept = await logins.get(turn.account);
    if (!usable(kept)) return await logIn(holder, turn);
    remember(turn.account, kept);
    return kept;
  };

  /** Makes a call; where its login turns out to be over, once more with a new one. Only a call that did nothing is repeated. */
  const withLogin = async <R>(holder: Holder, turn: Turn, call: (access: Access) => Promise<R>): Promise<R | Refusal> => {
    const access = await enter(holder, turn);
    if (isRefusal(access)) return access;
    try {
      return await call(access);
    } catch (error) {
      if (!isOver(error)) throw error;
    }
    const renewed = await enter(holder, turn, access.token);
    if (isRefusal(renewed)) return renewed;
    try {
      return await call(renewed);
    } catch (error) {
      if (isOver(error)) return refuse('unauthorised');
      throw error;
    }
  };

  const forAccount = (holder: Holder): Counter => {
    const platform = platforms(holder.platform);
    const account = accountOf(holder);
    const at = (priority: Priority, waiting: Waiting = {}): Turn => ({ account, priority, ...waiting });
    const inside = async <R>(turn: Turn, call: (access: Access) => Promise<R>): Promise<R> => {
      const answer = await withLogin(holder, turn, async (access) => ({ value: await call(access) }));
      if ('value' in answer) return answer.value;
      throw new PlatformFault('unauthorised', 'not-done', 'the login is refused');
    };
    return {
      lookup(store, code, waiting) {
        const turn = at('lookup', waiting);
        return withLogin(holder, turn, (access) => platform.lookup(turn, access, store, code));
      },
      verify(request, waiting) {
        const turn = at('verify', waiting);
        return withLogin(holder, turn, (access) => platform.verify(turn, access, request));
      },
      settle(lost, waiting) {
        const turn = at('settle', waiting);
        return inside(turn, (access) => platform.settle(turn, access, lost, now()));
      },
      async undo(request, waiting) {
        const turn = at('undo', waiting);
        const { undo } = platform;
        return undo ? await withLogin(holder, turn, (access) => undo(turn, access, request)) : refuse('undo-late');
      },
      async settleUndo(request, waiting) {
        const turn = at('settle', waiting);
        const { settleUndo } = platform;
        return settleUndo ? await inside(turn, (access) => settleUndo(turn, access, request, now())) : { kind: 'not-done' };
      },
      stores(waiting) {
        const turn = at('lookup', waiting);
        return inside(turn, (access) => platform.stores(turn, access));
      },
      deals(store, waiting) {
        const turn = at('lookup', waiting);
        return inside(turn, (access) => platform.deals(turn, access, store));
      },
      waiting: (priority = 'lookup') => platform.waiting(account, priority),
    };
  };

  return {
    forAccount,
    async enrol(name, credentials, waiting) {
      const platform = platforms(name);
      const identity = platform.identity(credentials);
      const account = accountOf({ platform: name, identity });
      const turn: Turn = { account, priority: 'lookup', ...waiting };
      const access = await platform.login(turn, credentials);
      if (isRefusal(access)) return access;
      await keep(account, access);
      return { kind: 'enrolled', identity, stores: await platform.stores(turn, access) };
    },
    async forget(holder) {
      remembered.delete(accountOf(holder));
      await logins.delete(accountOf(holder));
    },
  };
}

const isRefusal = (answer: Access | Refusal): answer is Refusal => 'kind' in answer;

const isOver = (error: unknown): boolean =>
  error instanceof PlatformFault && error.kind === 'unauthorised' && error.outcome === 'not-done';
