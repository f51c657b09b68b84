/** `POST /<platform>/webhook`: messages that platforms post by themselves. Answered with 200 once they are dealt with. */
import { Hono } from 'hono';
import type { Collections } from '../../services/collection.ts';
import type { Log } from '../../services/log.ts';
import type { Leases } from '../../services/database/locks/leases.ts';
import type { Platform } from '../../services/platforms/platform.ts';
import type { TakeNews } from '../../services/verification/outside-news.ts';
import type { Bodies } from './body.ts';

export interface PlatformMessagesParts {
  readonly platforms: readonly Pick<Platform, 'name' | 'messages'>[];
  readonly take: TakeNews;
  readonly leases: Pick<Leases, 'hold' | 'release'>;
  readonly collections: Collections;
  readonly bodies: Bodies;
  readonly newId: () => string;
  readonly log: Log;
}

/** Far above any message. */
const LIMIT = { bytes: 64 * 1024, chunked: true } as const;
/** A message that comes again within this time after it was taken is the same, ms. */
const ONCE_MS = 24 * 3_600_000;
/** The lease of an instance that takes a message, ms: longer than it takes to read back. */
const TAKING_MS = 60_000;

/**
 * Creates the routes. A message is read only after its signature; it is taken once over all instances. 401 for a wrong signature,
 * 400 for what is no message, 500 where it could not be read back, 503 while another instance, which may have died, is taking it:
 * the platform repeats it then.
 */
export function createPlatformMessages(parts: PlatformMessagesParts): Hono {
  const { platforms, take, leases, collections, bodies, newId, log } = parts;
  const taken = collections<true>('message', ONCE_MS);
  const routes = new Hono();
  for (const { name, messages } of platforms) {
    if (!messages) continue;
    routes.post(`/${name}/webhook`, async (c) => {
      const answer = await bodies.take(c.req.raw, LIMIT, async (body) => {
        const message = messages.read((header) => c.req.header(header), Buffer.from(body));
        if (message.kind === 'challenge') return c.json(message.answer);
        if (message.kind !== 'message') return c.text(message.kind, message.kind === 'forged' ? 401 : 400);
        const { id, news } = message;
        if (!news) return c.json({});
        const [which, me] = [`${name}:${id}`, newId()];
        const lease = `message:${which}`;
        if (await taken.get(which)) return c.json({});
        if (!(await leases.hold(lease, me, TAKING_MS))) return c.text('under way', 503);
        try {
          await take(name, news);
          // Only now: what is acknowledged is not repeated.
          await taken.set(which, true);
          return c.json({});
        } catch (error) {
          log.warn('a message of a platform could not be read back', { platform: name, error });
          return c.text('not now', 500);
        } finally {
          await leases.release(lease, me);
        }
      });
      return typeof answer === 'number' ? c.text('not read', answer) : answer;
    });
  }
  return routes;
}
