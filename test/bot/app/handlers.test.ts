import { randomBytes, randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import { createHandlers } from '../../../bot/app/handlers.ts';
import { openSqlite } from '../../../services/database/database.ts';
import { createSeal } from '../../../services/database/seal.ts';

test('the first person after a kill waits three seconds for the platform, not half a minute', async () => {
  const database = await openSqlite(':memory:');
  const now = (): number => Date.UTC(2026, 10, 22, 4);
  await database.db
    .insertInto('call_slot')
    .values({ account: 'umember owner@example.com', slot: 0, free_at: now() + 30_000 })
    .execute();
  const wiring = createHandlers({
    config: { locale: 'zh-CN', timeZone: 'Asia/Shanghai', operators: [] },
    database,
    seal: createSeal(randomBytes(32)),
    platforms: () => [],
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    now,
    newId: randomUUID,
    administers: () => Promise.resolve(false),
    link: () => undefined,
    version: '0',
  });
  await wiring.recover();
  expect(await database.db.selectFrom('call_slot').select('free_at').execute()).toEqual([{ free_at: now() + 3_000 }]);
  await database.close();
});
