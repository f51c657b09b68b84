/** Estimates the wait in an account's queue, for people to read. It limits nothing. */

export interface QueueEstimate {
  /** Adds a call to the queue; a lower rank goes first. */
  join(rank: number): Ticket;
  /** Estimates the wait of a call that joined now: its place in the queue (0: at once) and ms. */
  waiting(rank: number): { readonly place: number; readonly ms: number };
  empty(): boolean;
  /** Whether a call that joined now would go at once. */
  free(): boolean;
}

export interface Ticket {
  /** Notes that the call goes out. */
  start(): void;
  /** Notes that the answer is back and its slot rests for so long. */
  rest(ms: number): void;
  leave(): void;
}

/** The usual rest of a slot after an answer. */
const REST_MS = 1_001;

export function createQueueEstimate(slots: number, now: () => number): QueueEstimate {
  /** The calls in the queue. `freeAt` is set once a call is out: the expected time at which its slot is free again. */
  const here = new Set<{ rank: number; freeAt?: number }>();
  /** The moving average of a call's duration; the last one counts a fifth. */
  let typicalMs = 200;
  return {
    join(rank) {
      const mine: { rank: number; freeAt?: number } = { rank };
      here.add(mine);
      let startedAt = 0;
      return {
        start() {
          startedAt = now();
          mine.freeAt = startedAt + typicalMs + REST_MS;
        },
        rest(ms) {
          typicalMs += (now() - startedAt - typicalMs) / 5;
          mine.freeAt = now() + ms;
        },
        leave: () => void here.delete(mine),
      };
    },
    waiting(rank) {
      const at = now();
      const out = [...here].flatMap(({ freeAt }) => (freeAt === undefined ? [] : [Math.max(freeAt, at)]));
      const free = [...out, ...Array.from({ length: Math.max(0, slots - out.length) }, () => at)].toSorted((a, b) => a - b);
      const ahead = [...here].filter((ticket) => ticket.freeAt === undefined && ticket.rank <= rank).length;
      for (let n = 0; n < ahead; n++) {
        free.push(free.shift()! + typicalMs + REST_MS);
        free.sort((a, b) => a - b);
      }
      const ms = Math.round(free[0]! - at);
      return { place: ms > 0 ? ahead + 1 : 0, ms };
    },
    empty: () => here.size === 0,
    free: () => here.size < slots,
  };
}
