/** Receives files over the WebSocket connection, in chunks: https://developer.work.weixin.qq.com/document/path/101463 */
import { createHash } from 'node:crypto';
import { json, Refused, text, type Look } from './smart-bot-rendering.ts';
import { judgeBytes, type FakeMedia } from './media.ts';

const CHUNK = 512 * 1024;
const MOST_CHUNKS = 100;
const SESSION_MS = 30 * 60_000;
const PER_MINUTE = 30;
const KEPT_MS = 3 * 86_400_000;

interface Session {
  readonly kind: string;
  readonly name: string;
  readonly size: number;
  readonly total: number;
  readonly md5: unknown;
  readonly until: number;
  readonly chunks: Map<number, Buffer>;
}

type Body = Readonly<Record<string, unknown>>;

export function createUploads(now: () => number) {
  const sessions = new Map<string, Session>();
  const media = new Map<string, FakeMedia & { readonly until: number }>();
  let begun: number[] = [];
  let count = 0;

  const sessionOf = (body: Body): Session => {
    const found = sessions.get(text(body['upload_id']));
    if (!found || found.until <= now()) throw new Refused(40058, 'invalid upload_id');
    return found;
  };

  const commands: Readonly<Record<string, (body: Body) => object>> = {
    aibot_upload_media_init(body) {
      const { type, filename, total_size: size, total_chunks: total, md5 } = body;
      begun = begun.filter((at) => at > now() - 60_000);
      if (begun.length >= PER_MINUTE) throw new Refused(45009, 'api freq out of limit');
      if (typeof size !== 'number' || typeof total !== 'number' || text(filename) === '') throw new Refused(40058, 'parameters');
      if (total < 1 || total > MOST_CHUNKS) throw new Refused(40058, 'total_chunks');
      begun.push(now());
      const id = `upload-${(count += 1)}`;
      const session = { kind: text(type), name: text(filename), size, total, md5, until: now() + SESSION_MS };
      sessions.set(id, { ...session, chunks: new Map() });
      return { upload_id: id };
    },
    aibot_upload_media_chunk(body) {
      const session = sessionOf(body);
      const index = body['chunk_index'];
      const bytes = Buffer.from(text(body['base64_data']), 'base64');
      if (typeof index !== 'number' || index < 0 || index > session.total || bytes.length === 0 || bytes.length > CHUNK)
        throw new Refused(40058, 'chunk');
      session.chunks.set(index, bytes);
      return {};
    },
    aibot_upload_media_finish(body) {
      const { kind, name, size, total, md5, chunks } = sessionOf(body);
      // Counted from 0 or from 1: the pages say one and the package does the other.
      const bytes = Buffer.concat([...chunks].toSorted(([a], [b]) => a - b).map(([, chunk]) => chunk));
      if (chunks.size !== total || bytes.length !== size) throw new Refused(40058, 'a chunk is missing');
      if (createHash('md5').update(bytes).digest('hex') !== md5) throw new Refused(301019, 'md5 mismatch');
      const code = judgeBytes(kind, bytes);
      if (code !== 0) throw new Refused(code, 'not taken');
      const id = `media-${(count += 1)}`;
      media.set(id, { kind, name, bytes, until: now() + KEPT_MS });
      return { type: kind, media_id: id, created_at: String(Math.floor(now() / 1000)) };
    },
  };

  return {
    commands,
    /** Renders the message of an upload. */
    look(kind: 'image' | 'file', part: unknown): Look {
      const found = media.get(text(json(part)['media_id']));
      if (!found || found.until <= now() || found.kind !== kind) throw new Refused(40007, 'invalid media_id');
      const { name, bytes } = found;
      return { kind, text: '', buttons: [], ...(kind === 'image' ? { picture: bytes } : { file: { name, bytes } }) };
    },
  };
}
