/** Where merchants come back to from a platform's page: their answer goes to the chat that sent them, once. */
import { Hono, type Context } from 'hono';
import type { Away } from '../handlers/bind-authorise.ts';
import type { Log } from '../services/log.ts';
import type { Platform } from '../services/platforms/platform.ts';
import type { Collection } from '../services/store/expiring.ts';
import type { Hear } from './channel.ts';

export interface OauthParts {
  readonly away: Collection<Away>;
  readonly platforms: readonly Pick<Platform, 'name' | 'authorisation'>[];
  readonly hear: Hear;
  readonly now: () => number;
  readonly log: Pick<Log, 'warn'>;
}

/** `GET /oauth/:platform`. Without a word that somebody is awaited by, nothing that comes is looked at. */
export function createOauth({ away, platforms, hear, now, log }: OauthParts): Hono {
  return new Hono().get('/oauth/:platform', async (c) => {
    const platform = platforms.find(({ name, authorisation }) => authorisation && name === c.req.param('platform'));
    if (!platform?.authorisation) return c.notFound();
    const state = c.req.query('state') ?? '';
    const awaited = /^[a-z0-9]{32}$/.test(state) ? await away.get(state) : undefined;
    if (awaited?.platform !== platform.name) return page(c, 400, GONE);
    const answer = c.req.query(platform.authorisation.answer) ?? '';
    // They said no, or the platform did. The link is good for another try.
    if (answer === '' || answer.length > LONGEST) return page(c, 400, REFUSED);
    if (!(await away.delete(state))) return page(c, 400, GONE);
    try {
      const { chat, person, dialogue } = awaited;
      const content = { kind: 'authorised', platform: platform.name, answer, dialogue } as const;
      await hear({ id: `oauth:${state}`, ...chat, from: person, at: now(), content, addressed: true });
      return page(c, 200, DONE);
    } catch (error) {
      log.warn('an authorisation could not be taken', { error, platform: platform.name });
      await away.set(state, awaited);
      return page(c, 503, LATER);
    }
  });
}

/** Of what platforms answer; theirs have some forty characters. */
const LONGEST = 500;

type Words = readonly [zh: string, en: string];
const DONE: Words = ['已收到授权，请回到聊天继续。', 'Authorised. Please go back to the chat.'];
const REFUSED: Words = [
  '没有收到授权。可以重新打开聊天里的链接再试一次。',
  'Not authorised. Open the link in the chat again to retry.',
];
const GONE: Words = [
  '这个链接已失效或已用过，请回到聊天重新发送 /bind。',
  'This link is used or too old. Send /bind in the chat again.',
];
const LATER: Words = ['暂时没能保存，请刷新本页再试一次。', 'This could not be kept just now. Please reload this page.'];

function page(c: Context, status: 200 | 400 | 503, [zh, en]: Words): Response | Promise<Response> {
  c.header('cache-control', 'no-store');
  return c.html(
    `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
      `<title>核销助手</title><body><h1>核销助手</h1><p>${zh}</p><p lang="en">${en}</p></body></html>`,
    status,
  );
}
