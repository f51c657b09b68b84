/** Takes what a visitor says, shows and presses: shown on the page at once, and submitted as an event. */
import type { Context } from 'hono';
import type { Action, Content, Incoming, MessageRef } from '../../handlers/message.ts';
import { createSayText } from './page/say-text.ts';
import type { From, PageParts, Site } from './site.ts';
import { createSubmitEvent } from './page/submit-event.ts';
import { carries, find, put, remove, type Page, type Side } from './page/visitor-page.ts';
import { wordsOf } from './visitor.ts';

/** The variables that the check of a POST sets for its route. */
export type Posted = { Variables: { from: From } };

/** Each takes an event once, by its id; false where it could not be stored. */
export interface TakeInput {
  say(c: Context, from: From, side: Side, event: string, text: string): Promise<boolean>;
  /** `waiting`, `full`: see `Photos.keep`. */
  show(c: Context, from: From, side: Side, event: string, bytes: Uint8Array): Promise<boolean | 'waiting' | 'full'>;
  /** `no-button`: the visitor's page has no such button, or no more. */
  press(c: Context, from: From, side: Side, event: string, message: string, action: Action): Promise<boolean | 'no-button'>;
}

export function createTakeInput(
  site: Pick<Site, 'eventOf'>,
  { pages, photos, now, log, hearing }: Pick<PageParts, 'pages' | 'photos' | 'now' | 'log' | 'hearing'>,
): TakeInput {
  const submitEvent = createSubmitEvent({ pages, now, hearing });
  const sayText = createSayText({ submitEvent, now });

  const incomingOf = (
    c: Context,
    by: From,
    side: Side,
    event: string,
    { content, message }: { readonly content: (chat: string) => Content; readonly message: string },
  ): Incoming & { readonly message: MessageRef } => {
    const told = site.eventOf(c, by, side);
    const { chat, from } = told;
    return { ...told, id: `${from.id}:${event}`, at: now(), content: content(chat), message: { chat, message } };
  };

  async function stored({ chat }: Incoming, taken: Promise<void>): Promise<boolean> {
    try {
      await taken;
      return true;
    } catch (error) {
      log.warn('an event of a page could not be stored', { error, chat });
      return false;
    }
  }

  return {
    async say(c, by, side, event, text) {
      const incoming = incomingOf(c, by, side, event, { content: () => ({ kind: 'text', text }), message: `me-${event}` });
      return await stored(incoming, sayText(by.visitor, side, event, text, incoming));
    },

    async show(c, by, side, event, bytes) {
      const { visitor } = by;
      const message = `me-${event}`;
      const file = await photos.keep(visitor, event, bytes);
      if (file === 'waiting' || file === 'full') return file;
      const content = (): Content => ({ kind: 'photo', file, caption: '' });
      const incoming = incomingOf(c, by, side, event, { content, message });
      const body = { kind: 'mine', text: wordsOf(c).picture, picture: event } as const;
      const show = (page: Page): Page => (find(page, side, message) ? page : put(page, side, message, body, now()));
      const hide = (page: Page): Page => remove(page, side, message);
      return await stored(incoming, submitEvent(visitor, event, incoming, { show, hide }));
    },

    async press(c, by, side, event, message, action) {
      const { visitor, page } = by;
      const content = (chat: string): Content => ({ kind: 'press', action, on: { chat, message } });
      const incoming = incomingOf(c, by, side, event, { content, message });
      if (!page.heard.includes(event) && !carries(page, side, incoming.message, action)) return 'no-button';
      return await stored(incoming, submitEvent(visitor, event, incoming));
    },
  };
}
