/** Fetches what a message brought, from the channel it came by. */
import type { ChatId } from '../../handlers/message.ts';
import type { FetchFile } from '../../handlers/coupon/read-photo.ts';
import type { Log } from '../../services/log.ts';
import { TooLarge, type Channel } from './channel.ts';

export function createFetchFile({
  channelFor,
  log,
}: {
  readonly channelFor: (chat: ChatId) => Channel | undefined;
  readonly log: Log;
}): FetchFile {
  return async (chat, file) => {
    try {
      return (await channelFor(chat)?.fetch?.(file)) ?? 'gone';
    } catch (error) {
      if (error instanceof TooLarge) return 'too-large';
      log.warn('a picture could not be fetched', { error, chat });
      return 'gone';
    }
  };
}
