import { expect, test } from 'vitest';
import { createReadiness } from '../../../bot/channel/readiness.ts';

const NOON = Date.UTC(2026, 10, 22, 4);

test('a channel is ready once its start resolves, and complained of when it is not after a minute', async () => {
  let at = NOON;
  const readiness = createReadiness(() => at);
  await readiness.begin('web', () => Promise.resolve());
  const reached = Promise.withResolvers<void>();
  const opening = readiness.begin('telegram', () => reached.promise);
  expect(readiness.names()).toEqual(['web']);
  at += 59_999;
  expect(readiness.complaints()).toEqual([]);
  at += 1;
  expect(readiness.complaints()).toEqual([expect.stringMatching(/^telegram has heard nothing since 2026-11-22T04:00:00\.000Z/)]);
  reached.resolve();
  await opening;
  expect(readiness.complaints()).toEqual([]);
  expect(readiness.names()).toEqual(['web', 'telegram']);
});

test('a start that is repeated counts from the first try', async () => {
  let at = NOON;
  const readiness = createReadiness(() => at);
  for (let n = 0; n < 3; n++) {
    await expect(readiness.begin('telegram', () => Promise.reject(new Error('no network')))).rejects.toThrow('no network');
    at += 30_000;
  }
  expect(readiness.complaints()).toHaveLength(1);
});

test('a channel that another instance hears is no fault, also when its start ends later', async () => {
  let at = NOON;
  const readiness = createReadiness(() => at);
  const stopped = Promise.withResolvers<void>();
  const opening = readiness.begin('telegram', () => stopped.promise);
  readiness.end('telegram');
  stopped.resolve();
  await opening;
  at += 120_000;
  expect(readiness.complaints()).toEqual([]);
  expect(readiness.names()).toEqual([]);
});
