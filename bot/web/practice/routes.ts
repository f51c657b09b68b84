/** HTTP routes of the practice page: the page itself and its words, besides what all pages of chats answer. */
import { Hono, type Context } from 'hono';
import type { Locale } from '../../../locales/index.ts';
import { addressOf } from '../../http/address.ts';
import { pageFiles } from '../files.ts';
import { createInputRoutes } from '../input-routes.ts';
import { createLiveRoutes } from '../live-routes.ts';
import type { Box } from '../page-html.ts';
import type { PageParts, Site } from '../site.ts';
import { createSession, localeOf, wordsOf } from '../visitor.ts';
import type { Page, Side } from '../page/visitor-page.ts';
import { practiceHtml, type Sample } from './page-html.ts';
import { chatOf, personOf } from './visitor.ts';

const COOKIE = 'hexiao_visitor';
const COOKIE_S = 30 * 24 * 60 * 60;

/** The collaborators of all routes. */
export interface RouteParts extends PageParts {
  readonly newId: () => string;
  readonly samples: (locale: Locale) => readonly Sample[];
  /** Cookies go by https alone. */
  readonly secure: boolean;
  readonly speak: Site['speak'];
  /** The page of a new visitor. */
  readonly firstPage: (visitor: string, locale: Locale) => Promise<Page>;
}

/** Creates the routes under `/`. */
export function createRoutes(parts: RouteParts): Hono {
  const { pages, throttle, newId, samples, firstPage, speak, secure } = parts;
  const app = new Hono();
  const session = createSession(COOKIE, newId, () => ({ path: '/', maxAge: COOKIE_S, secure }));

  /** Renders the page for its visitor: the language, what is asked, and one box as the visitor left it. */
  async function html(c: Context, side: Side, own: Partial<Box> = {}): Promise<string> {
    const visitor = session.of(c);
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
    return practiceHtml({ locale, side, samples: samples(locale), boxes: { store: box('store'), owners: box('owners') } });
  }

  app.get('/', async (c) => {
    session.admit(c);
    return c.html(await html(c, c.req.query('chat') === 'owners' ? 'owners' : 'store'));
  });
  app.route('/', pageFiles());
  app.get('/page/words', (c) => {
    const locale = localeOf(c);
    c.header('cache-control', 'no-store');
    return c.json({ locale, words: wordsOf(c), samples: samples(locale) });
  });

  const site: Site = {
    visitorOf: session.of,
    firstPage: (c, visitor) => firstPage(visitor, localeOf(c)),
    eventOf: (c, { visitor }, side) => ({
      chat: chatOf(visitor, side),
      group: side === 'owners',
      title: wordsOf(c)[side],
      from: personOf(visitor, localeOf(c)),
      addressed: true,
    }),
    speak,
    html,
    home: () => '/',
    mayAsk: (c, visitor) => throttle.mayAsk(visitor, addressOf(c)),
    mayCome: (c) => throttle.mayCome(addressOf(c)),
    secure,
  };
  app.route('/', createLiveRoutes(site, parts));
  app.route('/', createInputRoutes(site, parts));
  return app;
}
