/** Takes what Telegram posts. Nothing is read before the secret is right, and nothing is acknowledged before it is stored. */
import { hash, timingSafeEqual } from 'node:crypto';
import type { Log } from '../../services/log.ts';
import type { Bodies } from '../http/body.ts';

/** Far above any update; a longer body is not Telegram's. It always says how long one is. */
const LIMIT = { bytes: 1024 * 1024 };

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8'));
  } catch {
    return undefined;
  }
}

/**
 * 200 once `hear` has stored the update, 500 when it could not and 503 when too much is being read (Telegram posts it again
 * then), 401 without the secret, 400 for what is no JSON object, 411 and 413 for a body without a length or too long.
 */
export function createWebhook(options: {
  readonly secret: string;
  readonly bodies: Bodies;
  readonly hear: (update: object) => Promise<void>;
  readonly log: Log;
}): (request: Request) => Promise<Response> {
  const expected = digest(options.secret);

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
    const given = request.headers.get('x-telegram-bot-api-secret-token') ?? '';
    // Digests are of one length, so that the comparison takes the same time whatever was given.
    if (!timingSafeEqual(digest(given), expected)) return new Response('wrong secret', { status: 401 });
    const answer = await options.bodies.take(request, LIMIT, hear);
    return typeof answer === 'number' ? new Response('not read', { status: answer }) : answer;
  };
}
