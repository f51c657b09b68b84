/** Room for pictures of a practice page: all visitors together have so much, however many they say they are. */
import { expect, test } from 'vitest';
import { createPhotos, OF_ALL, PHOTO_BYTES, PHOTO_MS } from '../../../../bot/web/page/photos.ts';
import type { Collection } from '../../../../services/collection.ts';

/** Keeps the keys, and none of the bytes. */
function emptyShelf() {
  const keys = new Set<string>();
  const shelf: Collection<string> = {
    get: (key) => Promise.resolve(keys.has(key) ? '' : undefined),
    set: (key) => Promise.resolve(void keys.add(key)),
    delete: (key) => Promise.resolve(keys.delete(key)),
    take: (key) => Promise.resolve(keys.delete(key) ? '' : undefined),
  };
  return { keys, shelf };
}

test('pictures of all visitors have so much room: the oldest answered ones give way, and while all wait there is none', async () => {
  let now = 0;
  const { shelf } = emptyShelf();
  const bytes = new Uint8Array(PHOTO_BYTES / 100);
  const photos = createPhotos(shelf, () => now, OF_ALL / 1000);
  const keep = (n: number) => photos.keep(`visitor${n}`, 'event', bytes);
  for (let n = 0; n < 10; n += 1) expect(await keep(n)).toBe(`visitor${n}-event`);
  expect(await keep(10)).toBe('full');
  photos.answered('visitor5-event');
  expect(await keep(10)).toBe('visitor10-event');
  expect(await keep(11)).toBe('full');
  now += PHOTO_MS;
  expect(await keep(11)).toBe('visitor11-event');
});
