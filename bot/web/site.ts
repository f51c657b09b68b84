/** The port of a page of chats: what tells the practice page from a customer's page at a place. */
import type { Context } from 'hono';
import type { Incoming } from '../../handlers/message.ts';
import type { Locale } from '../../locales/index.ts';
import type { Log } from '../../services/log.ts';
import type { Time } from '../../services/time/time.ts';
import type { Hear } from '../channel/channel.ts';
import type { Bodies } from '../http/body.ts';
import type { Attachments } from './page/attachments.ts';
import type { Box } from './page-html.ts';
import type { Photos } from './page/photos.ts';
import type { Throttle } from './throttle.ts';
import type { Page, Side } from './page/visitor-page.ts';
import type { Pages } from './page/visitor-pages.ts';

/** The visitor of a checked request, and the page as it was then. */
export interface From {
  readonly visitor: string;
  readonly page: Page;
}

export interface Site {
  /** The visitor of a request by the cookie of this page; nothing for a stranger. */
  visitorOf(c: Context): string | undefined;
  /** The first page of a visitor who has none yet; nothing where nobody may begin one any more. */
  firstPage(c: Context, visitor: string): Promise<Page | undefined>;
  /** An event of this visitor, but for its content. */
  eventOf(c: Context, from: From, side: Side): Omit<Incoming, 'id' | 'at' | 'content' | 'message'>;
  /** Switches the language of what the visitor is told. */
  speak(visitor: string, locale: Locale): Promise<void>;
  /** The page again, after a form; one chat's box as it is. */
  html(c: Context, side: Side, box: Partial<Box>): Promise<string>;
  /** Where the page is, after a form. */
  home(c: Context): string;
  /** Counts one request that is to be answered; false beyond a limit. */
  mayAsk(c: Context, visitor: string): boolean;
  /** Counts one more visitor; false beyond a limit. */
  mayCome(c: Context): boolean;
  /** Our public origin, where forms come from besides the host of the request. */
  readonly origin?: string | undefined;
  /** Cookies are for https alone. */
  readonly secure: boolean;
  /** Forms may carry a picture, and are answered when the bot has answered. */
  readonly patient?: true;
}

/** The repositories and limits that both pages of chats share. */
export interface PageParts {
  readonly pages: Pages;
  readonly photos: Photos;
  readonly attachments: Attachments;
  readonly bodies: Bodies;
  readonly throttle: Throttle;
  readonly now: () => number;
  readonly sleep: Time['sleep'];
  readonly log: Pick<Log, 'warn'>;
  /** The channel's listener; undefined while the channel is stopped. */
  readonly hearing: () => Hear | undefined;
}
