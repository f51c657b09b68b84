/** HTTP routes of the practice page: the page itself, its live events, pictures and attachments. */
import { Hono, type Context } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { Time } from '../../services/time/time.ts';
import type { Locale } from '../../locales/index.ts';
import { clientAddress } from '../http/client-address.ts';
import type { Attachments } from './attachments.ts';
import { follow } from './events.ts';
import { pageFiles } from './files.ts';
import { createInputRoutes, type InputParts } from './input-routes.ts';
import { createPageHtml, type Box, type Sample } from './page-html.ts';
import type { Side } from './visitor-page.ts';
import { admit, localeOf, refuse, visitorOf, wordsOf } from './visitor.ts';

/** The collaborators of all routes. */
export interface RouteParts extends Omit<InputParts, 'html'> {
  readonly attachments: Attachments;
  readonly newId: () => string;
  readonly sleep: Time['sleep'];
  readonly samples: (locale: Locale) => readonly Sample[];
}

/** Creates the routes under `/`. */
export function createRoutes(parts: RouteParts): Hono {
  const { pages, photos, attachments, throttle, newId, now, sleep, samples, firstPage, secure } = parts;
  const app = new Hono();
  const render = createPageHtml();

  /** Renders the page for its visitor: the language, what is asked, and one box as the visitor left it. */
  async function html(c: Context, side: Side, own: Partial<Box> = {}): Promise<string> {
    const visitor = visitorOf(c);
    // Without the database the page is rendered too, and says so by its live events.
    const page = visitor === undefined ? undefined : await pages.read(visitor).catch(() => undefined);
    c.header('cache-control', 'no-store');
    // A form names the origin that it comes from, which tells it from forms of other sites.
    c.header('referrer-policy', 'same-origin');
    const box = (one: Side): Box => ({
      id: newId(),
      secret: page?.chats[one].ask === 'secret',
      ...(one === side && own),
    });
    const locale = localeOf(c);
    return render({ locale, side, samples: samples(locale), boxes: { store: box('store'), owners: box('owners') } });
  }

  app.get('/', async (c) => {
    admit(c, newId, secure);
    return c.html(await html(c, c.req.query('chat') === 'owners' ? 'owners' : 'store'));
  });
  app.route('/', pageFiles());
  app.get('/page/words', (c) => {
    const locale = localeOf(c);
    c.header('cache-control', 'no-store');
    return c.json({ locale, words: wordsOf(c), samples: samples(locale) });
  });

  app.get('/events', async (c) => {
    const visitor = visitorOf(c);
    if (visitor === undefined) return refuse(c, 401, 'stranger');
    const address = clientAddress(c);
    if (!throttle.mayAsk(visitor, address)) return refuse(c, 429, 'slower');
    if (!(await pages.read(visitor)) && !throttle.mayCome(address)) return refuse(c, 503, 'crowded');
    const ended = new AbortController();
    const leave = throttle.enter(visitor, address, () => ended.abort());
    try {
      await pages.open(visitor, () => firstPage(visitor, localeOf(c)));
      await pages.change(visitor, (page) => ({ ...page, seenAt: now() }));
    } catch (error) {
      leave();
      throw error;
    }
    const seen = c.req.header('last-event-id') ?? c.req.query('after');
    c.header('x-accel-buffering', 'no');
    return streamSSE(c, async (stream) => {
      stream.onAbort(leave);
      await follow(stream, { pages, visitor, seen, ended: ended.signal, sleep }).finally(leave);
    });
  });

  app.get('/photo/:id', async (c) => {
    const visitor = visitorOf(c);
    const photo = visitor === undefined ? undefined : await photos.own(visitor, c.req.param('id'));
    if (!photo) return c.notFound();
    return c.body(new Uint8Array(photo.bytes), 200, { 'content-type': photo.type, 'cache-control': 'private, max-age=900' });
  });
  app.get('/attachment/:id', async (c) => {
    const visitor = visitorOf(c);
    const found = visitor === undefined ? undefined : await attachments.own(visitor, c.req.param('id'));
    return found ? c.body(found.bytes, 200, found.headers) : c.notFound();
  });
  app.route('/', createInputRoutes({ ...parts, html }));

  return app;
}
