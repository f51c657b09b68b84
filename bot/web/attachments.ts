/** Pictures and files the bot sends to a page: kept for an hour, given to the page's own visitor alone. */
import type { Collection } from '../../services/database/collections.ts';
import { pictureType, type Attachment } from '../channel/attachments.ts';

/** How long they are kept, ms: to be looked at, printed or saved. */
export const ATTACHMENT_MS = 60 * 60_000;
/** The largest, bytes: as a picture that a visitor sends. */
export const ATTACHMENT_BYTES = 10 * 1024 * 1024;

/** As it is kept: `bytes` in base64. */
export interface KeptAttachment {
  readonly name: string;
  readonly bytes: string;
}

export interface Attachments {
  keep(visitor: string, message: string, attachment: Attachment): Promise<void>;
  /** What that message of the visitor's page brought, with the headers it is answered with: no type in which anything runs. */
  own(
    visitor: string,
    message: string,
  ): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>; readonly headers: Readonly<Record<string, string>> } | undefined>;
}

/** `kept` is a collection for `ATTACHMENT_MS`. */
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

/** The name twice, as RFC 6266 has it: for those who read ASCII only, and in full. */
function fileName(name: string): string {
  const ascii = name.replaceAll(/[^ -~]|[%"\\]/g, '_');
  const full = encodeURIComponent(name.toWellFormed()).replaceAll(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`);
  return `filename="${ascii}"; filename*=UTF-8''${full}`;
}
