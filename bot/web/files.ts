/** Serves the static files of pages from memory, compressed once; the folder `public` is their one list. */
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { etag } from 'hono/etag';

const PUBLIC = new URL('./public/', import.meta.url);
/** Files of other types (the HTML, the words) have routes of their own. */
const TYPES = new Map([
  ['css', 'text/css; charset=utf-8'],
  ['js', 'text/javascript; charset=utf-8'],
  ['svg', 'image/svg+xml'],
]);

/** Styles, scripts and the icon under `/page/`, with an ETag: browsers revalidate each time and mostly get a 304. */
export function pageFiles(): Hono {
  const app = new Hono();
  app.use('/page/*', etag());
  for (const name of readdirSync(PUBLIC, { recursive: true, encoding: 'utf8' })) {
    const type = TYPES.get(name.slice(name.lastIndexOf('.') + 1));
    if (type === undefined) continue;
    const file = name.replaceAll('\\', '/');
    const plain = readFileSync(new URL(file, PUBLIC));
    const zipped = gzipSync(plain, { level: 9 });
    const headers = { 'content-type': type, 'cache-control': 'no-cache', vary: 'accept-encoding' };
    app.get(`/page/${file}`, (c) =>
      /\bgzip\b/.test(c.req.header('accept-encoding') ?? '')
        ? c.body(zipped, 200, { ...headers, 'content-encoding': 'gzip' })
        : c.body(plain, 200, headers),
    );
  }
  return app;
}
