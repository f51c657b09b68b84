import { expect, it } from 'vitest';
import { UNLISTED_A_DAY } from '../../../services/verification/guess-limiter.ts';
import { openHandlers, textOf } from '../harness.ts';

it('many accounts that guess in turn share the tries of an hour', async () => {
  const bot = await openHandlers();
  const tries = async (n: number): Promise<string> =>
    textOf(await bot.ask({ id: `telegram:${5000 + n}`, name: '路人' }, `加入 ${String(n).padStart(6, '0')}`));
  for (let n = 0; n < UNLISTED_A_DAY; n += 1) expect(await tries(n)).toContain('邀请不存在');
  expect(await tries(UNLISTED_A_DAY)).toContain('试得太多');
});
