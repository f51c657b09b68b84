/** The page's own files, read once: no build, nothing from elsewhere. */
import { readFileSync } from 'node:fs';
import { Hono } from 'hono';
import { etag } from 'hono/etag';

const TYPES = { css: 'text/css; charset=utf-8', js: 'text/javascript; charset=utf-8', svg: 'image/svg+xml' } as const;
const FILES = [
  'page.css',
  'page.js',
  'phone.js',
  'pictures.js',
  'messages.js',
  'attachments.js',
  'elements.js',
  'words.js',
  'icon.svg',
] as const;

function read(file: string): string {
  return readFileSync(new URL(`./public/${file}`, import.meta.url), 'utf8');
}

/** Style, script and icon under `/page/`; browsers ask each time and are mostly told that nothing changed. */
export function pageFiles(): Hono {
  const app = new Hono();
  app.use('/page/*', etag());
  for (const file of FILES) {
    const text = read(file);
    const type = TYPES[file.slice(file.indexOf('.') + 1) as keyof typeof TYPES];
    app.get(`/page/${file}`, (c) => c.body(text, 200, { 'content-type': type, 'cache-control': 'no-cache' }));
  }
  return app;
}

export function pageHtml(): string {
  return read('index.html');
}
