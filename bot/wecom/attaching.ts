/** Sends pictures and files to WeCom: upload, caption as a message of its own, then the message with the media id. */
import { attachment, type Attaching, type Attachment } from '../channel/attachments.ts';
import { NotSent, type NotCarried, type Sent } from '../channel/channel.ts';
import { UPLOAD_LIMITS } from './api.ts';

export type MediaKind = 'image' | 'file';

/** Builds the message for an uploaded file. */
export const mediaBody = (kind: MediaKind, id: string) =>
  kind === 'image' ? ({ msgtype: kind, image: { media_id: id } } as const) : ({ msgtype: kind, file: { media_id: id } } as const);

const LIMITS = { picture: UPLOAD_LIMITS.image, file: UPLOAD_LIMITS.file } as const;

/** Prepares the attachment of a reply for WeCom; undefined for what WeCom does not take. */
export function mediaOf(reply: Attaching): (Attachment & { readonly kind: MediaKind }) | undefined {
  const found = attachment(reply, LIMITS);
  return found && { ...found, kind: found.as === 'picture' ? 'image' : 'file' };
}

/** The calls of one WeCom channel that sending an attachment needs. */
export interface Carrier {
  /** Uploads; gives the media id. */
  upload(kind: MediaKind, media: Attachment): Promise<string>;
  post(body: ReturnType<typeof mediaBody>): Promise<unknown>;
  say(text: string): Promise<Sent>;
  /** Tells whether the file itself was refused, so that a retry is futile. */
  refused(error: unknown): boolean;
}

/** Sends a picture or a file below its caption. */
export async function attach(reply: Attaching, { upload, post, say, refused }: Carrier): Promise<Sent | NotCarried> {
  const media = mediaOf(reply);
  const id = await (media && upload(media.kind, media))?.catch((cause: unknown) => {
    if (refused(cause)) return undefined;
    // Nothing was shown yet, whatever became of the upload.
    throw new NotSent(cause instanceof Error ? cause.message : 'not uploaded', { cause });
  });
  if (!media || id === undefined) return { kind: 'not-carried' };
  const captioned = reply.caption.trim() !== '';
  if (captioned) await say(reply.caption);
  try {
    await post(mediaBody(media.kind, id));
    return { kind: 'sent' };
  } catch (error) {
    if (refused(error)) return { kind: 'not-carried', ...(captioned && { captioned }) };
    throw error;
  }
}
