/** Takes what Telegram posts. Nothing is read before the secret is right, and nothing is acknowledged before it is stored. */
import { hash, timingSafeEqual } from 'node:crypto';
import type { Log } from '../../services/log.ts';
import { readBody } from '../body.ts';

/** Far above any update; a longer body is not Telegram's. */
const BODY_LIMIT = 1024 * 1024;

const digest = (text: string): Buffer => hash('sha256', text, 'buffer');

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** 200 once `hear` has stored the update, 500 when it could not (Telegram posts it again), 401 without the secret, 400 for what is no JSON object or too long. */
export function createWebhook(options: {
  readonly secret: string;
  readonly hear: (update: object) => Promise<void>;
  readonly log: Log;
}): (request: Request) => Promise<Response> {
  const expected = digest(options.secret);
  return async (request) => {
    const given = request.headers.get('x-telegram-bot-api-secret-token') ?? '';
    // Digests are of one length, so that the comparison takes the same time whatever was given.
    if (!timingSafeEqual(digest(given), expected)) return new Response('wrong secret', { status: 401 });
    const update = parse(await readBody(request, BODY_LIMIT));
    if (typeof update !== 'object' || update === null) return new Response('not an update', { status: 400 });
    try {
      await options.hear(update);
      return new Response('ok');
    } catch (error) {
      options.log.warn('an update could not be stored; Telegram will post it again', { error });
      return new Response('not stored', { status: 500 });
    }
  };
}
