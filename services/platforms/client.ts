/** A merchant's counter at a platform: its calls, with the login made, kept and renewed when needed. */
import type { Coupon } from '../coupons/coupon.ts';
import type { Market } from '../coupons/markets.ts';
import type { Priority, Turn } from './rate-limited.ts';
import type { Deal, PlatformRecord, Stats } from './platform-lists.ts';
import { createLogins, isRefusal, type Holder, type LoginsParts } from './logins.ts';
import { refuse } from './refuse.ts';
import {
  PlatformFault,
  type Session,
  type Asked,
  type Credentials,
  type FinalNo,
  type LostCall,
  type LostUndo,
  type PlatformName,
  type PlatformStore,
  type Receipt,
  type Refusal,
  type Undone,
  type UndoRequest,
  type VerifyRequest,
} from './platform.ts';

/** How a call waits: by default with the priority of its kind. */
export type Waiting = Partial<Pick<Turn, 'priority' | 'signal'>>;

/**
 * Every call may throw `PlatformFault`. A login that is refused (the password was changed) is the refusal `unauthorised`
 * where refusals are values, else a fault `unauthorised`, `not-done`.
 */
export interface PlatformClient {
  readonly platform: PlatformName;
  /** `Platform.markets`. */
  readonly markets: readonly Market[];
  lookup(store: string, code: string, market: Market, waiting?: Waiting): Promise<Coupon | Refusal>;
  /** Undefined where the platform takes codes only. */
  scan(store: string, scanned: string, waiting?: Waiting): Promise<readonly Coupon[] | Refusal | undefined>;
  verify(request: VerifyRequest, waiting?: Waiting): Promise<Receipt | Refusal<FinalNo<'verify'>>>;
  query(lost: LostCall, waiting?: Waiting): Promise<Asked<Receipt>>;
  undo(request: UndoRequest, waiting?: Waiting): Promise<Undone | Refusal<FinalNo<'undo'>>>;
  queryUndo(lost: LostUndo, waiting?: Waiting): Promise<Asked<Undone>>;
  stores(waiting?: Waiting): Promise<readonly PlatformStore[]>;
  deals(store: string, waiting?: Waiting): Promise<readonly Deal[]>;
  /** Whether `records` brings anything. */
  readonly hasRecords: boolean;
  /** Undefined where the platform has no such list, or no such figures. */
  records(store: string, day: string, waiting?: Waiting): Promise<readonly PlatformRecord[] | undefined>;
  stats(store: string, days: 1 | 7 | 30, waiting?: Waiting): Promise<Stats | undefined>;
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
    const inside = async <R>(turn: Turn, call: (session: Session) => Promise<R>): Promise<R> => {
      const answer = await withLogin(holder, turn, async (session) => ({ value: await call(session) }));
      if ('value' in answer) return answer.value;
      throw new PlatformFault('unauthorised', 'not-done', 'the login is refused');
    };
    return {
      platform: holder.platform,
      markets: platform.markets,
      hasRecords: platform.records !== undefined,
      lookup(store, code, market, waiting) {
        const turn = at('lookup', waiting);
        return withLogin(holder, turn, (session) => platform.lookup(turn, session, store, code, market));
      },
      async scan(store, scanned, waiting) {
        const turn = at('lookup', waiting);
        const { scan } = platform;
        return scan && (await withLogin(holder, turn, (session) => scan(turn, session, store, scanned)));
      },
      verify(request, waiting) {
        const turn = at('verify', waiting);
        return withLogin(holder, turn, (session) => platform.verify(turn, session, request));
      },
      query(lost, waiting) {
        const turn = at('query', waiting);
        return inside(turn, (session) => platform.query(turn, session, lost, now()));
      },
      async undo(request, waiting) {
        const turn = at('undo', waiting);
        const { undo } = platform;
        return undo ? await withLogin(holder, turn, (session) => undo(turn, session, request)) : refuse('undo-late');
      },
      async queryUndo(lost, waiting) {
        const turn = at('query', waiting);
        const { queryUndo } = platform;
        if (!queryUndo) return { result: { kind: 'not-done' }, note: 'no undo' };
        return await inside(turn, (session) => queryUndo(turn, session, lost, now()));
      },
      stores(waiting) {
        const turn = at('lookup', waiting);
        return inside(turn, (session) => platform.stores(turn, session));
      },
      deals(store, waiting) {
        const turn = at('lookup', waiting);
        return inside(turn, (session) => platform.deals(turn, session, store));
      },
      async records(store, day, waiting) {
        const turn = at('lookup', waiting);
        const { records } = platform;
        return records && (await inside(turn, (session) => records(turn, session, store, day)));
      },
      async stats(store, days, waiting) {
        const turn = at('lookup', waiting);
        const { stats } = platform;
        return stats && (await inside(turn, (session) => stats(turn, session, store, days, now())));
      },
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

const isOver = (error: unknown): boolean =>
  error instanceof PlatformFault && error.kind === 'unauthorised' && error.outcome === 'not-done';
