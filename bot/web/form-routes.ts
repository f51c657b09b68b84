/** Routes of the practice page's forms: they take what is sent before the page's scripts are there. */
import { createHash } from 'node:crypto';
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { z } from 'zod';
import { LOCALES, type Locale } from '../../locales/index.ts';
import type { Bodies } from '../http/body.ts';
import type { Box } from './page-html.ts';
import type { Page, Side } from './visitor-page.ts';
import { choose, wordsOf, type Words } from './visitor.ts';

/** Length limit of a message, characters; Telegram's is 4096. */
export const TEXT = 4000;

/** Size limit of a form, bytes: a Chinese character takes nine. */
const FORM = 64 * 1024;

export const chat = z.enum(['store', 'owners']);
export const eventId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/);

/** A browser writes the line ends of a form as CR LF. */
const typed = z.string().transform((text) => text.replaceAll('\r\n', '\n'));
const Said = z.object({
  chat,
  id: eventId,
  text: typed.default(''),
  secret: z.string().default(''),
  quick: z.string().max(TEXT).optional(),
});
const Choice = z.object({ locale: z.enum(LOCALES) });

/** What the check of a POST sets: the visitor and the page as it was then. */
export type Posted = { Variables: { from: { readonly visitor: string; readonly page: Page } } };

export interface FormParts {
  /** Checks origin, session and rate limit, and sets `from`. */
  readonly visitors: MiddlewareHandler<Posted>;
  readonly bodies: Bodies;
  readonly speak: (visitor: string, locale: Locale) => Promise<void>;
  readonly secure: boolean;
  /** Submits a text; false where it could not be stored. */
  readonly say: (c: Context, visitor: string, side: Side, event: string, text: string) => Promise<boolean>;
  /** Renders the page with one chat's box as it is. */
  readonly page: (c: Context, side: Side, box: Partial<Box>) => Promise<string>;
}

/** Creates the routes. Each answers with the page again, and what was not taken stays in its box. */
export function createFormRoutes({ visitors, bodies, speak, secure, say, page }: FormParts): Hono<Posted> {
  const app = new Hono<Posted>();
  const short = bodies.limited({ bytes: FORM }, (c, why) => c.text(wordsOf(c).refusals[why === 413 ? 'long' : 'notTaken'], why));

  app.post('/form/say', visitors, short, async (c) => {
    const said = Said.safeParse(await c.req.parseBody());
    if (!said.success) return c.text(wordsOf(c).refusals.odd, 400);
    const { chat: side, id, quick, secret } = said.data;
    // A reload of a page with a draft must not send it: Enter before the script was there is a line end of it.
    const text = quick ?? (secret || said.data.text.replace(/\n$/, ''));
    const draft = quick === undefined || secret !== '' ? '' : said.data.text;
    const again = async (status: 413 | 503, why: keyof Words['refusals']) =>
      c.html(
        await page(c, side, { id, typed: quick === undefined && !secret ? text : draft, why: wordsOf(c).refusals[why] }),
        status,
      );
    if (text.length > TEXT) return await again(413, 'long');
    if (text.trim() === '') return c.redirect('/', 303);
    if (!(await say(c, c.get('from').visitor, side, eventOf(id, text), text))) return await again(503, 'notTaken');
    return draft.trim() === '' ? c.redirect(`/?chat=${side}`, 303) : c.html(await page(c, side, { typed: draft }));
  });

  app.post('/form/language', visitors, short, async (c) => {
    const chosen = Choice.safeParse(await c.req.parseBody());
    if (!chosen.success) return c.text(wordsOf(c).refusals.odd, 400);
    choose(c, chosen.data.locale, secure);
    await speak(c.get('from').visitor, chosen.data.locale);
    return c.redirect('/', 303);
  });

  return app;
}

/** Names the event of a form: the same text posted twice from one page is one event, another text is another. */
const eventOf = (id: string, text: string): string =>
  createHash('sha256').update(`${id}\n${text}`).digest('base64url').slice(0, 32);
