/** Routes that a page's scripts send to: language, texts, pictures and presses, each an idempotent event. */
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { z } from 'zod';
import type { Unread } from '../http/body.ts';
import { decodeAction } from '../../handlers/message.ts';
import { LOCALES } from '../../locales/index.ts';
import { PHOTO_BYTES } from './page/photos.ts';
import { createFormRoutes, chat, eventId as id, TEXT } from './form-routes.ts';
import type { PageParts, Site } from './site.ts';
import { createTakeInput, type Posted } from './take-input.ts';
import { choose, fromOurForm, fromOurPage, refuse, wordsOf, type Words } from './visitor.ts';

/** Size limit of a JSON body: a text whose every character is escaped, with some room. */
const BODY = { bytes: 64 * 1024 };
const PICTURE = { bytes: PHOTO_BYTES };
const Say = z.object({
  chat,
  id,
  text: z
    .string()
    .max(TEXT)
    .refine((text) => text.trim() !== ''),
});
const Press = z.object({ chat, id, message: z.string().max(80), action: z.string().max(40) });

const Show = z.object({ chat, id });
const Choice = z.object({ locale: z.enum(LOCALES) });

/** Creates the POST routes. */
export function createInputRoutes(site: Site, parts: PageParts): Hono<Posted> {
  const { pages, bodies } = parts;
  const app = new Hono<Posted>();
  const input = createTakeInput(site, parts);

  /** A refusal for a script, or for a person whose browser shows the answer. */
  const refused = async (c: Context, form: boolean, status: 401 | 429 | 503, why: keyof Words['refusals']) =>
    form && site.patient
      ? c.html(await site.html(c, 'store', { why: wordsOf(c).refusals[why] }), status)
      : refuse(c, status, why);

  /** Middleware for POST: checks origin, session and rate limit, and sets `from` for the handlers after it. */
  const admitting =
    (ours: (c: Context, origin?: string) => boolean): MiddlewareHandler<Posted> =>
    async (c, next) => {
      const form = ours === fromOurForm;
      if (!ours(c, site.origin)) return refuse(c, 403, 'foreign');
      const visitor = site.visitorOf(c);
      if (visitor === undefined) return await refused(c, form, 401, 'stranger');
      if (!site.mayAsk(c, visitor)) return await refused(c, form, 429, 'slower');
      const known = await pages.read(visitor);
      if (!known && !site.mayCome(c)) return await refused(c, form, 503, 'crowded');
      // Whoever is faster than the live events, or comes back to a page that has expired, is heard as well.
      const page = known ?? (await pages.open(visitor, () => site.firstPage(c, visitor)));
      if (!page) return await refused(c, form, 401, 'stranger');
      c.set('from', { visitor, page });
      return await next();
    };
  const visitors = admitting(fromOurPage);

  const unread = (c: Context, why: Unread, long: 'long' | 'large'): Response => {
    if (why === 413) return refuse(c, 413, long);
    return why === 503 ? refuse(c, 503, 'notTaken') : refuse(c, why, 'odd');
  };
  const short = bodies.limited(BODY, (c, why) => unread(c, why, 'long'));
  const picture = bodies.limited(PICTURE, (c, why) => unread(c, why, 'large'));
  const answer = (c: Context, stored: boolean): Response => (stored ? c.json({}, 202) : refuse(c, 503, 'notTaken'));

  async function json(c: Context): Promise<unknown> {
    try {
      return await c.req.json<unknown>();
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  app.post('/language', visitors, short, async (c) => {
    const chosen = Choice.safeParse(await json(c));
    if (!chosen.success) return refuse(c, 400, 'odd');
    choose(c, chosen.data.locale, site.secure);
    await site.speak(c.get('from').visitor, chosen.data.locale);
    return c.json({});
  });

  app.post('/say', visitors, short, async (c) => {
    const said = Say.safeParse(await json(c));
    if (!said.success)
      return said.error.issues.some((issue) => issue.code === 'too_big') ? refuse(c, 413, 'long') : refuse(c, 400, 'odd');
    const { chat: side, id: event, text } = said.data;
    return answer(c, await input.say(c, c.get('from'), side, event, text));
  });

  app.post('/photo', visitors, picture, async (c) => {
    const asked = Show.safeParse(c.req.query());
    if (!asked.success) return refuse(c, 400, 'odd');
    const { chat: side, id: event } = asked.data;
    const shown = await input.show(c, c.get('from'), side, event, new Uint8Array(await c.req.arrayBuffer()));
    if (shown === 'waiting') return refuse(c, 429, 'pictures');
    return shown === 'full' ? refuse(c, 503, 'crowded') : answer(c, shown);
  });

  app.post('/press', visitors, short, async (c) => {
    const pressed = Press.safeParse(await json(c));
    const action = decodeAction(pressed.data?.action);
    if (!pressed.success || !action) return refuse(c, 400, 'odd');
    const { chat: side, id: event, message } = pressed.data;
    const taken = await input.press(c, c.get('from'), side, event, message, action);
    return taken === 'no-button' ? refuse(c, 400, 'noButton') : answer(c, taken);
  });

  app.route('/', createFormRoutes(site, { ...parts, input, visitors: admitting(fromOurForm) }));
  return app;
}
