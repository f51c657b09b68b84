/** Pictures and files of ours, as a channel can carry them: their bytes, and what is said where it cannot. */
import type { Reply } from '../../handlers/message.ts';

export type Attaching = Extract<Reply, { kind: 'picture' | 'file' }>;

/** The most that a channel takes, bytes. */
export interface Limits {
  readonly picture: number;
  readonly file: number;
}

export interface Attachment {
  readonly as: 'picture' | 'file';
  /** Without anything that means something in a path or a header. */
  readonly name: string;
  /** `image/png` */
  readonly type: string;
  readonly bytes: Buffer;
}

/** WeCom takes no file of five bytes or less, and an empty one is none anywhere. */
const LEAST = 6;
const NAME_LIMIT = 100;

/** What is to be sent. A picture that is too large for one goes as a file; nothing where the channel cannot carry it at all. */
export function attachment(reply: Attaching, limits: Limits): Attachment | undefined {
  const bytes = Buffer.from(reply.bytes, 'base64');
  const type = reply.kind === 'picture' ? pictureType(bytes) : reply.type;
  if (type === undefined || bytes.length < LEAST) return undefined;
  const as = reply.kind === 'picture' && bytes.length <= limits.picture ? 'picture' : 'file';
  if (as === 'file' && bytes.length > limits.file) return undefined;
  const name = reply.kind === 'picture' ? `picture.${type === 'image/png' ? 'png' : 'jpg'}` : plainName(reply.name);
  return { as, name, type, bytes };
}

/** The words in place of what cannot be carried. */
export const inWords = ({ caption, sorry }: Pick<Attaching, 'caption' | 'sorry'>): string =>
  [caption, sorry].filter((text) => text.trim() !== '').join('\n\n');

/** By its first bytes; nothing for anything but PNG and JPEG. */
export function pictureType(bytes: Uint8Array): 'image/png' | 'image/jpeg' | undefined {
  const start = Buffer.from(bytes.subarray(0, 4)).toString('latin1');
  if (start.startsWith('\x89PNG')) return 'image/png';
  return start.startsWith('\xff\xd8\xff') ? 'image/jpeg' : undefined;
}

function plainName(name: string): string {
  // oxlint-disable-next-line no-control-regex -- what ends a header, and what systems do not take in a name
  const plain = name.replaceAll(/[\u0000-\u001f\u007f"\\/;:*?<>|]/g, '_').trim();
  return Array.from(plain).slice(-NAME_LIMIT).join('').replace(/^\.+/, '') || 'file';
}
