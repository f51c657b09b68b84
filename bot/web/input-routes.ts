/** Routes of the practice page that take input: language, texts, pictures and presses, each an idempotent event. */
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { z } from 'zod';
import type { Bodies, Unread } from '../http/body.ts';
import type { Hear } from '../channel/channel.ts';
import { decodeAction, type Content, type Incoming, type MessageRef } from '../../handlers/message.ts';
import { LOCALES, type Locale } from '../../locales/index.ts';
import type { Log } from '../../services/log.ts';
import { PHOTO_BYTES, type Photos } from './photos.ts';
import { createSubmitEvent } from './submit-event.ts';
import type { Throttle } from './throttle.ts';
import { asking, carries, find, put, remove, type Page, type Side } from './visitor-page.ts';
import type { Pages } from './visitor-pages.ts';
import { chatOf, choose, fromOurPage, localeOf, personOf, refuse, visitorOf, wordsOf } from './visitor.ts';

/** Length limit of a message, characters; Telegram's is 4096. */
const TEXT = 4000;
/** Size limit of a JSON body: a text whose every character is escaped, with some room. */
const BODY = { bytes: 64 * 1024 };
const PICTURE = { bytes: PHOTO_BYTES };
/** Stands in the chat in place of a secret. */
const HIDDEN = '••••••';

const chat = z.enum(['store', 'owners']);
const id = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/);
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

type Posted = { Variables: { from: { readonly visitor: string; readonly page: Page } } };

/** The collaborators of the routes. */
export interface InputParts {
  readonly pages: Pages;
  readonly photos: Photos;
  readonly bodies: Bodies;
  readonly throttle: Throttle;
  readonly now: () => number;
  readonly log: Pick<Log, 'warn'>;
  readonly speak: (visitor: string, locale: Locale) => Promise<void>;
  /** The channel's listener; undefined while the channel is stopped. */
  readonly hearing: () => Hear | undefined;
}

/** Creates the POST routes. */
export function createInputRoutes({ pages, photos, bodies, throttle, now, log, speak, hearing }: InputParts): Hono<Posted> {
  const app = new Hono<Posted>();
  const submitEvent = createSubmitEvent({ pages, now, hearing });

  async function answer(c: Context, incoming: Incoming, taken: Promise<void>): Promise<Response> {
    try {
      await taken;
      return c.json({}, 202);
    } catch (error) {
      log.warn('an event of the practice page could not be stored', { error, chat: incoming.chat });
      return refuse(c, 503, 'notTaken');
    }
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
  const visitors: MiddlewareHandler<Posted> = async (c, next) => {
    if (!fromOurPage(c)) return refuse(c, 403, 'foreign');
    const visitor = visitorOf(c);
    if (visitor === undefined) return refuse(c, 401, 'stranger');
    if (!throttle.mayAsk(visitor)) return refuse(c, 429, 'slower');
    const page = await pages.read(visitor);
    if (!page) return refuse(c, 401, 'stranger');
    c.set('from', { visitor, page });
    return await next();
  };

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
    choose(c, chosen.data.locale);
    await speak(from.visitor, chosen.data.locale);
    return c.json({});
  });

  app.post('/say', visitors, short, async (c) => {
    const from = c.get('from');
    const said = Say.safeParse(await json(c));
    if (!said.success)
      return said.error.issues.some((issue) => issue.code === 'too_big') ? refuse(c, 413, 'long') : refuse(c, 400, 'odd');
    const { chat: side, id: event, text } = said.data;
    const message = `me-${event}`;
    const ref = { chat: chatOf(from.visitor, side), message };
    const incoming = incomingOf(c, from.visitor, side, event, { kind: 'text', text }, ref);
    let ask: 'text' | 'secret' | undefined;
    const show = (page: Page): Page => {
      if (find(page, side, message)) return page;
      ask = page.chats[side].ask;
      const shown = ask === 'secret' ? HIDDEN : text;
      return asking(put(page, side, message, { kind: 'mine', text: shown }, now()), side, undefined);
    };
    const hide = (page: Page): Page => asking(remove(page, side, message), side, page.chats[side].ask ?? ask);
    return answer(c, incoming, submitEvent(from.visitor, event, incoming, { show, hide }));
  });

  app.post('/photo', visitors, picture, async (c) => {
    const from = c.get('from');
    const shown = Show.safeParse(c.req.query());
    if (!shown.success) return refuse(c, 400, 'odd');
    const { chat: side, id: event } = shown.data;
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const message = `me-${event}`;
    const file = await photos.keep(from.visitor, event, bytes);
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

  return app;
}
