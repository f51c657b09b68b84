import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { createBrowsers } from '../../../../bot/http/oauth/browser.ts';

const TOKEN = 'b'.repeat(32);

/** An app that answers with the browser's id; `/new` sets the cookie first. */
const pageAt = (publicUrl: string) => {
  const browsers = createBrowsers({ publicUrl, newToken: () => TOKEN });
  return new Hono().get('/new', (c) => c.text(browsers.admit(c))).get('/', (c) => c.text(browsers.of(c) ?? 'nobody'));
};

test.each([
  ['http://localhost:8080', 'Path=/oauth; HttpOnly; SameSite=Lax'],
  ['https://bot.example.com', 'Path=/oauth; HttpOnly; Secure; SameSite=Lax'],
  ['https://bot.example.com/hexiao', 'Path=/hexiao/oauth; HttpOnly; Secure; SameSite=Lax'],
])('a cookie of %s is kept where it belongs', async (publicUrl, attributes) => {
  const given = await pageAt(publicUrl).request('/new');
  expect(given.headers.get('set-cookie')).toBe(`hexiao_oauth=${TOKEN}; Max-Age=7200; ${attributes}`);
});

test('a browser is identified by its cookie, and the id does not reveal the cookie', async () => {
  const page = pageAt('http://localhost:8080');
  const given = await (await page.request('/new')).text();
  const name = await (await page.request('/', { headers: { cookie: `hexiao_oauth=${TOKEN}` } })).text();
  expect(name).toBe(given);
  expect(name).not.toContain(TOKEN);
});

test.each(['', 'hexiao_oauth=', 'hexiao_oauth=short', `hexiao_oauth=${'ä'.repeat(32)}`, `other=${TOKEN}`])(
  'with the cookie “%s” it is nobody',
  async (cookie) => {
    expect(await (await pageAt('http://localhost:8080').request('/', { headers: { cookie: encodeURI(cookie) } })).text()).toBe(
      'nobody',
    );
  },
);
