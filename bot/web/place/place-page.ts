/** The customer's page of a place as a channel: whoever opens a place's link in a browser verifies there, and sees only his own. */
import type { Hono } from 'hono';
import type { ShowPlace } from '../../../handlers/self-service/arrival.ts';
import type { Locale } from '../../../locales/index.ts';
import type { Collection } from '../../../services/collection.ts';
import type { Mutex } from '../../../services/database/locks/mutex.ts';
import type { Log } from '../../../services/log.ts';
import { PLACE_LINK } from '../../../services/self-service/place-tokens.ts';
import { VISIT_MS } from '../../../services/self-service/visits.ts';
import type { Time } from '../../../services/time/time.ts';
import type { Channel } from '../../channel/channel.ts';
import type { Bodies } from '../../http/body.ts';
import { createAttachments, type KeptAttachment } from '../page/attachments.ts';
import { createPhotos } from '../page/photos.ts';
import type { Page } from '../page/visitor-page.ts';
import { createPages } from '../page/visitor-pages.ts';
import { createPageChannel } from '../page-channel.ts';
import { createThrottle } from '../throttle.ts';
import { CHANNEL, whose } from './guest.ts';
import { createRoutes } from './routes.ts';

/** New visitors of one address, behind which a whole shop's guests, or a mobile network's, may be. */
const OF_ADDRESS = { most: 30, ms: 60_000 };
/** A page is kept for a visit, ms. */
export const PLACE_PAGE_MS = VISIT_MS;

export interface PlacePages {
  readonly channel: Channel;
  /** `/s/:token` and everything below it, mounted at `/`. */
  readonly app: Hono;
}

/**
 * Creates the channel over collections that expire after `PLACE_PAGE_MS` (`pages`), `PHOTO_MS` and `ATTACHMENT_MS`. `newId` gives
 * at least 128 random bits. Its links are told where there is a `publicUrl`.
 */
export function createPlacePages(parts: {
  pages: Collection<Page>;
  photos: Collection<string>;
  attachments: Collection<KeptAttachment>;
  bodies: Bodies;
  mutex: Mutex;
  publicUrl: string | undefined;
  showPlace: ShowPlace;
  /** Switches the language of a chat, where it speaks another one. */
  speak: (chat: string, locale: Locale) => Promise<void>;
  newId: () => string;
  now: () => number;
  sleep: Time['sleep'];
  log: Pick<Log, 'warn'>;
}): PlacePages {
  const { publicUrl, mutex, newId, now } = parts;
  const pages = createPages({ pages: parts.pages, leftMs: ({ since }) => since + PLACE_PAGE_MS - now(), mutex });
  const photos = createPhotos(parts.photos, now);
  const attachments = createAttachments(parts.attachments);
  const { channel, hearing } = createPageChannel({
    channel: {
      name: CHANNEL,
      customerLinks: (word) => {
        const token = PLACE_LINK.exec(word)?.[1];
        const url = publicUrl === undefined || token === undefined ? [] : [{ name: '', url: `${publicUrl}/s/${token}` }];
        return Promise.resolve(url);
      },
    },
    pages,
    photos,
    attachments,
    whose,
    newId,
    now,
  });
  const app = createRoutes({
    ...parts,
    pages,
    photos,
    attachments,
    hearing,
    throttle: createThrottle({ now, newcomers: OF_ADDRESS }),
  });
  return { channel, app };
}
