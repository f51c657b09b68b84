import { expect, test } from 'vitest';
import { createThrottle } from '../../../bot/web/throttle.ts';

test('a visitor may ask twenty times within ten seconds, and again as soon as the first has passed', () => {
  let now = 1000;
  const throttle = createThrottle({ now: () => now });
  const answers = Array.from({ length: 21 }, () => throttle.mayAsk('a'));
  expect(answers.filter(Boolean)).toHaveLength(20);
  expect(answers.at(-1)).toBe(false);
  expect(throttle.mayAsk('b')).toBe(true);
  now += 10_000;
  expect(throttle.mayAsk('a')).toBe(true);
});

test('made-up visitors take no more memory than ten thousand: the one silent for longest is forgotten', () => {
  const throttle = createThrottle({ now: () => 1000 });
  for (let i = 0; i < 20; i++) throttle.mayAsk('silent');
  for (let i = 0; i < 9999; i++) throttle.mayAsk(`v${i}`);
  for (let i = 0; i < 20; i++) throttle.mayAsk('v0');
  expect(throttle.mayAsk('silent')).toBe(false);
  throttle.mayAsk('one more');
  throttle.mayAsk('and another');
  expect(throttle.mayAsk('v1')).toBe(true);
  expect(throttle.mayAsk('v0')).toBe(false);
  for (let i = 0; i < 10_000; i++) throttle.mayAsk(`w${i}`);
  expect(throttle.mayAsk('silent')).toBe(true);
});

test('an address is limited as a whole shop is, whatever its cookies', () => {
  let now = 1000;
  const throttle = createThrottle({ now: () => now });
  const granted = (ask: () => boolean): number => Array.from({ length: 200 }, ask).filter(Boolean).length;
  expect(granted(() => throttle.mayAskFrom('a'))).toBe(100);
  expect(granted(() => throttle.mayLook('a'))).toBe(60);
  expect(granted(() => throttle.mayComeFrom('a'))).toBe(30);
  // All addresses together are limited, too.
  expect(granted(() => throttle.mayComeFrom('b')) + granted(() => throttle.mayComeFrom('c'))).toBe(60);
  expect(granted(() => throttle.mayComeFrom('d')) + granted(() => throttle.mayComeFrom('e'))).toBe(30);
  now += 60_000;
  expect([throttle.mayAskFrom('a'), throttle.mayLook('a'), throttle.mayComeFrom('a')]).toEqual([true, true, true]);
});
