/** Parses multipart forms byte for byte, with quoted and bare names, since clients write both; and recognises pictures. */

export interface FormPart {
  readonly name: string;
  /** Of an upload. */
  readonly filename: string | undefined;
  readonly type: string | undefined;
  readonly bytes: Buffer;
}

/** Nothing for what is no form, or one that breaks off. */
export function readForm(body: Buffer, contentType: string): FormPart[] | undefined {
  const boundary = /^multipart\/form-data;\s*boundary="?([^";]+)"?/.exec(contentType)?.[1];
  if (boundary === undefined) return undefined;
  const parts: FormPart[] = [];
  const line = `--${boundary}`;
  let at = body.indexOf(line);
  for (;;) {
    if (at < 0) return undefined;
    const start = at + line.length;
    if (body.subarray(start, start + 2).toString() === '--') return parts;
    const head = body.indexOf('\r\n\r\n', start);
    const end = body.indexOf(`\r\n${line}`, head);
    if (head < 0 || end < 0) return undefined;
    const headers = body.subarray(start, head).toString('utf8');
    const value = (name: string): string | undefined =>
      new RegExp(`[;\\s]${name}=(?:"([^"]*)"|([^;\\r\\n]*))`, 'i').exec(headers)?.slice(1).find(Boolean);
    parts.push({
      name: value('name') ?? '',
      filename: value('filename'),
      type: /content-type:\s*([^\r\n]+)/i.exec(headers)?.[1],
      bytes: body.subarray(head + 4, end),
    });
    at = end + 2;
  }
}

/** JPG and PNG by their first bytes: anything else is no picture. */
export const isPicture = (bytes: Buffer): boolean => /^(\x89PNG|\xff\xd8\xff)/.test(bytes.subarray(0, 4).toString('latin1'));
