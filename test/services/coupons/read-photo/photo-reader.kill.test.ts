/** Many pictures are given up in the middle of being recognised, by the real recogniser. Runs with KILL=1. */
import { expect, it } from 'vitest';
import { giveUp } from './give-up.ts';

it('200 pictures are given up at any moment; the program lives on and reads the next', { timeout: 1_200_000 }, async () => {
  expect(await giveUp(200)).toBeGreaterThan(150);
});
