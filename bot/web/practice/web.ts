/** The web channel: a practice page with two chats per visitor, stored for a week and live in every tab. */
import type { Hono } from 'hono';
import { createBodies, type Bodies } from '../../http/body.ts';
import type { Channel } from '../../channel/channel.ts';
import type { ChatId, Person, Reply } from '../../../handlers/message.ts';
import type { Time } from '../../../services/time/time.ts';
import type { Locale } from '../../../locales/index.ts';
import type { Log } from '../../../services/log.ts';
import type { Collection } from '../../../services/database/collections.ts';
import { ATTACHMENT_MS, createAttachments, type KeptAttachment } from '../page/attachments.ts';
import { applyReply } from '../page/apply-reply.ts';
import { createPageChannel } from '../page-channel.ts';
import { createThrottle } from '../throttle.ts';
import { emptyPage, type Page } from '../page/visitor-page.ts';
import { createPages, IDLE_MS, KEPT_MS } from '../page/visitor-pages.ts';
import { createPhotos, PHOTO_MS } from '../page/photos.ts';
import type { Sample } from './page-html.ts';
import { createRoutes } from './routes.ts';
import { chatOf, personOf, whose } from './visitor.ts';

export { ATTACHMENT_MS, KEPT_MS, PHOTO_MS, type KeptAttachment, type Page, type Sample };

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
  speak?: (visitor: Person, at: { readonly chat: ChatId; readonly owners: ChatId }, locale: Locale) => Promise<void>;
  /** The page is reached by https: cookies are sent by nothing else. */
  secure?: boolean;
}): Web {
  const pages = createPages({
    pages: kept,
    leftMs: ({ seenAt, heard }) => seenAt + (heard.length > 0 ? KEPT_MS : IDLE_MS) - now(),
  });
  const photos = createPhotos(keptPhotos, now);
  const attachments = createAttachments(keptAttachments);
  const { channel, hearing } = createPageChannel({
    channel: { name: 'web' },
    pages,
    photos,
    attachments,
    whose,
    newId,
    now,
  });

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
      speak: (visitor, locale) => speak(personOf(visitor, locale), bothOf(visitor), locale),
      hearing,
    }),
    channel,
  };
}
