/** Stores pictures and files queued for a customer; they are uploaded only when sent. */
import type { Collection } from '../../../services/database/collections.ts';
import type { Attachment } from '../../channel/attachments.ts';
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
}

export interface Media {
  keep(key: string, attachment: Attachment): Promise<void>;
  /** Gives the media id; undefined when the file expired or WeCom refuses it. Rejects with a `WecomFault`: nothing was shown. */
  upload(key: string, kind: MediaKind): Promise<string | undefined>;
}

/** `kept` is a collection for `MEDIA_MS`. */
export function createMedia({ api, kept }: { api: Pick<Api, 'upload'>; kept: Collection<KeptMedia> }): Media {
  return {
    keep: (key, { name, type, bytes }) => kept.set(key, { name, type, bytes: bytes.toString('base64') }),
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
  };
}
