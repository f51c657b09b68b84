/** Who waits in line for an account's calls, and about how long. An estimate for people; it limits nothing. */

export interface QueueEstimate {
  /** Somebody joins; a lower rank goes first. */
  join(rank: number): Ticket;
  /** For one who joined now: the place in line (0: at once) and ms. */
  waiting(rank: number): { readonly place: number; readonly ms: number };
  empty(): boolean;
  /** Whoever joins now need not wait. */
  free(): boolean;
}

export interface Ticket {
  /** The call goes out. */
  start(): void;
  /** The answer is in; the slot rests. */
  rest(ms: number): void;
  leave(): void;
}

/** Each slot rests about a second after a call. */
const REST_MS = 1_001;

export function createQueueEstimate(slots: number, now: () => number): QueueEstimate {
  /** Who is here; `freeAt` once a call is out: when its slot is expected to be free. */
  const here = new Set<{ rank: number; freeAt?: number }>();
  /** How long calls take, the last one counting a fifth. */
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
