/** The channel behind pages of chats: what is sent to a chat is applied to its visitor's page. */
import { attachment } from '../channel/attachments.ts';
import { NotSent, type Channel, type Hear } from '../channel/channel.ts';
import type { ChatId } from '../../handlers/message.ts';
import { ATTACHMENT_BYTES, type Attachments } from './page/attachments.ts';
import { applyReply } from './page/apply-reply.ts';
import type { Photos } from './page/photos.ts';
import type { Page, Side } from './page/visitor-page.ts';
import type { Pages } from './page/visitor-pages.ts';

const LIMITS = { picture: ATTACHMENT_BYTES, file: ATTACHMENT_BYTES } as const;

export interface PageChannel {
  readonly channel: Channel;
  /** The channel's listener; undefined while the channel is stopped. */
  readonly hearing: () => Hear | undefined;
}

export function createPageChannel(parts: {
  channel: Pick<Channel, 'name' | 'slash' | 'customerLinks'>;
  pages: Pages;
  photos: Photos;
  attachments: Attachments;
  /** The visitor and side of a chat; undefined for chats of other channels. */
  whose: (chat: ChatId) => { readonly visitor: string; readonly side: Side } | undefined;
  newId: () => string;
  now: () => number;
}): PageChannel {
  const { channel, pages, photos, attachments, whose, newId, now } = parts;
  let hear: Hear | undefined;
  return {
    hearing: () => hear,
    channel: {
      ...channel,
      edits: true,
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
        const attaching = reply.kind === 'picture' || reply.kind === 'file' ? reply : undefined;
        const attached = attaching && attachment(attaching, LIMITS);
        if (attaching && !attached) return { kind: 'not-carried' };
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
      // A visitor is alone with the bot in every chat.
      administers: (chat, person) => Promise.resolve(`${channel.name}:${whose(chat)?.visitor ?? ''}` === person),
    },
  };
}
