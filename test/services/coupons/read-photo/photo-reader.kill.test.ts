/** Many pictures are given up in the middle of being recognised, by the real recogniser. Runs with KILL=1. */
import { it } from 'vitest';
import { giveUp } from './give-up.ts';

it('200 pictures are given up at any moment; the program goes on and reads others', { timeout: 2_400_000 }, async () => {
  await giveUp(200);
});
