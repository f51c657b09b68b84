/** Routes of the practice page that take input: language, texts, pictures and presses, each an idempotent event. */
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { z } from 'zod';
import type { Bodies, Unread } from '../http/body.ts';
import { clientAddress } from '../http/client-address.ts';
import type { Hear } from '../channel/channel.ts';
import { decodeAction, type Content, type Incoming, type MessageRef } from '../../handlers/message.ts';
import { LOCALES, type Locale } from '../../locales/index.ts';
import type { Log } from '../../services/log.ts';
import { PHOTO_BYTES, type Photos } from './photos.ts';
import { createSubmitEvent } from './submit-event.ts';
import type { Throttle } from './throttle.ts';
import { createFormRoutes, chat, eventId as id, TEXT, type FormParts, type Posted } from './form-routes.ts';
import { createSayText } from './say-text.ts';
import { carries, find, put, remove, type Page, type Side } from './visitor-page.ts';
import type { Pages } from './visitor-pages.ts';
import { chatOf, choose, fromOurForm, fromOurPage, localeOf, personOf, refuse, visitorOf, wordsOf } from './visitor.ts';

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

/** The collaborators of the routes. */
export interface InputParts {
  readonly pages: Pages;
  readonly photos: Photos;
  readonly bodies: Bodies;
  readonly throttle: Throttle;
  readonly now: () => number;
  readonly log: Pick<Log, 'warn'>;
  readonly speak: (visitor: string, locale: Locale) => Promise<void>;
  /** Cookies go by https alone. */
  readonly secure: boolean;
  /** The page of a new visitor. */
  readonly firstPage: (visitor: string, locale: Locale) => Promise<Page>;
  /** The channel's listener; undefined while the channel is stopped. */
  readonly hearing: () => Hear | undefined;
  /** Renders the page again after a form. */
  readonly html: FormParts['page'];
}

/** Creates the POST routes. */
export function createInputRoutes(parts: InputParts): Hono<Posted> {
  const { pages, photos, bodies, throttle, now, log, speak, secure, firstPage, hearing, html } = parts;
  const app = new Hono<Posted>();
  const submitEvent = createSubmitEvent({ pages, now, hearing });
  const sayText = createSayText({ submitEvent, now });

  /** Whether the event is stored. */
  async function stored({ chat: to }: Incoming, taken: Promise<void>): Promise<boolean> {
    try {
      await taken;
      return true;
    } catch (error) {
      log.warn('an event of the practice page could not be stored', { error, chat: to });
      return false;
    }
  }

  const answer = async (c: Context, incoming: Incoming, taken: Promise<void>): Promise<Response> =>
    (await stored(incoming, taken)) ? c.json({}, 202) : refuse(c, 503, 'notTaken');

  async function say(c: Context, visitor: string, side: Side, event: string, text: string): Promise<boolean> {
    const ref = { chat: chatOf(visitor, side), message: `me-${event}` };
    const incoming = incomingOf(c, visitor, side, event, { kind: 'text', text }, ref);
    return await stored(incoming, sayText(visitor, side, event, text, incoming));
  }

  function incomingOf(c: Context, visitor: string, side: Side, event: string, content: Content, message: MessageRef): Incoming {
    return {
      id: `web:${visitor}:${event}`,
      chat: chatOf(visitor, side),
      group: side === 'owners',
      title: wordsOf(c)[side],
      from: personOf(visitor, localeOf(c)),
      at: now(),
      content,
      message,
      addressed: true,
    };
  }

  /** Middleware for POST: checks origin, session and rate limit, and sets `from` for the handlers after it. */
  const admitting =
    (ours: (c: Context) => boolean): MiddlewareHandler<Posted> =>
    async (c, next) => {
      if (!ours(c)) return refuse(c, 403, 'foreign');
      const visitor = visitorOf(c);
      if (visitor === undefined) return refuse(c, 401, 'stranger');
      const address = clientAddress(c);
      if (!throttle.mayAsk(visitor, address)) return refuse(c, 429, 'slower');
      const known = await pages.read(visitor);
      if (!known && !throttle.mayCome(address)) return refuse(c, 503, 'crowded');
      // Whoever is faster than the live events, or comes back to a page that has expired, is heard as well.
      const page = known ?? (await pages.open(visitor, () => firstPage(visitor, localeOf(c))));
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

  async function json(c: Context): Promise<unknown> {
    try {
      return await c.req.json<unknown>();
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  app.post('/language', visitors, short, async (c) => {
    const from = c.get('from');
    const chosen = Choice.safeParse(await json(c));
    if (!chosen.success) return refuse(c, 400, 'odd');
    choose(c, chosen.data.locale, secure);
    await speak(from.visitor, chosen.data.locale);
    return c.json({});
  });

  app.post('/say', visitors, short, async (c) => {
    const from = c.get('from');
    const said = Say.safeParse(await json(c));
    if (!said.success)
      return said.error.issues.some((issue) => issue.code === 'too_big') ? refuse(c, 413, 'long') : refuse(c, 400, 'odd');
    const { chat: side, id: event, text } = said.data;
    return (await say(c, from.visitor, side, event, text)) ? c.json({}, 202) : refuse(c, 503, 'notTaken');
  });

  app.post('/photo', visitors, picture, async (c) => {
    const from = c.get('from');
    const shown = Show.safeParse(c.req.query());
    if (!shown.success) return refuse(c, 400, 'odd');
    const { chat: side, id: event } = shown.data;
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const message = `me-${event}`;
    const file = await photos.keep(from.visitor, event, bytes);
    if (file === 'waiting') return refuse(c, 429, 'pictures');
    if (file === 'full') return refuse(c, 503, 'crowded');
    const ref = { chat: chatOf(from.visitor, side), message };
    const incoming = incomingOf(c, from.visitor, side, event, { kind: 'photo', file, caption: '' }, ref);
    const body = { kind: 'mine', text: wordsOf(c).picture, picture: event } as const;
    const show = (page: Page): Page => (find(page, side, message) ? page : put(page, side, message, body, now()));
    const hide = (page: Page): Page => remove(page, side, message);
    return answer(c, incoming, submitEvent(from.visitor, event, incoming, { show, hide }));
  });

  app.post('/press', visitors, short, async (c) => {
    const from = c.get('from');
    const pressed = Press.safeParse(await json(c));
    if (!pressed.success) return refuse(c, 400, 'odd');
    const { chat: side, id: event, message } = pressed.data;
    const action = decodeAction(pressed.data.action);
    if (!action) return refuse(c, 400, 'odd');
    const on = { chat: chatOf(from.visitor, side), message };
    if (!from.page.heard.includes(event) && !carries(from.page, side, on, action)) return refuse(c, 400, 'noButton');
    const incoming = incomingOf(c, from.visitor, side, event, { kind: 'press', action, on }, on);
    return answer(c, incoming, submitEvent(from.visitor, event, incoming));
  });

  app.route('/', createFormRoutes({ visitors: admitting(fromOurForm), bodies, speak, secure, say, page: html }));
  return app;
}
