/** The OAuth routes for merchants: our page before the platform's, the callback, and the page of the outcome. */
import { Hono, type Context } from 'hono';
import type { Away, Trip } from '../../../handlers/bind/authorise.ts';
import type { Grants } from '../../../handlers/bind/grants.ts';
import type { Log } from '../../../services/log.ts';
import type { Authorisation, Platform, PlatformName } from '../../../services/platforms/platform.ts';
import type { Collection } from '../../../services/database/collections.ts';
import type { Bodies } from '../body.ts';
import type { Hear } from '../../channel/channel.ts';
import { createBrowsers, proofOf } from './browser.ts';
import { namesOf, show, STYLE, wordsOf, type Page } from './pages.ts';

/** The collaborators of the routes. */
export interface OauthParts {
  readonly away: Collection<Away>;
  readonly trips: Collection<Trip>;
  readonly grants: Grants;
  readonly platforms: readonly Pick<Platform, 'name' | 'authorisation'>[];
  readonly hear: Hear;
  /** The address people reach this program at: `Config.publicUrl`. */
  readonly publicUrl: string;
  /** Gives at least 128 random bits as 32 lower-case letters and digits. */
  readonly newToken: () => string;
  readonly bodies: Bodies;
  readonly now: () => number;
  readonly log: Pick<Log, 'warn'>;
}

/** Length limit of a platform's authorisation code, characters; real ones have about forty. */
const LONGEST = 500;
const WORD = '[a-z0-9]{32}';
/** Size limit of a form: ours have one field of 64 characters. */
const FORM = { bytes: 4_096 };

/**
 * Creates the routes. A link opens our page that names the chat and the person who asked; GET changes nothing. Its button
 * sends this browser to the platform's page, and the callback accepts the platform's answer from this browser alone.
 */
export function createOauth(parts: OauthParts): Hono {
  const { away, trips, grants, platforms, hear, publicUrl, newToken, bodies, now, log } = parts;
  const browsers = createBrowsers({ publicUrl, newToken });
  const base = new URL(publicUrl).pathname.replace(/\/$/, '');
  const page = (c: Context, status: Parameters<typeof show>[1], shown: Page) => show(c, status, shown, base);
  /** A page with one sentence. */
  const notice = (c: Context, status: 400 | 403 | 503, key: 'gone' | 'refused' | 'later' | 'other-browser') =>
    page(c, status, { title: wordsOf(c).say('oauth-title'), lines: [wordsOf(c).say(`oauth-${key}`)] });

  const platformOf = (c: Context): { name: PlatformName; authorisation: Authorisation } | undefined => {
    const found = platforms.find(({ name, authorisation }) => authorisation && name === c.req.param('platform'));
    return found?.authorisation && { name: found.name, authorisation: found.authorisation };
  };
  /** The pending authorisation of the word in the address. */
  const awaitedBy = async (word: string, platform: PlatformName): Promise<Away | undefined> => {
    const awaited = await away.get(word);
    return awaited?.platform === platform ? awaited : undefined;
  };
  /** The browser's id when its POST is our own form (CSRF check); undefined otherwise. */
  const poster = async (c: Context, word: string): Promise<string | undefined> => {
    const browser = browsers.of(c);
    const site = c.req.header('sec-fetch-site');
    if (browser === undefined || (site !== undefined && site !== 'same-origin')) return undefined;
    // Browsers send our form as this; whatever else comes is not it, and may not be readable as a form at all.
    if (!/^application\/x-www-form-urlencoded\b/i.test(c.req.header('content-type') ?? '')) return undefined;
    const { proof } = await c.req.parseBody();
    return proof === proofOf(browser, word) ? browser : undefined;
  };

  const app = new Hono();
  const form = bodies.limited(FORM, (c, why) => c.body(null, why));
  app.get('/oauth/style.css', (c) =>
    c.body(STYLE, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'max-age=3600' }),
  );

  app.get(`/oauth/:platform/:word{${WORD}}`, async (c) => {
    const platform = platformOf(c);
    if (!platform) return c.notFound();
    const word = c.req.param('word');
    const awaited = await awaitedBy(word, platform.name);
    if (!awaited) return notice(c, 400, 'gone');
    const words = wordsOf(c);
    const names = namesOf(awaited, words);
    const shown: Page = {
      title: words.say('oauth-title'),
      lines: [words.say('oauth-asks', names), words.say('oauth-means', names), words.say('oauth-not-yours')],
      form: { label: words.say('oauth-go', names), proof: proofOf(browsers.admit(c), word), onwards: true },
      after: [words.say('oauth-id', names)],
    };
    return page(c, 200, shown);
  });

  app.post(`/oauth/:platform/:word{${WORD}}`, form, async (c) => {
    const platform = platformOf(c);
    if (!platform) return c.notFound();
    const word = c.req.param('word');
    if (!(await awaitedBy(word, platform.name))) return notice(c, 400, 'gone');
    const browser = await poster(c, word);
    if (browser === undefined) return notice(c, 403, 'other-browser');
    const state = newToken();
    await trips.set(state, { word, browser });
    c.header('cache-control', 'no-store');
    return c.redirect(platform.authorisation.page(state), 303);
  });

  app.get('/oauth/:platform', async (c) => {
    const platform = platformOf(c);
    if (!platform) return c.notFound();
    const state = c.req.query('state') ?? '';
    const trip = new RegExp(`^${WORD}$`).test(state) ? await trips.get(state) : undefined;
    const awaited = trip && (await awaitedBy(trip.word, platform.name));
    if (!trip || !awaited) return notice(c, 400, 'gone');
    // The platform's answer arrived in another browser than the one that left our page.
    if (browsers.of(c) !== trip.browser) return notice(c, 403, 'other-browser');
    const answer = c.req.query(platform.authorisation.answer) ?? '';
    // The merchant or the platform refused. The link stays valid for another try.
    if (answer === '' || answer.length > LONGEST) return notice(c, 400, 'refused');
    if (!(await away.delete(trip.word))) return notice(c, 400, 'gone');
    try {
      const { chat, person, dialogue } = awaited;
      const grant = await grants.open(awaited, trip.browser);
      const content = { kind: 'authorised', platform: platform.name, answer, dialogue, grant } as const;
      await hear({ id: `oauth:${state}`, ...chat, from: person, at: now(), content, addressed: true });
      // The redirect removes the platform's code from the address bar.
      return c.redirect(`${base}/oauth/${platform.name}/done/${grant}`, 303);
    } catch (error) {
      log.warn('an authorisation could not be taken', { error, platform: platform.name });
      await away.set(trip.word, awaited);
      return notice(c, 503, 'later');
    }
  });

  /** The grant in the address, only for the browser that gave it. */
  const granted = async (c: Context) => {
    const found = await grants.look(c.req.param('id') ?? '');
    return found && found.grant.platform === c.req.param('platform') && found.grant.browser === browsers.of(c)
      ? found
      : undefined;
  };

  app.get(`/oauth/:platform/done/:id{${WORD}}`, async (c) => {
    const found = await granted(c);
    if (!found) return notice(c, 400, 'gone');
    const { grant, store } = found;
    const words = wordsOf(c);
    const names = namesOf(grant, words);
    const title = words.say('oauth-title');
    const id = words.say('oauth-id', names);
    if (grant.outcome === undefined) return page(c, 200, { title, lines: [words.say('oauth-waiting')], again: true });
    if (grant.outcome === 'failed') return page(c, 200, { title, lines: [words.say('oauth-failed')] });
    if (grant.outcome === 'taken-back') return page(c, 200, { title, lines: [words.say('oauth-taken-back', names)] });
    const whose = store === undefined ? words.say('oauth-choosing', names) : words.say('oauth-bound', { ...names, store });
    return page(c, 200, {
      title,
      lines: [words.say('oauth-received'), whose, words.say('oauth-take-back-hint')],
      form: { label: words.say('button-take-back'), proof: proofOf(grant.browser, c.req.param('id')), danger: true },
      after: [id],
      ...(store === undefined && { again: true }),
    });
  });

  app.post(`/oauth/:platform/done/:id{${WORD}}`, form, async (c) => {
    const id = c.req.param('id');
    const found = await granted(c);
    if (!found || (await poster(c, id)) === undefined) return notice(c, 403, 'other-browser');
    await grants.takeBack(id);
    return c.redirect(`${base}/oauth/${found.grant.platform}/done/${id}`, 303);
  });

  return app;
}
