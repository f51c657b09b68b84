/** The page's own files, read once: no build, nothing from elsewhere. */
import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { etag } from 'hono/etag';

const FILES = [
  { path: '/page/page.css', file: 'page.css', type: 'text/css; charset=utf-8' },
  { path: '/page/page.js', file: 'page.js', type: 'text/javascript; charset=utf-8' },
  { path: '/page/icon.svg', file: 'icon.svg', type: 'image/svg+xml' },
] as const;

function read(file: string): string {
  return readFileSync(new URL(`./page/${file}`, import.meta.url), 'utf8');
}

/** Style, script and icon under `/page/`; browsers ask each time and are mostly told that nothing changed. */
export function pageFiles(): Hono {
  const app = new Hono();
  app.use('/page/*', etag());
  for (const { path, file, type } of FILES) {
    const text = read(file);
    app.get(path, (c) => c.body(text, 200, { 'content-type': type, 'cache-control': 'no-cache' }));
  }
  return app;
}

export function pageHtml(): string {
  return read('index.html');
}
