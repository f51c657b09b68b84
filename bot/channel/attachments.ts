/** Prepares pictures and files that the program sends: their bytes as a channel can carry them. */
import type { Reply } from '../../handlers/message.ts';

export type Attaching = Extract<Reply, { kind: 'picture' | 'file' }>;

/** The largest picture and file that a channel takes, bytes. */
export interface Limits {
  readonly picture: number;
  readonly file: number;
}

export interface Attachment {
  readonly as: 'picture' | 'file';
  /** Holds no character with a meaning in a path or a header. */
  readonly name: string;
  /** `image/png` */
  readonly type: string;
  readonly bytes: Buffer;
}

/** The smallest file that is sent, bytes: WeCom takes none of five bytes or less, and an empty file is none anywhere. */
const LEAST = 6;
const NAME_LIMIT = 100;

/** The attachment to be sent. A picture over the limit goes as a file; undefined where the channel cannot carry it at all. */
export function attachment(reply: Attaching, limits: Limits): Attachment | undefined {
  const bytes = Buffer.from(reply.bytes, 'base64');
  const type = reply.kind === 'picture' ? pictureType(bytes) : reply.type;
  if (type === undefined || bytes.length < LEAST) return undefined;
  const as = reply.kind === 'picture' && bytes.length <= limits.picture ? 'picture' : 'file';
  if (as === 'file' && bytes.length > limits.file) return undefined;
  const name = reply.kind === 'picture' ? `picture.${type === 'image/png' ? 'png' : 'jpg'}` : plainName(reply.name);
  return { as, name, type, bytes };
}

/** Reads the type from the first bytes; undefined for anything but PNG and JPEG. */
export function pictureType(bytes: Uint8Array): 'image/png' | 'image/jpeg' | undefined {
  const start = Buffer.from(bytes.subarray(0, 4)).toString('latin1');
  if (start.startsWith('\x89PNG')) return 'image/png';
  return start.startsWith('\xff\xd8\xff') ? 'image/jpeg' : undefined;
}

function plainName(name: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters end a header, and file systems refuse them
  const plain = name.replaceAll(/[\u0000-\u001f\u007f"\\/;:*?<>|]/g, '_').trim();
  return Array.from(plain).slice(-NAME_LIMIT).join('').replace(/^\.+/, '') || 'file';
}
