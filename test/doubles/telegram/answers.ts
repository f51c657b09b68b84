/** Errors of the Bot API, and faults that a test orders in place of an answer. */

/** An error of the server. */
export class Refused extends Error {
  readonly code: number;
  readonly parameters: object | undefined;
  constructor(code: number, description: string, parameters?: object) {
    super(description);
    this.code = code;
    this.parameters = parameters;
  }
}

export function refuse(code: number, description: string, parameters?: object): never {
  throw new Refused(code, description, parameters);
}

/** A fault of a call. */
export type Fault =
  /** 429: the call is not applied. */
  | { readonly kind: 'flood'; readonly retryAfter: number }
  /** Any answer of Telegram's own; not applied. `{ code: 502, description: 'Bad Gateway' }`, `{ code: 409, … }`. Other servers may leave the words out. */
  | { readonly kind: 'error'; readonly code: number; readonly description?: string; readonly parameters?: object }
  /** The connection breaks, before or after the call was applied. */
  | { readonly kind: 'reset'; readonly applied: boolean }
  /** A page of HTML with this status, as a proxy in between sends it; not applied. */
  | { readonly kind: 'page'; readonly status: number }
  /** The call waits for this before it is applied. */
  | { readonly kind: 'delay'; readonly until: Promise<unknown> };

/** Faults in the order they were ordered, by method (`*` for any). */
export function createFaults() {
  let ordered: { method: string; fault: Fault; times: number }[] = [];
  return {
    order(method: string, fault: Fault, times: number): void {
      ordered.push({ method, fault, times });
    },
    /** The next fault for this method; counts it. */
    next(method: string): Fault | undefined {
      const found = ordered.find((one) => one.method === method || one.method === '*');
      if (!found) return undefined;
      found.times -= 1;
      ordered = ordered.filter((one) => one.times > 0);
      return found.fault;
    },
    clear(): void {
      ordered = [];
    },
  };
}

/** Taken before any test replaces it. */
export const realSetTimeout = globalThis.setTimeout;

/** Resolves when `look` finds something, now or after a change it is told of; rejects with `complain` when it takes too long. */
export function createWatch() {
  const watchers = new Set<() => void>();
  return {
    changed(): void {
      for (const look of watchers) look();
    },
    until<T>(look: () => T | undefined, complain: () => string, withinMs = 15_000): Promise<T> {
      const now = look();
      if (now !== undefined) return Promise.resolve(now);
      return new Promise<T>((resolve, reject) => {
        const watcher = (): void => {
          const found = look();
          if (found === undefined) return;
          end();
          resolve(found);
        };
        const late = realSetTimeout(() => {
          end();
          reject(new Error(complain()));
        }, withinMs);
        const end = (): void => {
          watchers.delete(watcher);
          clearTimeout(late);
        };
        watchers.add(watcher);
      });
    },
  };
}
export type Watch = ReturnType<typeof createWatch>;
