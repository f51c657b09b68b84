/** Telegram's webhook: checks the secret before reading a body, and acknowledges an update only when it is stored. */
import { timingSafeEqual } from 'node:crypto';
import type { Log } from '../../services/log.ts';
import type { Bodies } from '../http/body.ts';

/** Size limit of a body, far above any update. Telegram always sends a Content-Length. */
const LIMIT = { bytes: 1024 * 1024 };

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
}

/**
 * Creates the request handler. It answers 200 once `hear` has stored the update; 500 when storing failed and 503 when the
 * memory for bodies is used up (Telegram retries both); 401 without the secret, 400 for anything but a JSON object, 411 and
 * 413 for a body without a length or over the limit.
 */
export function createWebhook(options: {
  readonly secret: string;
  readonly bodies: Bodies;
  readonly hear: (update: object) => Promise<void>;
  readonly log: Log;
}): (request: Request) => Promise<Response> {
  const expected = Buffer.from(options.secret);

  async function hear(body: Uint8Array): Promise<Response> {
    const update = parse(body);
    if (typeof update !== 'object' || update === null) return new Response('not an update', { status: 400 });
    try {
      await options.hear(update);
      return new Response('ok');
    } catch (error) {
      options.log.warn('an update could not be stored; Telegram will post it again', { error });
      return new Response('not stored', { status: 500 });
    }
  }

  return async (request) => {
    const given = Buffer.from(request.headers.get('x-telegram-bot-api-secret-token') ?? '');
    // Its length is no secret.
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      return new Response('wrong secret', { status: 401 });
    const answer = await options.bodies.take(request, LIMIT, hear);
    return typeof answer === 'number' ? new Response('not read', { status: answer }) : answer;
  };
}
