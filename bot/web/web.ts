/** The web channel: a practice page with two chats per visitor, stored for a week and live in every tab. */
import type { Hono } from 'hono';
import { createBodies, type Bodies } from '../http/body.ts';
import { NotSent, type Channel, type Hear } from '../channel/channel.ts';
import type { ChatId, Person, Reply } from '../../handlers/message.ts';
import type { Time } from '../../services/time/time.ts';
import type { Locale } from '../../locales/index.ts';
import type { Log } from '../../services/log.ts';
import type { Collection } from '../../services/database/collections.ts';
import { attachment } from '../channel/attachments.ts';
import { ATTACHMENT_BYTES, ATTACHMENT_MS, createAttachments, type KeptAttachment } from './attachments.ts';
import { applyReply } from './apply-reply.ts';
import { createThrottle } from './throttle.ts';
import { emptyPage, type Page } from './visitor-page.ts';
import { createPages, KEPT_MS } from './visitor-pages.ts';
import { createPhotos, PHOTO_MS } from './photos.ts';
import type { Sample } from './page-html.ts';
import { createRoutes } from './routes.ts';
import { chatOf, personOf, whose } from './visitor.ts';

export { ATTACHMENT_MS, KEPT_MS, PHOTO_MS, type KeptAttachment, type Page, type Sample };

const LIMITS = { picture: ATTACHMENT_BYTES, file: ATTACHMENT_BYTES } as const;

export interface Web {
  readonly channel: Channel;
  /** All routes, mounted at `/`. */
  readonly app: Hono;
}

/**
 * Creates the channel over three collections that expire after `KEPT_MS` (`pages`), `PHOTO_MS` (`photos`) and
 * `ATTACHMENT_MS` (`attachments`). `newId` gives at least 128 random bits as 16 to 64 characters of `[A-Za-z0-9_-]`: the
 * cookie made from it is a visitor's only proof of identity. `samples` lists codes to try, each with its effect; it is
 * asked again after each use and may answer others then. `open` is called on a visitor's first visit (again after a crash,
 * or when the page has expired): it binds both chats to a practice store and returns the first messages of each.
 */
export function createWeb({
  pages: kept,
  photos: keptPhotos,
  attachments: keptAttachments,
  bodies = createBodies(),
  newId,
  now,
  sleep,
  log,
  samples,
  open,
  speak = () => Promise.resolve(),
  secure = false,
}: {
  pages: Collection<Page>;
  photos: Collection<string>;
  attachments: Collection<KeptAttachment>;
  bodies?: Bodies;
  newId: () => string;
  now: () => number;
  sleep: Time['sleep'];
  log: Pick<Log, 'warn'>;
  samples: (locale: Locale) => readonly Sample[];
  open: (
    visitor: Person,
    at: { readonly chat: ChatId; readonly owners: ChatId },
    locale: Locale,
  ) => Promise<{ readonly chat: readonly Reply[]; readonly owners: readonly Reply[] }>;
  /** Switches the language of both chats, when the visitor chose another on the page. */
  speak?: (at: { readonly chat: ChatId; readonly owners: ChatId }, locale: Locale) => Promise<void>;
  /** The page is reached by https: cookies are sent by nothing else. */
  secure?: boolean;
}): Web {
  const pages = createPages({ pages: kept, now });
  const photos = createPhotos(keptPhotos, now);
  const attachments = createAttachments(keptAttachments);
  let hear: Hear | undefined;

  const bothOf = (visitor: string) => ({ chat: chatOf(visitor, 'store'), owners: chatOf(visitor, 'owners') });

  async function firstPage(visitor: string, locale: Locale): Promise<Page> {
    const first = await open(personOf(visitor, locale), bothOf(visitor), locale);
    let page = emptyPage(now());
    for (const reply of first.chat) page = applyReply(page, 'store', reply, { id: newId(), at: now() }).page;
    for (const reply of first.owners) page = applyReply(page, 'owners', reply, { id: newId(), at: now() }).page;
    return page;
  }

  return {
    app: createRoutes({
      pages,
      photos,
      attachments,
      bodies,
      throttle: createThrottle({ now }),
      newId,
      now,
      sleep,
      log,
      samples,
      secure,
      firstPage,
      speak: (visitor, locale) => speak(bothOf(visitor), locale),
      hearing: () => hear,
    }),
    channel: {
      name: 'web',
      edits: true,
      slash: true,
      deletes: true,
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
        if (answering?.content.kind === 'photo') photos.answered(answering.content.file);
        const id = newId();
        const attached = reply.kind === 'picture' || reply.kind === 'file' ? attachment(reply, LIMITS) : undefined;
        let message: string | undefined;
        const store = async (): Promise<Page | undefined> => {
          if (attached) await attachments.keep(to.visitor, id, attached);
          return await pages.change(to.visitor, (before) => {
            const delivered = applyReply(before, to.side, reply, { id, at: now(), answering, attached });
            message = delivered.message;
            return delivered.page;
          });
        };
        const page = await store().catch((cause: unknown) => {
          throw new NotSent('the page could not be stored', { cause });
        });
        if (!page) return { kind: 'gone' };
        return message === undefined ? { kind: 'sent' } : { kind: 'sent', ref: { chat, message } };
      },
      async fetch(file) {
        const bytes = await photos.get(file);
        if (!bytes) throw new Error('the picture is not kept any more');
        return bytes;
      },
      // A visitor is alone with the bot in both chats.
      administers: (chat, person) => Promise.resolve(`web:${whose(chat)?.visitor ?? ''}` === person),
    },
  };
}
