/** Stores the pictures and files that the bot sends to a page, for an hour, readable by that page's visitor alone. */
import type { Collection } from '../../../services/database/collections.ts';
import { pictureType, type Attachment } from '../../channel/attachments.ts';
import { contentDisposition } from '../content-disposition.ts';

/** Lifetime, ms: time enough to look at, print or save one. */
export const ATTACHMENT_MS = 60 * 60_000;
/** The size limit, bytes; the same as for a picture that a visitor sends. */
export const ATTACHMENT_BYTES = 10 * 1024 * 1024;

/** The stored form; `bytes` is base64. */
export interface KeptAttachment {
  readonly name: string;
  readonly bytes: string;
}

export interface Attachments {
  keep(visitor: string, message: string, attachment: Attachment): Promise<void>;
  /** The attachment of a message on the visitor's own page, with its response headers: no content type that runs scripts. */
  own(
    visitor: string,
    message: string,
  ): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly headers: Readonly<Record<string, string>> } | undefined>;
}

/** `kept` is a collection whose entries expire after `ATTACHMENT_MS`. */
export function createAttachments(kept: Collection<KeptAttachment>): Attachments {
  const handle = (visitor: string, message: string): string => `${visitor}-${message}`;
  return {
    keep: (visitor, message, { name, bytes }) =>
      kept.set(handle(visitor, message), { name, bytes: Buffer.from(bytes).toString('base64') }),
    async own(visitor, message) {
      const found = await kept.get(handle(visitor, message));
      if (!found) return undefined;
      const bytes = new Uint8Array(Buffer.from(found.bytes, 'base64'));
      const picture = pictureType(bytes);
      return {
        bytes,
        headers: {
          'content-type': picture ?? 'application/octet-stream',
          'content-disposition': contentDisposition(picture ? 'inline' : 'attachment', found.name),
          'cache-control': `private, max-age=${ATTACHMENT_MS / 1000}`,
        },
      };
    },
  };
}
