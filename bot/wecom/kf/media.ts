/** Pictures and files that wait for a customer: kept until they are said, and uploaded only then. */
import type { Collection } from '../../../services/database/collections.ts';
import type { Attachment } from '../../channel/attachments.ts';
import type { Api } from '../api.ts';
import type { MediaKind } from '../attaching.ts';
import { hasCode, NOT_TAKEN, WecomFault } from '../fault.ts';

/** How long one is kept: as long as WeCom keeps what was uploaded. */
export const MEDIA_MS = 3 * 24 * 3_600_000;

/** As it is kept: `bytes` in base64. */
export interface KeptMedia {
  readonly name: string;
  readonly type: string;
  readonly bytes: string;
}

export interface Media {
  keep(key: string, attachment: Attachment): Promise<void>;
  /** The media id; nothing when it is kept no longer, or WeCom does not take it. Rejects with a `WecomFault`: nothing was said. */
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
        // Whatever became of the upload, the customer has not seen it.
        if (error instanceof WecomFault && error.outcome === 'unknown')
          throw new WecomFault('/media/upload', 'the answer was lost', { outcome: 'not-done' });
        throw error;
      }
    },
  };
}
