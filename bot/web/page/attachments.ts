/** Stores the pictures and files that the bot sends to a page, for an hour, readable by that page's visitor alone. */
import type { Collection } from '../../../services/database/collections.ts';
import { pictureType, type Attachment } from '../../channel/attachments.ts';

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
          'content-disposition': `${picture ? 'inline' : 'attachment'}; ${fileName(found.name)}`,
          'cache-control': `private, max-age=${ATTACHMENT_MS / 1000}`,
        },
      };
    },
  };
}

/** The file name in both forms of RFC 6266: an ASCII fallback and the full name in UTF-8. */
function fileName(name: string): string {
  const ascii = name.replaceAll(/[^ -~]|[%"\\]/g, '_');
  const full = encodeURIComponent(name.toWellFormed()).replaceAll(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
  return `filename="${ascii}"; filename*=UTF-8''${full}`;
}
