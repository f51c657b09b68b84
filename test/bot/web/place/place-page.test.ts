import { describe, expect, test } from 'vitest';
import { card, idOf, listen } from '../tab.ts';
import { createPlaces, memoryCollections, TOKEN } from './harness.ts';

const EVENT = 'event-00000001';

describe('an event of the page', () => {
  test('carries the place’s link and when it was opened, the guest and his language, and never his cookie', async () => {
    const { browse, heard, pages } = await createPlaces();
    const browser = await browse();
    await browser.post('/say', { chat: 'store', id: EVENT, text: '1000420616' });
    const visitor = idOf(browser.cookie);
    const { since } = (await pages.get(visitor))!;
    expect(heard).toMatchObject([
      {
        id: `web-place:${visitor}:${EVENT}`,
        chat: `web-place:${visitor}`,
        group: false,
        from: { id: `web-place:${visitor}` },
        viaStoreLink: `s_${TOKEN}`,
        viaStoreLinkAt: since,
        language: 'zh-CN',
      },
    ]);
    expect(JSON.stringify(heard)).not.toContain(browser.cookie.split('=')[1]);
  });

  test('begins no visit at a place that is none', async () => {
    const { http, heard, pages } = await createPlaces();
    const answer = await http.app.request('/s/BBBBBBBBBBBBBBBBBBBBBB/say', {
      method: 'POST',
      headers: { cookie: `hexiao_visit=${'a'.repeat(32)}`, 'content-type': 'application/json' },
      body: JSON.stringify({ chat: 'store', id: EVENT, text: '1000420616' }),
    });
    expect(answer.status).toBe(401);
    expect(heard).toEqual([]);
    expect(await pages.get(idOf(`hexiao_visit=${'a'.repeat(32)}`))).toBeUndefined();
  });
});

test('links are told where there is a public address, and to a path of it too', async () => {
  const links = async (publicUrl: string) => (await createPlaces({ publicUrl })).channel.customerLinks!(`s_${TOKEN}`);
  expect(await links('https://shop.example')).toEqual([{ name: '', url: `https://shop.example/s/${TOKEN}` }]);
  expect(await links('https://a.example/hexiao')).toEqual([{ name: '', url: `https://a.example/hexiao/s/${TOKEN}` }]);
  expect(await (await createPlaces()).channel.customerLinks!('store-1')).toEqual([]);
});

test('below a path of the public address the page, its cookie and its files are there', async () => {
  const { http } = await createPlaces({ publicUrl: 'https://a.example/hexiao' });
  const page = await http.app.request(`/s/${TOKEN}`);
  const html = await page.text();
  expect(html).toContain('href="/hexiao/page/place.css"');
  expect(html).toContain(`action="/hexiao/s/${TOKEN}/form/say"`);
  expect(page.headers.get('set-cookie')).toContain(`Path=/hexiao/s/${TOKEN};`);
});

test('the cookie is for https alone, but where the address is a plain one on the network', async () => {
  const cookie = async (publicUrl: string) =>
    (await (await createPlaces({ publicUrl })).http.app.request(`/s/${TOKEN}`)).headers.get('set-cookie');
  expect(await cookie('https://shop.example')).toContain('Secure');
  expect(await cookie('http://127.0.0.1:8080')).toContain('Secure');
  expect(await cookie('http://192.168.1.5:8080')).not.toContain('Secure');
});

test('what another instance answers reaches the page, though nobody wakes it here', async () => {
  const collections = await memoryCollections();
  // Heartbeats are far away; the page looks sooner while it waits for an answer.
  const sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (ms < 15_000) setTimeout(resolve, 5);
      signal?.addEventListener('abort', () => resolve());
    });
  const here = await createPlaces({ collections, sleep });
  const there = await createPlaces({ collections });
  const browser = await here.browse();
  const stream = await listen(await browser.get('/events'));
  await stream.change();
  await browser.post('/say', { chat: 'store', id: EVENT, text: '1000420616' });
  await stream.change();
  await there.channel.send(here.heard[0]!.chat, { kind: 'card', card }, here.heard[0]);
  const { chats } = await stream.change();
  expect(chats.store.messages).toMatchObject([{ kind: 'card', card: { title: card.title } }]);
  await stream.close();
});

test('asking brings what has changed since, and nothing twice', async () => {
  const { browse, channel, heard } = await createPlaces();
  const browser = await browse();
  await browser.post('/say', { chat: 'store', id: EVENT, text: '1000420616' });
  const first = await browser.get('/changes?after=');
  const mark = first.headers.get('etag')!.replaceAll('"', '');
  expect(await first.json()).toMatchObject({ full: true });
  expect((await browser.get(`/changes?after=${mark}`)).status).toBe(204);
  await channel.send(heard[0]!.chat, { kind: 'card', card }, heard[0]);
  expect(await (await browser.get(`/changes?after=${mark}`)).json()).toMatchObject({
    full: false,
    chats: { store: { messages: [{ kind: 'card' }] } },
  });
});
