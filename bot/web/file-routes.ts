/**
 * Serves the files behind links, `/f/<token>`. A link is good until its file ends, not for one opening: programs that look at the
 * links in chats, and phones that ask twice, use nothing up.
 */
import { Hono, type MiddlewareHandler } from 'hono';
import type { OpenFile } from '../../handlers/files/open-file.ts';
import { words as wordsIn } from '../../locales/index.ts';
import { addressOf } from '../http/address.ts';
import { contentDisposition } from './content-disposition.ts';
import { noticeHtml } from './notice-html.ts';
import { streamOf } from './stream.ts';
import type { Throttle } from './throttle.ts';
import { localeOf } from './visitor.ts';

export interface FileRoutesParts {
  readonly openFile: OpenFile;
  /** Where people reach this program; undefined where nobody has said. */
  readonly publicUrl: string | undefined;
  readonly throttle: Pick<Throttle, 'mayLook'>;
}

/** Lists the types that are served under their own names, and whether a browser shows them. Anything else is bytes to keep. */
const SERVED: ReadonlyMap<string, 'inline' | 'attachment'> = new Map([
  ['image/png', 'inline'],
  ['image/jpeg', 'inline'],
  ['application/pdf', 'attachment'],
  ['text/csv', 'attachment'],
  ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'attachment'],
]);
/** It is a picture at most, and nothing in it runs or asks for anything. */
const POLICY = "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'";

export function createFileRoutes({ openFile, publicUrl, throttle }: FileRoutesParts): Hono {
  const base = publicUrl === undefined ? '' : new URL(publicUrl).pathname.replace(/\/$/, '');
  const app = new Hono();

  const heads: MiddlewareHandler = async (c, next) => {
    c.header('cache-control', 'no-store');
    c.header('x-robots-tag', 'noindex');
    if (throttle.mayLook(addressOf(c))) return await next();
    const title = wordsIn(localeOf(c)).say('books-slower');
    return c.html(noticeHtml({ base, at: `${base}/f`, locale: localeOf(c) }, { title, says: '' }), 429);
  };
  app.use('/f/*', heads);

  app.get('/f/:token', async (c) => {
    const file = await openFile(c.req.param('token'));
    if (!file) {
      const words = wordsIn(localeOf(c));
      const gone = { title: words.say('file-gone-title'), says: words.say('file-gone') };
      return c.html(noticeHtml({ base, at: `${base}/f`, locale: localeOf(c) }, gone), 404);
    }
    const how = SERVED.get(file.type);
    return c.body(
      streamOf(file.pieces(), () => undefined),
      200,
      {
        'content-type': how ? file.type : 'application/octet-stream',
        'content-length': String(file.size),
        'content-disposition': contentDisposition(how ?? 'attachment', file.name),
        'content-security-policy': POLICY,
      },
    );
  });
  return app;
}
