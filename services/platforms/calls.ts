/** The calls of a platform with their traits, and the wrapper that every layer uses: rate limit, metrics and client. */
import type { Platform, Session, TakeTurn, Write } from './platform.ts';
import type { Refusal } from './refusals.ts';

/**
 * Priority in the queue. People wait for all but `background`, which gets a fifth of the limit at most. `unproven` is a login
 * with credentials that anybody may have made up: a tenth of the limit, in a queue of its own.
 */
export type Priority = 'verify' | 'undo' | 'lookup' | 'query' | 'background' | 'unproven';

/** Any function of the contract that makes a request, or the same function in a layer. */
export type AnyCall = (...args: never[]) => Promise<unknown>;

/** The methods of `Platform` that make a request. */
export type CallName = { [K in keyof Platform]-?: NonNullable<Platform[K]> extends AnyCall ? K : never }[keyof Platform];
export type Call<K extends CallName> = NonNullable<Platform[K]>;
/** A call's answer. */
export type Answer<K extends CallName> = Awaited<ReturnType<Call<K>>>;
/** A call's arguments without the session before them, and the time or the turns of its requests after them. */
export type Arguments<K extends CallName> =
  Parameters<Call<K>> extends [unknown, ...infer Own] ? (Own extends [...infer Rest, number | TakeTurn] ? Rest : Own) : never;

interface Traits<K extends CallName> {
  /** Of a call whose caller names none. */
  readonly priority: Priority;
  /** Whether it changes something at the platform, so that a lost answer is asked about and never repeated. */
  readonly writes: K extends Write ? true : false;
  /** How many arguments stand between session and time. */
  readonly takes: Arguments<K>['length'];
  /** Whether the time now is its last argument. */
  readonly timed: Parameters<Call<K>> extends [unknown, ...unknown[], number] ? true : false;
  /** Whether it makes several requests, each of which takes a turn of its own. */
  readonly paged?: Parameters<Call<K>> extends [unknown, ...unknown[], TakeTurn] ? true : never;
  /** Whether a refused login is one of its answers; otherwise it is a fault. */
  readonly refuses: Session extends Parameters<Call<K>>[0] ? (Refusal<'unauthorised'> extends Answer<K> ? true : false) : true;
}
/** A call that a platform may lack. `without` is the client's answer then. */
interface Optional<K extends CallName> extends Traits<K> {
  readonly without: Answer<K> | undefined;
}

/** A call of the contract that is missing here, or described wrongly, does not compile. */
export const PLATFORM_CALLS = {
  login: { priority: 'lookup', writes: false, takes: 0, timed: false, refuses: true },
  stores: { priority: 'lookup', writes: false, takes: 0, timed: false, refuses: false },
  deals: { priority: 'lookup', writes: false, takes: 1, timed: false, refuses: false },
  lookup: { priority: 'lookup', writes: false, takes: 3, timed: false, refuses: true },
  scan: { priority: 'lookup', writes: false, takes: 2, timed: false, refuses: true, without: undefined },
  verify: { priority: 'verify', writes: true, takes: 1, timed: false, refuses: true },
  query: { priority: 'query', writes: false, takes: 1, timed: true, refuses: false },
  undo: {
    priority: 'undo',
    writes: true,
    takes: 1,
    timed: false,
    refuses: true,
    without: { kind: 'refused', reason: 'undo-late' },
  },
  queryUndo: {
    priority: 'query',
    writes: false,
    takes: 1,
    timed: true,
    refuses: false,
    without: { result: { kind: 'not-done' }, note: 'no undo' },
  },
  operatorName: { priority: 'background', writes: false, takes: 1, timed: false, refuses: false, without: undefined },
  state: { priority: 'background', writes: false, takes: 1, timed: false, refuses: false, without: undefined },
  records: { priority: 'lookup', writes: false, takes: 2, timed: false, paged: true, refuses: false, without: undefined },
  stats: { priority: 'lookup', writes: false, takes: 2, timed: true, refuses: false, without: undefined },
} as const satisfies { readonly [K in CallName]: undefined extends Platform[K] ? Optional<K> : Traits<K> };

const CALL_NAMES = Object.keys(PLATFORM_CALLS) as readonly CallName[];

/** Wraps each call that is there. One that the platform lacks stays missing. */
export function wrapCalls(
  platform: { readonly [K in CallName]?: AnyCall | undefined },
  wrap: (call: AnyCall, name: CallName) => AnyCall,
): { readonly [K in CallName]?: AnyCall } {
  const wrapped = CALL_NAMES.flatMap((name) => {
    const call = platform[name];
    return call ? [[name, wrap(call.bind(platform), name)] as const] : [];
  });
  return Object.fromEntries(wrapped);
}
