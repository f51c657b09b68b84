import { expect, test } from 'vitest';
import { createKeyedQueue } from '../../services/keyed-queue.ts';

test('tasks of one key run in order of arrival, those of another key at the same time', async () => {
  const queue = createKeyedQueue();
  const events: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = queue('a', async () => {
    events.push('a1 begins');
    await gate.promise;
    events.push('a1 ends');
  });
  const second = queue('a', () => Promise.resolve(void events.push('a2')));
  await queue('b', () => Promise.resolve(void events.push('b1')));
  expect(events).toEqual(['a1 begins', 'b1']);
  gate.resolve();
  await Promise.all([first, second]);
  expect(events).toEqual(['a1 begins', 'b1', 'a1 ends', 'a2']);
});

test('a failed task rejects for its own caller and does not hold up the next one', async () => {
  const queue = createKeyedQueue();
  const failed = queue('a', () => Promise.reject(new Error('disk full')));
  const next = queue('a', () => Promise.resolve('done'));
  await expect(failed).rejects.toThrow('disk full');
  expect(await next).toBe('done');
});
