/** Encodes a file as multipart/form-data for WeCom's uploads. */
import { randomBytes } from 'node:crypto';

export interface Media {
  /** File name shown in the chat. */
  readonly name: string;
  /** Media type: `image/png`. */
  readonly type: string;
  readonly bytes: Buffer;
}

/** Builds headers and body of a form with one field, `media`. */
export function multipart({ name, type, bytes }: Media): { headers: Record<string, string>; body: Buffer } {
  const boundary = `hexiao-${randomBytes(12).toString('hex')}`;
  // oxlint-disable-next-line no-control-regex -- removes characters that would end the header or the name in it
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
