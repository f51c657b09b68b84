/** A file as a form that is posted: what WeCom takes uploads in. */
import { randomBytes } from 'node:crypto';

export interface Media {
  /** As the file shall be called in the chat. */
  readonly name: string;
  /** `image/png`. */
  readonly type: string;
  readonly bytes: Buffer;
}

/** Headers and body of the form, whose one field WeCom calls `media`. */
export function multipart({ name, type, bytes }: Media): { headers: Record<string, string>; body: Buffer } {
  const boundary = `hexiao-${randomBytes(12).toString('hex')}`;
  // oxlint-disable-next-line no-control-regex -- what would end the header, or the name in it, is left out
  const filename = name.replaceAll(/[\u0000-\u001f"\\]/g, '').slice(0, 100) || 'file';
  const head = [
    `--${boundary}`,
    `content-disposition: form-data; name="media"; filename="${filename}"; filelength=${bytes.length}`,
    `content-type: ${type}`,
    '',
    '',
  ].join('\r\n');
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    body: Buffer.concat([Buffer.from(head), bytes, Buffer.from(`\r\n--${boundary}--\r\n`)]),
  };
}
