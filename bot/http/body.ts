/** The bodies of requests: read only where a route asks for one, each up to the route's limit, and all together up to a lid. */
import type { Context, MiddlewareHandler } from 'hono';

/** What one route takes. */
export interface Limit {
  readonly bytes: number;
  /** Bodies of unsaid length (chunked) are taken, too: for senders that are not known to say it. */
  readonly chunked?: true;
}

/** Why a body was not read, as HTTP says it: it broke off, has no length, is too long, or others fill the memory. */
export type Unread = 400 | 411 | 413 | 503;

export interface Bodies {
  /** Resolves with what `use` makes of the body, which counts against the lid until then, or with why it was not read. */
  take<T>(request: Request, limit: Limit, use: (body: Uint8Array<ArrayBuffer>) => Promise<T>): Promise<T | Unread>;
  /** Middleware: what follows finds the body read (`c.req.json()`, `c.req.arrayBuffer()`). Whoever may not post is refused before it. */
  limited(limit: Limit, refuse: (c: Context, why: Unread) => Response): MiddlewareHandler;
}

/** Bytes of all bodies at a time. */
const LID = 96 * 1024 * 1024;
/** Pictures leave a third of it to messages: whoever sends pictures slowly silences nobody. */
const LARGE = 1024 * 1024;
const LID_FOR_LARGE = 64 * 1024 * 1024;

export function createBodies({ lid = LID, lidForLarge = LID_FOR_LARGE }: { lid?: number; lidForLarge?: number } = {}): Bodies {
  let held = 0;

  const take: Bodies['take'] = async (request, limit, use) => {
    const announced = request.headers.get('content-length');
    const size = announced === null ? limit.bytes : Number(announced);
    if (announced === null && !limit.chunked && request.headers.has('transfer-encoding')) return 411;
    if (!(size <= limit.bytes)) return 413;
    if (held + size > (size > LARGE ? lidForLarge : lid)) return 503;
    held += size;
    try {
      const body = announced === null ? await collect(request, limit.bytes) : await whole(request);
      return typeof body === 'number' ? body : await use(body);
    } finally {
      held -= size;
    }
  };

  return {
    take,
    limited: (limit, refuse) => async (c, next) => {
      const why = await take(c.req.raw, limit, async (body) => {
        // Typed as the bytes, kept as the promise of them.
        Object.assign(c.req.bodyCache, { arrayBuffer: Promise.resolve(body.buffer) });
        await next();
      });
      return why ? refuse(c, why) : undefined;
    },
  };
}

/** HTTP ends a body where its announced length ends; read at once it costs a fraction of what streams do. */
async function whole(request: Request): Promise<Uint8Array<ArrayBuffer> | Unread> {
  try {
    return new Uint8Array(await request.arrayBuffer());
  } catch {
    return 400;
  }
}

async function collect(request: Request, limit: number): Promise<Uint8Array<ArrayBuffer> | Unread> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of request.body ?? []) {
      length += chunk.byteLength;
      if (length > limit) return 413;
      chunks.push(chunk);
    }
  } catch {
    return 400;
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.byteLength;
  }
  return body;
}
