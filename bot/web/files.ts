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

interface PageFile {
  readonly file: string;
  readonly type: string;
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly zipped: Uint8Array<ArrayBuffer>;
}

let read: readonly PageFile[] | undefined;

/** All files, read once in a process. */
const files = (): readonly PageFile[] =>
  (read ??= readdirSync(PUBLIC, { recursive: true, encoding: 'utf8' }).flatMap((name) => {
    const type = TYPES.get(name.slice(name.lastIndexOf('.') + 1));
    if (type === undefined) return [];
    const file = name.replaceAll('\\', '/');
    const plain = readFileSync(new URL(file, PUBLIC));
    return { file, type, plain, zipped: gzipSync(plain, { level: 9 }) };
  }));

/** Styles, scripts and the icon under `/page/`, with an ETag: browsers revalidate each time and mostly get a 304. */
export function pageFiles(): Hono {
  const app = new Hono();
  app.use('/page/*', etag());
  for (const { file, type, plain, zipped } of files()) {
    const headers = { 'content-type': type, 'cache-control': 'no-cache', vary: 'accept-encoding' };
    app.get(`/page/${file}`, (c) =>
      /\bgzip\b/.test(c.req.header('accept-encoding') ?? '')
        ? c.body(zipped, 200, { ...headers, 'content-encoding': 'gzip' })
        : c.body(plain, 200, headers),
    );
  }
  return app;
}
