/** HTTP routes of a place's page: opening it verifies nothing and stores nothing; a visit begins with what is sent. */
import { Hono, type Context } from 'hono';
import type { ShowPlace } from '../../../handlers/self-service/arrival.ts';
import { words as wordsIn, type Locale } from '../../../locales/index.ts';
import { linkWord } from '../../../services/self-service/place-tokens.ts';
import { VISIT_MS } from '../../../services/self-service/visits.ts';
import { pageFiles } from '../files.ts';
import { createInputRoutes } from '../input-routes.ts';
import { createLiveRoutes } from '../live-routes.ts';
import { emptyPage, type Page } from '../page/visitor-page.ts';
import type { Box } from '../page-html.ts';
import type { PageParts, Site } from '../site.ts';
import { addressOf } from '../../http/address.ts';
import { createSession, localeOf, wordsOf } from '../visitor.ts';
import { chatOf, guestOf } from './guest.ts';
import { noticeHtml, placeHtml } from './page-html.ts';

const COOKIE = 'hexiao_visit';
const HERE = '/s/:token{[\\w-]{1,62}}';

export interface RouteParts extends PageParts {
  readonly publicUrl: string | undefined;
  readonly showPlace: ShowPlace;
  readonly speak: (chat: string, locale: Locale) => Promise<void>;
  readonly newId: () => string;
}

export function createRoutes(parts: RouteParts): Hono {
  const { publicUrl, showPlace, speak, newId, pages, throttle, now } = parts;
  const ours = publicUrl === undefined ? undefined : new URL(publicUrl);
  const base = ours?.pathname.replace(/\/$/, '') ?? '';
  // A plain address on the network is for trying: no browser keeps such a cookie there.
  const secure = ours === undefined || ours.protocol === 'https:' || isLoopback(ours.hostname);
  const app = new Hono();

  const tokenOf = (c: Context): string => c.req.param('token') ?? '';
  const at = (c: Context): string => `${base}/s/${tokenOf(c)}`;
  // One session for each place: what a browser verified at one is not told at another.
  const session = createSession(COOKIE, newId, (c) => ({ path: at(c), maxAge: VISIT_MS / 1000, secure }));
  const mayLook = (c: Context): boolean => throttle.mayLook(addressOf(c));

  function heads(c: Context): void {
    c.header('cache-control', 'no-store');
    // A form names the origin that it comes from; no other site is told this address, which is the place's secret.
    c.header('referrer-policy', 'same-origin');
    c.header('x-robots-tag', 'noindex');
  }

  function notice(c: Context, status: 404 | 429, says: string): Response | Promise<Response> {
    heads(c);
    return c.html(noticeHtml({ base, at: at(c), locale: localeOf(c), says }), status);
  }

  const dead = (c: Context) => notice(c, 404, wordsIn(localeOf(c)).say('place-link-dead'));

  /** The page of its visitor; nothing where the link leads nowhere. */
  async function render(c: Context, own: Partial<Box> = {}): Promise<string | undefined> {
    const locale = localeOf(c);
    const shown = await showPlace(tokenOf(c), wordsIn(locale));
    if (!shown) return undefined;
    const visitor = session.of(c);
    const page = visitor === undefined ? undefined : await pages.read(visitor);
    const box: Box = { id: newId(), secret: false, ...own };
    return placeHtml({ base, at: at(c), locale, shown, page, box, press: newId(), now: now() });
  }

  app.route('/', pageFiles());
  app.get(HERE, async (c) => {
    if (!mayLook(c)) return await notice(c, 429, wordsOf(c).refusals.slower);
    const html = await render(c);
    if (html === undefined) return await dead(c);
    heads(c);
    session.admit(c);
    return c.html(html);
  });

  const site: Site = {
    visitorOf: session.of,
    async firstPage(c, visitor): Promise<Page | undefined> {
      const locale = localeOf(c);
      if (!(await showPlace(tokenOf(c), wordsIn(locale)))) return undefined;
      await speak(chatOf(visitor), locale);
      return emptyPage(now());
    },
    eventOf: (c, { visitor, page }) => ({
      chat: chatOf(visitor),
      group: false,
      title: guestOf(visitor).name,
      from: guestOf(visitor),
      viaStoreLink: linkWord(tokenOf(c)),
      viaStoreLinkAt: page.since,
      language: localeOf(c),
      addressed: true,
    }),
    speak: (visitor, locale) => speak(chatOf(visitor), locale),
    async html(c, _, box) {
      heads(c);
      // Of a stranger, whose cookie is gone, the page begins anew.
      session.admit(c);
      return (await render(c, box)) ?? noticeHtml({ base, at: at(c), locale: localeOf(c), says: wordsOf(c).refusals.stranger });
    },
    home: at,
    mayAsk: (c, visitor) => throttle.mayAsk(visitor, addressOf(c)),
    mayCome: (c) => throttle.mayCome(addressOf(c)),
    origin: ours?.origin,
    secure,
    patient: true,
  };
  app.route(HERE, createLiveRoutes(site, parts));
  app.route(HERE, createInputRoutes(site, parts));
  return app;
}

const isLoopback = (host: string): boolean => /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/.test(host);
