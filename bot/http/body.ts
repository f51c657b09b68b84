/** Reads request bodies: only where a route asks for one, up to the route's size limit, and all together up to a memory limit. */
import type { Context, MiddlewareHandler } from 'hono';

/** The size limit of one route. */
export interface Limit {
  readonly bytes: number;
  /** Accepts chunked bodies too, for clients that may send no Content-Length. */
  readonly chunked?: true;
}

/** Why a body was not read, as an HTTP status: it broke off, has no length, is too long, or the memory limit is reached. */
export type Unread = 400 | 411 | 413 | 503;

export interface Bodies {
  /**
   * Resolves with the result of `use`, or with the reason why the body was not read. The body counts against the memory limit
   * until then.
   */
  take<T>(request: Request, limit: Limit, use: (body: Uint8Array<ArrayBuffer>) => Promise<T>): Promise<T | Unread>;
  /**
   * Middleware that reads the body for the handlers after it (`c.req.json()`, `c.req.arrayBuffer()`). Authorisation belongs
   * before it.
   */
  limited(limit: Limit, refuse: (c: Context, why: Unread) => Response): MiddlewareHandler;
}

/** Memory limit for all bodies at a time, bytes. */
const MEMORY = 96 * 1024 * 1024;
/** Large bodies may use two thirds of it: slow uploads of pictures must not lock out messages. */
const LARGE = 1024 * 1024;
const MEMORY_FOR_LARGE = 64 * 1024 * 1024;

/** Creates a reader with a memory limit of its own; both limits in bytes. */
export function createBodies({
  memory = MEMORY,
  memoryForLarge = MEMORY_FOR_LARGE,
}: { memory?: number; memoryForLarge?: number } = {}): Bodies {
  let held = 0;

  const take: Bodies['take'] = async (request, limit, use) => {
    const announced = request.headers.get('content-length');
    const size = announced === null ? limit.bytes : Number(announced);
    if (announced === null && !limit.chunked && request.headers.has('transfer-encoding')) return 411;
    if (!(size <= limit.bytes)) return 413;
    if (held + size > (size > LARGE ? memoryForLarge : memory)) return 503;
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
        // Hono's cache holds a promise, though its type says the bytes.
        Object.assign(c.req.bodyCache, { arrayBuffer: Promise.resolve(body.buffer) });
        await next();
      });
      return why ? refuse(c, why) : undefined;
    },
  };
}

/** Reads a body with a Content-Length, which HTTP enforces; in one piece it costs a fraction of a stream. */
async function whole(request: Request): Promise<Uint8Array<ArrayBuffer> | Unread> {
  try {
    return new Uint8Array(await request.arrayBuffer());
  } catch {
    return 400;
  }
}

/** Reads a chunked body, up to the limit. */
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
