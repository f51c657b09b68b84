/** Validates uploads for the fakes of WeCom: https://developer.work.weixin.qq.com/document/path/90253 */
import { isPicture, readForm } from '../multipart.ts';

export interface FakeMedia {
  readonly kind: string;
  readonly name: string;
  readonly bytes: Buffer;
}

const MOST: Readonly<Record<string, number>> = { image: 10_485_760, voice: 2_097_152, video: 10_485_760, file: 20_971_520 };

/** The errcode for bytes that are not taken as this kind, 0 for those that are. */
export function judgeBytes(kind: string, bytes: Buffer): number {
  const most = MOST[kind];
  if (most === undefined) return 40004;
  if (bytes.length <= 5) return 40006;
  if (bytes.length > most) return 45001;
  return kind === 'image' && !isPicture(bytes) ? 40005 : 0;
}

/** The file of a posted form, or the errcode it is refused with. */
export function takeUpload(kind: string, type: string, body: Buffer): FakeMedia | number {
  const part = readForm(body, type)?.find(({ name }) => name === 'media');
  if (!part?.filename || !part.type) return 44001;
  const code = judgeBytes(kind, part.bytes);
  return code === 0 ? { kind, name: part.filename, bytes: part.bytes } : code;
}
