/** Routes of a page's forms: they take what is sent where the page's scripts are not there, or not yet. */
import { createHash } from 'node:crypto';
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import { z } from 'zod';
import { decodeAction } from '../../handlers/message.ts';
import { LOCALES } from '../../locales/index.ts';
import { untilAnswered } from './page/events.ts';
import type { Box } from './page-html.ts';
import { PHOTO_BYTES } from './page/photos.ts';
import type { PageParts, Site } from './site.ts';
import type { Posted, TakeInput } from './take-input.ts';
import type { Side } from './page/visitor-page.ts';
import { choose, wordsOf, type Words } from './visitor.ts';

/** Length limit of a message, characters; Telegram's is 4096. */
export const TEXT = 4000;

/** Size limit of a form without a picture, bytes: a Chinese character takes nine. */
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
  picture: z.instanceof(File).optional(),
});
const Pressed = z.object({ chat, id: eventId, message: z.string().max(80), action: z.string().max(40) });
const Choice = z.object({ locale: z.enum(LOCALES) });

export interface FormParts extends Pick<PageParts, 'bodies' | 'pages' | 'sleep' | 'now'> {
  /** Checks origin, session and rate limit, and sets `from`. */
  readonly visitors: MiddlewareHandler<Posted>;
  readonly input: TakeInput;
}

/** Creates the routes. Each answers with the page again, and what was not taken stays in its box. */
export function createFormRoutes(site: Site, { visitors, bodies, input, ...parts }: FormParts): Hono<Posted> {
  const app = new Hono<Posted>();
  const limited = (bytes: number) =>
    bodies.limited({ bytes }, (c, why) => c.text(wordsOf(c).refusals[why === 413 ? 'long' : 'notTaken'], why));
  const short = limited(FORM);
  const said = limited(site.patient ? PHOTO_BYTES + FORM : FORM);

  /** Back to the page, when the bot has answered where the page cannot tell by itself. */
  async function back(c: Context<Posted>, to: string): Promise<Response> {
    if (site.patient) await untilAnswered(c.get('from').visitor, parts);
    return c.redirect(to, 303);
  }

  /** The page again, with what was typed and why it was not taken. */
  const again = async (c: Context, status: 413 | 429 | 503, side: Side, box: Partial<Box>, why: keyof Words['refusals']) =>
    c.html(await site.html(c, side, { ...box, why: wordsOf(c).refusals[why] }), status);

  app.post('/form/say', visitors, said, async (c) => {
    const form = Said.safeParse(await c.req.parseBody());
    if (!form.success) return c.text(wordsOf(c).refusals.odd, 400);
    const { chat: side, id, quick, secret, picture } = form.data;
    // A reload of a page with a draft must not send it: Enter before the script was there is a line end of it.
    const text = quick ?? (secret || form.data.text.replace(/\n$/, ''));
    const draft = quick === undefined || secret !== '' ? '' : form.data.text;
    const kept = { id, typed: quick === undefined && !secret ? text : draft };
    if (text.length > TEXT) return await again(c, 413, side, kept, 'long');
    if (picture && picture.size > 0) {
      if (picture.size > PHOTO_BYTES) return await again(c, 413, side, kept, 'large');
      const bytes = new Uint8Array(await picture.arrayBuffer());
      const event = eventOf(id, createHash('sha256').update(bytes).digest('hex'));
      const shown = await input.show(c, c.get('from'), side, event, bytes);
      if (shown === 'waiting') return await again(c, 429, side, kept, 'pictures');
      if (shown !== true) return await again(c, 503, side, kept, shown === 'full' ? 'crowded' : 'notTaken');
    }
    if (text.trim() === '') return await back(c, picture ? `${site.home(c)}#end` : site.home(c));
    if (!(await input.say(c, c.get('from'), side, eventOf(id, text), text))) return await again(c, 503, side, kept, 'notTaken');
    if (draft.trim() !== '') return c.html(await site.html(c, side, { typed: draft }));
    return await back(c, site.patient ? `${site.home(c)}#end` : `${site.home(c)}?chat=${side}`);
  });

  app.post('/form/press', visitors, short, async (c) => {
    const pressed = Pressed.safeParse(await c.req.parseBody());
    const action = decodeAction(pressed.data?.action);
    if (!pressed.success || !action) return c.text(wordsOf(c).refusals.odd, 400);
    const { chat: side, id, message } = pressed.data;
    // A button that is gone was pressed already: the page shows what became of it.
    const taken = await input.press(c, c.get('from'), side, eventOf(id, pressed.data.action), message, action);
    return taken ? await back(c, `${site.home(c)}#end`) : await again(c, 503, side, {}, 'notTaken');
  });

  app.post('/form/language', visitors, short, async (c) => {
    const chosen = Choice.safeParse(await c.req.parseBody());
    if (!chosen.success) return c.text(wordsOf(c).refusals.odd, 400);
    choose(c, chosen.data.locale, site.secure);
    await site.speak(c.get('from').visitor, chosen.data.locale);
    return c.redirect(site.home(c), 303);
  });

  // An answer with the page again stands at the form's address: whoever asks for that gets the page.
  app.get('/form/:name', (c) => c.redirect(site.home(c), 303));

  return app;
}

/** Names the event of a form: the same text posted twice from one page is one event, another text is another. */
const eventOf = (id: string, text: string): string =>
  createHash('sha256').update(`${id}\n${text}`).digest('base64url').slice(0, 32);
