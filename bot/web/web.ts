/** The practice page as a channel: one visitor, two chats, kept for a week and live in every tab. */
import type { Hono } from 'hono';
import { NotSent, type Channel, type Hear } from '../channel.ts';
import type { ChatId, Outgoing, PersonId } from '../../handlers/message.ts';
import type { Collection } from '../../services/store/expiring.ts';
import { deliver } from './deliver.ts';
import { createGate } from './gate.ts';
import { emptyPage, type Page } from './page.ts';
import { createPages, KEPT_MS } from './pages.ts';
import { createRoutes, type Sample } from './routes.ts';
import { chatOf, whose, type Locale } from './visitor.ts';

export { KEPT_MS, type Locale, type Page, type Sample };

export interface WebLog {
  warn(fields: object, message: string): void;
}

export interface Web {
  readonly channel: Channel;
  /** Everything under `/`. */
  readonly app: Hono;
}

/**
 * `pages` is a collection for `KEPT_MS`. `newId` gives at least 128 random bits in `[A-Za-z0-9_-]`, 16 to 64 characters:
 * a visitor's id is all that proves who he is. `samples` are codes to try, each with what it does. `open` is called when a
 * visitor comes for the first time (again after a crash, or when his page has expired): it binds both chats to a practice
 * store and returns what to show first.
 */
export function createWeb({
  pages: kept,
  newId,
  now,
  log,
  samples,
  open,
}: {
  pages: Collection<Page>;
  newId: () => string;
  now: () => number;
  log: WebLog;
  samples: (locale: Locale) => readonly Sample[];
  open: (
    visitor: PersonId,
    at: { readonly chat: ChatId; readonly owners: ChatId; readonly locale: Locale },
  ) => Promise<readonly Outgoing[]>;
}): Web {
  const pages = createPages({ pages: kept, now });
  let hear: Hear | undefined;

  async function firstPage(visitor: string, locale: Locale): Promise<Page> {
    const first = await open(`web:${visitor}`, { chat: chatOf(visitor, 'store'), owners: chatOf(visitor, 'owners'), locale });
    let page = emptyPage(now());
    for (const { chat, reply } of first) {
      const to = whose(chat);
      if (to?.visitor !== visitor) throw new Error('a first message to somebody else');
      page = deliver(page, to.side, reply, { id: newId(), at: now() }).page;
    }
    return page;
  }

  return {
    app: createRoutes({ pages, gate: createGate({ now }), newId, now, log, samples, firstPage, hearing: () => hear }),
    channel: {
      name: 'web',
      start(given) {
        hear = given;
        return Promise.resolve();
      },
      stop() {
        hear = undefined;
        return Promise.resolve();
      },
      async send(chat, reply, answering) {
        const to = whose(chat);
        if (!to) return { kind: 'gone' };
        const id = newId();
        let message: string | undefined;
        const page = await pages
          .change(to.visitor, (before) => {
            const delivered = deliver(before, to.side, reply, { id, at: now(), answering });
            message = delivered.message;
            return delivered.page;
          })
          .catch((cause: unknown) => {
            throw new NotSent('the page could not be stored', { cause });
          });
        if (!page) return { kind: 'gone' };
        return message === undefined ? { kind: 'sent' } : { kind: 'sent', ref: { chat, message } };
      },
      // A visitor is alone with the bot in both chats.
      administers: (chat, person) => Promise.resolve(`web:${whose(chat)?.visitor ?? ''}` === person),
    },
  };
}
