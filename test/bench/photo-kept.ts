/** What a picture of ten megabytes costs the event loop on its way: decrypted, kept for whoever reads it, fetched, handed over. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createMedia } from '../../bot/wecom/smart-bot/media.ts';
import { createPhotoReader } from '../../services/coupons/read-photo/photo-reader.ts';
import { openSqlite } from '../../services/database/database.ts';
import { createCollections } from '../../services/database/collections.ts';
import { createChunks } from '../../services/database/chunks.ts';
import { createSeal } from '../../services/database/seal.ts';
import { startWecomBot } from '../doubles/wecom-smart-bot.ts';
import type { Figure } from './ledger.ts';
import { watchTurns } from './turns.ts';

const TEN_MB = 10 * 1024 * 1024 - 32;

export async function onItsWay(): Promise<Figure[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hexiao-kept-'));
  const database = await openSqlite(path.join(folder, 'kept.db'));
  const wecom = await startWecomBot({});
  const silent = (): void => {};
  const reader = createPhotoReader({ log: { info: silent, warn: silent, error: silent } });
  try {
    const pieces = createChunks(
      createCollections(database.db, createSeal(randomBytes(32)), () => Date.now())<string>('photo', 60_000),
    );
    const fetch = createMedia({ base: wecom.mediaBase });
    const bytes = randomBytes(TEN_MB);
    bytes.set([0xff, 0xd8, 0xff, 0xe0]);
    const way = async (): Promise<void> => {
      const { url, aeskey } = wecom.media.put(wecom.mediaBase, bytes);
      // What the double does before it answers is not ours.
      const stop = watchTurns();
      await pieces.set('a', await fetch({ url, key: aeskey }));
      const kept = await pieces.get('a');
      if (kept) await reader.read(kept, { person: 'a', practice: false });
      turns = stop();
    };
    let turns = { busiest: 0, longest: 0 };
    // Once to warm up: the program has run for a while.
    await way();
    await way();
    const { busiest, longest } = turns;
    return [
      {
        what: 'event loop, 10 MB on their way',
        measured: `${busiest.toFixed(0)} ms busy, ${longest.toFixed(0)} ms on the clock`,
        promised: '20 ms',
        held: busiest <= 20,
      },
    ];
  } finally {
    await reader.close();
    await wecom.close();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}
