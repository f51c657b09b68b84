/** Chance from a seed: the same seed draws the same numbers, on every machine. */

export interface Chance {
  /** From 0, below 1. */
  unit(): number;
  /** A whole number, both ends included. */
  between(least: number, most: number): number;
  /** True with this probability. */
  often(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  bytes(count: number): Buffer;
  /** Chance of its own: what is drawn elsewhere does not shift it. */
  fork(name: string): Chance;
}

export function createChance(seed: string): Chance {
  // sfc32: 128 bits of state, passes PractRand; its state is a hash of the seed.
  let [a, b, c, counter] = [hash(seed, 0), hash(seed, 1), hash(seed, 2), 1];
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    c |= 0;
    return t >>> 0;
  };
  for (let n = 0; n < 12; n++) next();
  const unit = (): number => next() / 4_294_967_296;
  const between = (least: number, most: number): number => least + Math.floor(unit() * (most - least + 1));
  return {
    unit,
    between,
    often: (probability) => unit() < probability,
    pick: (from) => from[between(0, from.length - 1)]!,
    bytes: (count) => Buffer.from(Array.from({ length: count }, () => between(0, 255))),
    fork: (name) => createChance(`${seed}/${name}`),
  };
}

/** FNV-1a with a salt and a final mix. */
function hash(text: string, salt: number): number {
  let h = 0x811c9dc5 ^ Math.imul(salt + 1, 0x9e3779b1);
  for (let n = 0; n < text.length; n++) h = Math.imul(h ^ text.charCodeAt(n), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
}
