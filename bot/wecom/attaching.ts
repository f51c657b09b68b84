/** Pictures and files as WeCom takes them: uploaded first, then sent by their id, with the caption as a message before. */
import { attachment, inWords, type Attaching, type Attachment } from '../channel/attachments.ts';
import { NotSent, type Sent } from '../channel/channel.ts';
import { UPLOAD_LIMITS } from './api.ts';

export type MediaKind = 'image' | 'file';

/** The body of a message that brings what was uploaded. */
export const mediaBody = (kind: MediaKind, id: string) =>
  kind === 'image' ? ({ msgtype: kind, image: { media_id: id } } as const) : ({ msgtype: kind, file: { media_id: id } } as const);

const LIMITS = { picture: UPLOAD_LIMITS.image, file: UPLOAD_LIMITS.file } as const;

/** What a reply brings, as far as WeCom takes that, and as what. */
export function mediaOf(reply: Attaching): (Attachment & { readonly kind: MediaKind }) | undefined {
  const found = attachment(reply, LIMITS);
  return found && { ...found, kind: found.as === 'picture' ? 'image' : 'file' };
}

/** How one of WeCom's channels sends. */
export interface Carrier {
  /** Gives the media id. */
  upload(kind: MediaKind, media: Attachment): Promise<string>;
  post(body: ReturnType<typeof mediaBody>): Promise<unknown>;
  say(text: string): Promise<Sent>;
  /** Whether this failure means that it is not taken as it is, now or later. */
  refused(error: unknown): boolean;
}

/** Sends a picture or a file, or says in words that it cannot be had here. */
export async function attach(reply: Attaching, { upload, post, say, refused }: Carrier): Promise<Sent> {
  const media = mediaOf(reply);
  const id = await (media && upload(media.kind, media))?.catch((cause: unknown) => {
    if (refused(cause)) return undefined;
    // Whatever became of the upload, nobody has seen it.
    throw new NotSent(cause instanceof Error ? cause.message : 'not uploaded', { cause });
  });
  if (!media || id === undefined) return await say(inWords(reply));
  if (reply.caption.trim() !== '') await say(reply.caption);
  try {
    await post(mediaBody(media.kind, id));
    return { kind: 'sent' };
  } catch (error) {
    if (refused(error)) return await say(reply.sorry);
    throw error;
  }
}
