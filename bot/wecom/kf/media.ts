/** Stores pictures and files queued for a customer; they are uploaded only when sent. */
import type { ChatId } from '../../../handlers/message.ts';
import type { Collection } from '../../../services/database/collections.ts';
import type { About } from '../../../services/files/kept-files.ts';
import type { Attachment } from '../../channel/attachments.ts';
import type { WordInstead } from '../../channel/instead.ts';
import type { Api } from '../api.ts';
import type { MediaKind } from '../attaching.ts';
import { hasCode, NOT_TAKEN, WecomFault } from '../fault.ts';

/** Lifetime of a stored file: equal to that of WeCom's uploads. */
export const MEDIA_MS = 3 * 24 * 3_600_000;

/** A stored file: `bytes` in base64. */
export interface KeptMedia {
  readonly name: string;
  readonly type: string;
  readonly bytes: string;
  /** Of which store it tells; left out by earlier programs. */
  readonly about?: About;
}

export interface Media {
  keep(key: string, attachment: Attachment, about: About | undefined): Promise<void>;
  /** Gives the media id; undefined when the file expired or WeCom refuses it. Rejects with a `WecomFault`: nothing was shown. */
  upload(key: string, kind: MediaKind): Promise<string | undefined>;
  /** Words what the chat gets in place of a file that cannot be uploaded or sent. */
  instead(chat: ChatId, about: { readonly key: string; readonly sorry: string }): Promise<string>;
}

/** `kept` is a collection for `MEDIA_MS`. */
export function createMedia({
  api,
  kept,
  wordInstead,
}: {
  api: Pick<Api, 'upload'>;
  kept: Collection<KeptMedia>;
  wordInstead: WordInstead;
}): Media {
  return {
    keep: (key, { name, type, bytes }, about) =>
      kept.set(key, { name, type, bytes: bytes.toString('base64'), ...(about && { about }) }),
    async upload(key, kind) {
      const found = await kept.get(key);
      if (!found) return undefined;
      try {
        return await api.upload(kind, { ...found, bytes: Buffer.from(found.bytes, 'base64') });
      } catch (error) {
        if (hasCode(error, NOT_TAKEN)) return undefined;
        // Nothing was shown to the customer yet, whatever became of the upload.
        if (error instanceof WecomFault && error.outcome === 'unknown')
          throw new WecomFault('/media/upload', 'the answer was lost', { outcome: 'not-done' });
        throw error;
      }
    },
    async instead(chat, { key, sorry }) {
      const found = await kept.get(key);
      return found ? (await wordInstead(chat, { kind: 'file', ...found, caption: '', sorry }, chat)).text : sorry;
    },
  };
}
