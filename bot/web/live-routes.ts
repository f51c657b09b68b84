/** Routes that show a page: its live events, the same by asking, and pictures and files for its visitor alone. */
import { Hono, type Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import { addressOf } from '../http/address.ts';
import { follow } from './page/events.ts';
import type { PageParts, Site } from './site.ts';
import { changeSince, mark } from './page/visitor-page.ts';
import { refuse } from './visitor.ts';

export function createLiveRoutes(site: Site, parts: PageParts): Hono {
  const { pages, photos, attachments, throttle, now, sleep } = parts;
  const app = new Hono();

  /** The page of a visitor who may look at it now, or why not. */
  async function looking(c: Context) {
    const visitor = site.visitorOf(c);
    if (visitor === undefined) return refuse(c, 401, 'stranger');
    if (!site.mayAsk(c, visitor)) return refuse(c, 429, 'slower');
    if (!(await pages.read(visitor)) && !site.mayCome(c)) return refuse(c, 503, 'crowded');
    const opened = await pages.open(visitor, () => site.firstPage(c, visitor));
    return opened ? { visitor, page: opened } : refuse(c, 401, 'stranger');
  }

  app.get('/events', async (c) => {
    const found = await looking(c);
    if (found instanceof Response) return found;
    const { visitor } = found;
    const ended = new AbortController();
    const leave = throttle.enter(visitor, addressOf(c), () => ended.abort());
    await pages
      .change(visitor, (page) => ({ ...page, seenAt: now() }))
      .catch((error: unknown) => {
        leave();
        throw error;
      });
    const seen = c.req.header('last-event-id') ?? c.req.query('after');
    c.header('x-accel-buffering', 'no');
    return streamSSE(c, async (stream) => {
      stream.onAbort(leave);
      await follow(stream, { pages, visitor, seen, ended: ended.signal, now, sleep }).finally(leave);
    });
  });

  app.get('/changes', async (c) => {
    const found = await looking(c);
    if (found instanceof Response) return found;
    const change = changeSince(found.page, c.req.query('after'));
    c.header('cache-control', 'no-store');
    c.header('etag', `"${mark(found.page)}"`);
    return change ? c.json(change) : c.body(null, 204);
  });

  app.get('/photo/:id', async (c) => {
    const visitor = site.visitorOf(c);
    const photo = visitor === undefined ? undefined : await photos.own(visitor, c.req.param('id'));
    if (!photo) return c.notFound();
    return c.body(new Uint8Array(photo.bytes), 200, { 'content-type': photo.type, 'cache-control': 'private, max-age=900' });
  });
  app.get('/attachment/:id', async (c) => {
    const visitor = site.visitorOf(c);
    const found = visitor === undefined ? undefined : await attachments.own(visitor, c.req.param('id'));
    return found ? c.body(found.bytes, 200, found.headers) : c.notFound();
  });
  return app;
}
