import { describe, expect, test } from 'vitest';
import { createThrottle } from '../../../bot/web/throttle.ts';

const MINUTE = 60_000;

/** Addresses of the internet, as many as are wanted. */
const address = (n: number): string => `8.${n >> 16}.${(n >> 8) & 255}.${n & 255}`;

describe('requests', () => {
  test('a visitor may ask twenty times within ten seconds, and again as soon as the first has passed', () => {
    let now = 1000;
    const throttle = createThrottle({ now: () => now });
    const answers = Array.from({ length: 21 }, () => throttle.mayAsk('a', address(1)));
    expect(answers.filter(Boolean)).toHaveLength(20);
    expect(answers.at(-1)).toBe(false);
    expect(throttle.mayAsk('b', address(1))).toBe(true);
    now += 10_000;
    expect(throttle.mayAsk('a', address(1))).toBe(true);
  });

  test('an address may ask a hundred times, under whatever names; another address is not in its way', () => {
    const throttle = createThrottle({ now: () => 1000 });
    const answers = Array.from({ length: 300 }, (_, n) => throttle.mayAsk(`made up ${n}`, address(1)));
    expect(answers.filter(Boolean)).toHaveLength(100);
    expect(throttle.mayAsk('honest', address(2))).toBe(true);
  });

  test('made-up visitors take no endless memory: the one silent for longest is forgotten', () => {
    const throttle = createThrottle({ now: () => 1000 });
    for (let n = 0; n < 21; n++) throttle.mayAsk('silent', address(0));
    expect(throttle.mayAsk('silent', address(0))).toBe(false);
    for (let n = 0; n < 20_000; n++) throttle.mayAsk(`v${n}`, address(n));
    expect(throttle.mayAsk('silent', address(0))).toBe(true);
  });
});

describe('newcomers', () => {
  test('one address brings sixty an hour; whoever comes from elsewhere comes in', () => {
    let now = 1000;
    const throttle = createThrottle({ now: () => now });
    expect(Array.from({ length: 200 }, () => throttle.mayCome(address(1))).filter(Boolean)).toHaveLength(60);
    expect(throttle.mayCome(address(2))).toBe(true);
    now += 60 * MINUTE;
    expect(throttle.mayCome(address(1))).toBe(true);
  });

  test('many addresses together shut out nobody: only those that brought some already wait', () => {
    let now = 1000;
    const throttle = createThrottle({ now: () => now });
    for (let n = 0; n < 1000; n++) throttle.mayCome(address(n % 10));
    expect(throttle.mayCome(address(3))).toBe(false);
    expect([throttle.mayCome(address(11)), throttle.mayCome(address(11))]).toEqual([true, true]);
    expect(throttle.mayCome(address(11))).toBe(false);
    now += MINUTE;
    expect(throttle.mayCome(address(3))).toBe(true);
  });
});

describe('live tabs', () => {
  test('of a visitor are four: the oldest sleeps', () => {
    const throttle = createThrottle({ now: () => 1000 });
    const asleep: number[] = [];
    for (let n = 0; n < 6; n++) throttle.enter('a', address(1), () => void asleep.push(n));
    expect(asleep).toEqual([0, 1]);
  });

  test('of one address are two hundred, and of all a thousand: the address that has the most gives way', () => {
    const throttle = createThrottle({ now: () => 1000 });
    const asleep: string[] = [];
    const enter = (visitor: string, at: string) => throttle.enter(visitor, at, () => void asleep.push(at));
    enter('honest', address(0));
    for (let n = 0; n < 300; n++) enter(`v${n}`, address(1));
    expect(asleep).toEqual(Array(100).fill(address(1)));
    for (let n = 0; n < 5000; n++) enter(`w${n}`, address(2 + (n % 5)));
    enter('late', address(9));
    expect(asleep).not.toContain(address(0));
    expect(asleep).not.toContain(address(9));
  });

  test('one that closes gives its place back, once', () => {
    const throttle = createThrottle({ now: () => 1000 });
    const asleep: number[] = [];
    const leave = throttle.enter('a', address(1), () => void asleep.push(0));
    leave();
    leave();
    for (let n = 1; n < 5; n++) throttle.enter('a', address(1), () => void asleep.push(n));
    expect(asleep).toEqual([]);
  });
});

test('an address looks at sixty pages, and asks a hundred times whatever its cookies; ten seconds later again', () => {
  let now = 1000;
  const throttle = createThrottle({ now: () => now });
  const granted = (ask: (n: number) => boolean): number => Array.from({ length: 200 }, (_, n) => ask(n)).filter(Boolean).length;
  expect(granted((n) => throttle.mayAsk(`cookie ${n}`, 'a'))).toBe(100);
  expect(granted(() => throttle.mayLook('a'))).toBe(60);
  expect(throttle.mayLook('b')).toBe(true);
  now += 10_000;
  expect([throttle.mayAsk('cookie', 'a'), throttle.mayLook('a')]).toEqual([true, true]);
});
