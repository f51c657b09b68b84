import { expect, test } from 'vitest';
import words from '../../../bot/web/public/words.json' with { type: 'json' };
import { createPractice } from './harness.ts';

test('the page has the same keys in every language', () => {
  const keys = (value: unknown, path = ''): string[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => keys(inner, `${path}.${key}`))
      : [path];
  expect(keys(words['zh-CN'])).toEqual(keys(words.en));
});

test('the files of the page are served with their types, and no others', async () => {
  const { http } = await createPractice();
  const type = async (path: string) => {
    const answer = await http.app.request(path);
    return `${answer.status} ${answer.headers.get('content-type')?.split(';')[0]}`;
  };
  expect(await type('/')).toBe('200 text/html');
  expect(await type('/page/page.css')).toBe('200 text/css');
  expect(await type('/page/page.js')).toBe('200 text/javascript');
  expect(await type('/page/icon.svg')).toBe('200 image/svg+xml');
  expect(await type('/page/words.json')).toMatch(/^404/);
  expect(await type('/page/index.html')).toMatch(/^404/);
  expect(await type('/page/style')).toMatch(/^404/);
  expect(await type('/page/../web.ts')).toMatch(/^404/);
  expect(await type('/page/%2e%2e/web.ts')).toMatch(/^404/);
});

test('every file that the page, its styles and its scripts name is served', async () => {
  const { http } = await createPractice();
  const found = new Set<string>();
  const crawl = async (path: string): Promise<void> => {
    if (found.has(path)) return;
    found.add(path);
    const answer = await http.app.request(path);
    expect(answer.status, path).toBe(200);
    const names = (await answer.text()).matchAll(/(?:(?:src|href)="|url\('|from ')([.\w/-]+\.(?:css|js|svg))["']/g);
    for (const [, name] of names) await crawl(new URL(name!, `http://page${path}`).pathname);
  };
  await crawl('/');
  expect([...found].filter((path) => path.endsWith('.css'))).toContain('/page/style/card.css');
  expect(found.size).toBeGreaterThan(18);
});

test('a style in a folder has the security policy and an ETag like every file of the page', async () => {
  const { http } = await createPractice();
  for (const path of ['/page/page.js', '/page/style/card.css']) {
    const answer = await http.app.request(path);
    expect(answer.headers.get('content-security-policy'), path).toContain("style-src 'self'");
    const known = answer.headers.get('etag')!;
    expect((await http.app.request(path, { headers: { 'if-none-match': known } })).status, path).toBe(304);
  }
});
