import { expect, test } from 'vitest';
import { instrumented } from '../../../services/platforms/instrumented.ts';
import { PlatformFault, type Platform } from '../../../services/platforms/platform.ts';
import { scriptedPlatform } from '../../doubles/scripted-platform.ts';
import { systemTime } from '../../../services/time/time.ts';

function watch(lookup: Platform['lookup']) {
  const seen: unknown[][] = [];
  const lines: unknown[] = [];
  const platform = instrumented(
    { ...scriptedPlatform(() => 0).platform, lookup },
    {
      observe: (...call) => void seen.push(call.slice(0, 3)),
      monotonic: systemTime.monotonic,
      log: { warn: (message, facts) => void lines.push({ message, ...facts }) },
    },
  );
  const ask = (): Promise<unknown> =>
    platform
      .lookup({ token: 't' } as never, { id: '1', name: 'x' } as never, '1000000079', 'meituan')
      .catch((error: unknown) => error);
  return { ask, seen, lines };
}

test('a platform that fails is told of: which, in what, how, and whether it may have been done', async () => {
  const fault = new PlatformFault('unreachable', 'unknown', 'no answer within 5 s');
  const { ask, seen, lines } = watch(() => Promise.reject(fault));
  expect(await ask()).toBe(fault);
  expect(seen).toEqual([['umember', 'lookup', 'unreachable']]);
  expect(lines).toEqual([
    {
      message: 'a platform call failed',
      platform: 'umember',
      call: 'lookup',
      kind: 'unreachable',
      outcome: 'unknown',
      reason: 'no answer within 5 s',
    },
  ]);
});

test('an answer, and a defect of our own, are counted and not told as the platform’s', async () => {
  const fine = watch(() => Promise.resolve({ kind: 'coupon', code: '1000000079', title: 'x', remaining: 1 }));
  await fine.ask();
  const broken = watch(() => Promise.reject(new TypeError('oops')));
  await broken.ask();
  expect([...fine.seen, ...broken.seen]).toEqual([
    ['umember', 'lookup', 'coupon'],
    ['umember', 'lookup', 'defect'],
  ]);
  expect([...fine.lines, ...broken.lines]).toEqual([]);
});
