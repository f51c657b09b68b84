/** Dice that fall the same way every time: mulberry32, from a seed. */
export interface Chance {
  /** 0 to 1. */
  next(): number;
  between(least: number, most: number): number;
  /** A whole number, both ends included. */
  whole(least: number, most: number): number;
  /** So often, of one. */
  often(share: number): boolean;
  pick<T>(of: readonly T[]): T;
  /** So many digits; the first is no 0, lest it look like a landline. */
  digits(count: number): string;
}

export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const whole = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    whole,
    between: (least, most) => least + next() * (most - least),
    often: (share) => next() < share,
    pick: (of) => of[whole(0, of.length - 1)]!,
    digits: (count) => Array.from({ length: count }, (_, n) => whole(n === 0 ? 1 : 0, 9)).join(''),
  };
}
