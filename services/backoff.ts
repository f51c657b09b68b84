/** Exponential back-off: the wait before a failed call is tried again. */

/** The wait after the nth failure in a row (counted from 1), ms: `firstMs`, doubled each time, at most `longestMs`. */
export const backoff = (failures: number, { firstMs = 1000, longestMs }: { firstMs?: number; longestMs: number }): number =>
  Math.min(longestMs, firstMs * 2 ** (failures - 1));
