/** Pages of one place with an HTTP listener, collections in memory, and browsers that keep their cookie. */
import { randomBytes } from 'node:crypto';
import { createHttp } from '../../../../bot/http/server.ts';
import { createBodies } from '../../../../bot/http/body.ts';
import type { KeptAttachment } from '../../../../bot/web/page/attachments.ts';
import type { Page } from '../../../../bot/web/page/visitor-page.ts';
import { createPlacePages, PLACE_PAGE_MS } from '../../../../bot/web/place/place-page.ts';
import type { Incoming } from '../../../../handlers/message.ts';
import { createCollections, type Collections } from '../../../../services/database/collections.ts';
import { openSqlite } from '../../../../services/database/database.ts';
import { noMutex } from '../../../../services/database/locks/mutex.ts';
import { createSeal } from '../../../../services/database/seal.ts';
import { systemTime, type Time } from '../../../../services/time/time.ts';

export const TOKEN = 'AbCdEfGhIjKlMnOpQrStUv';

export async function memoryCollections(): Promise<Collections> {
  const { db } = await openSqlite(':memory:');
  return createCollections(db, createSeal(randomBytes(32)), () => Date.now());
}

/** One instance. Its listener is not started: `browse` asks it without a port. */
export async function createPlaces({
  collections,
  sleep = systemTime.sleep,
  publicUrl = 'https://shop.example',
}: { collections?: Collections; sleep?: Time['sleep']; publicUrl?: string } = {}) {
  const kept = collections ?? (await memoryCollections());
  const heard: Incoming[] = [];
  const pages = kept<Page>('place-page', PLACE_PAGE_MS);
  const { channel, app } = createPlacePages({
    pages,
    photos: kept<string>('photo', PLACE_PAGE_MS),
    attachments: kept<KeptAttachment>('attachment', PLACE_PAGE_MS),
    bodies: createBodies(),
    mutex: noMutex,
    publicUrl,
    showPlace: (token) =>
      Promise.resolve(token === TOKEN ? { store: '棋牌室', place: '3 号桌', says: '你好，请发送券码。', open: true } : undefined),
    speak: () => Promise.resolve(),
    newId: () => randomBytes(16).toString('hex'),
    now: () => Date.now(),
    sleep,
    log: { warn: () => undefined },
  });
  const http = createHttp({
    port: 0,
    host: '127.0.0.1',
    health: () => Promise.resolve([]),
    metrics: () => Promise.resolve(''),
    time: systemTime,
    log: { info: () => undefined, error: () => undefined },
  });
  http.mount(app);
  await channel.start((incoming) => Promise.resolve(void heard.push(incoming)));
  return {
    channel,
    http,
    pages,
    heard,
    /** A browser at the place; the cookie of another one goes on as that. */
    async browse(cookie?: string) {
      const jar = cookie ?? (await http.app.request(`/s/${TOKEN}`)).headers.get('set-cookie')!.split(';')[0]!;
      const get = (path: string) => http.app.request(`/s/${TOKEN}${path}`, { headers: { cookie: jar } });
      const post = (path: string, body: unknown) =>
        http.app.request(`/s/${TOKEN}${path}`, {
          method: 'POST',
          headers: { cookie: jar, 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
          body: JSON.stringify(body),
        });
      return { cookie: jar, get, post };
    },
  };
}
