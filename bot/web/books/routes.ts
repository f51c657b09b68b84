/** HTTP routes of the books in the browser, `/b`: a link that opens once, and pages to read. Nothing here changes the ledger. */
import { Hono, type Context, type MiddlewareHandler } from 'hono';
import type { Books } from '../../../handlers/books/books.ts';
import type { Shelf } from '../../../handlers/books/reader.ts';
import { chartOf, isChart } from '../../../handlers/books/charts.ts';
import { isFormat } from '../../../handlers/books/download.ts';
import { isLocale, words as wordsIn, type Words } from '../../../locales/index.ts';
import type { Charts } from '../../../services/charts/charts.ts';
import type { BookSessions, Reader } from '../../../services/books/sessions.ts';
import { addressOf } from '../../http/address.ts';
import { contentDisposition } from '../content-disposition.ts';
import { pageFiles } from '../files.ts';
import type { Throttle } from '../throttle.ts';
import { choose, localeOf } from '../visitor.ts';
import { noticeHtml, type Place } from '../notice-html.ts';
import type { Opened } from './layout.ts';
import { overviewHtml } from './overview-html.ts';
import { readAsked, type Asked } from './query.ts';
import { recordsHtml, unknownText } from './records-html.ts';
import { createSessionCookie } from './session.ts';
import { storyHtml } from './story-html.ts';
import { streamOf } from '../stream.ts';

export interface BookRoutesParts {
  readonly books: Books;
  readonly bookSessions: Pick<BookSessions, 'look' | 'open' | 'of' | 'close'>;
  /** Where people reach this program; undefined where nobody has said. */
  readonly publicUrl: string | undefined;
  readonly throttle: Pick<Throttle, 'mayLook'>;
  /** Undefined where nothing is drawn. */
  readonly charts: Pick<Charts, 'bars'> | undefined;
}

/** A request of a reader, of whose stores it is, and what was asked. */
interface Env {
  Variables: { reader: Reader; shelf: Shelf; asked: Asked };
}

/** Widths of drawings, pixels: on a phone, and in one of two columns on a desk. */
const [NARROW, WIDE] = [340, 480];
/** A drawing styles itself, and is nothing but a drawing. */
const DRAWING = "default-src 'none'; style-src 'unsafe-inline'";

/** A page that says why there is nothing to see. */
type Notice = 'dead' | 'opened' | 'over' | 'none';
const STATUS = { dead: 404, opened: 410, over: 401, none: 403 } as const satisfies Record<Notice, number>;

export function createBookRoutes(parts: BookRoutesParts): Hono<Env> {
  const { books, bookSessions, publicUrl, throttle, charts } = parts;
  const ours = publicUrl === undefined ? undefined : new URL(publicUrl);
  const base = ours?.pathname.replace(/\/$/, '') ?? '';
  const at = `${base}/b`;
  const cookie = createSessionCookie(at, ours?.protocol === 'https:');
  /** Whose files are being written. */
  const writing = new Set<string>();
  const app = new Hono<Env>();

  const wordsOf = (c: Context): Words => wordsIn(localeOf(c));
  const placeOf = (c: Context): Place => ({ base, at, locale: localeOf(c) });
  const notice = (c: Context, which: Notice) =>
    c.html(
      noticeHtml(placeOf(c), { title: wordsOf(c).say(`books-${which}-title`), says: wordsOf(c).say(`books-${which}`) }),
      STATUS[which],
    );
  const odd = (c: Context, status: 400 | 404 | 429, says: string) =>
    c.html(noticeHtml(placeOf(c), { title: wordsOf(c).say('books-odd-title'), says }), status);

  const heads: MiddlewareHandler = async (c, next) => {
    c.header('cache-control', 'no-store');
    c.header('referrer-policy', 'no-referrer');
    c.header('x-robots-tag', 'noindex');
    const says = wordsOf(c).say('books-slower');
    return throttle.mayLook(addressOf(c)) ? await next() : c.html(noticeHtml(placeOf(c), { title: says, says: '' }), 429);
  };

  /** Lets readers through whose session holds, to the stores that they own now. */
  const readers: MiddlewareHandler<Env> = async (c, next) => {
    const chosen = c.req.query('lang');
    if (isLocale(chosen)) {
      choose(c, chosen, ours?.protocol === 'https:');
      const query = new URLSearchParams(new URL(c.req.url).search);
      query.delete('lang');
      return c.redirect(`${base}${c.req.path}${query.size === 0 ? '' : `?${query.toString()}`}`, 303);
    }
    const secret = cookie.secretOf(c);
    const reader = secret === undefined ? undefined : await bookSessions.of(secret);
    if (!reader) return notice(c, 'over');
    const asked = readAsked(c.req.query());
    if (typeof asked === 'string') return odd(c, 400, wordsOf(c).say(`books-odd-${asked}`));
    const shelf = await books.openShelf(reader, asked.store);
    if (shelf === 'none') return notice(c, 'none');
    if (shelf === 'unknown') return odd(c, 404, wordsOf(c).say('books-odd-other'));
    c.set('reader', reader);
    c.set('shelf', shelf);
    c.set('asked', asked);
    return await next();
  };
  const openedAs = (c: Context<Env>, page: Opened['page']): Opened => {
    const { search } = new URL(c.req.url);
    return { ...placeOf(c), shelf: c.get('shelf'), page, here: `${base}${c.req.path}${search}` };
  };

  app.route('/', pageFiles());
  app.use('/b', heads);
  app.use('/b/*', heads);

  app.get('/b', readers, async (c) => {
    const overview = await books.showOverview(c.get('shelf').chosen);
    return c.html(overviewHtml(openedAs(c, 'overview'), overview, charts !== undefined));
  });

  app.get('/b/chart/:name', readers, async (c) => {
    const { name } = c.req.param();
    const { theme, width } = c.req.query();
    if (!charts || !isChart(name)) return notice(c, 'dead');
    const chart = chartOf(name, await books.showOverview(c.get('shelf').chosen), wordsOf(c));
    if (!chart) return notice(c, 'dead');
    const svg = await charts.bars({
      ...chart.bars,
      theme: theme === 'dark' ? 'dark' : 'light',
      width: width === 'narrow' ? NARROW : WIDE,
    });
    return c.body(svg, 200, { 'content-type': 'image/svg+xml', 'content-security-policy': DRAWING });
  });

  app.get('/b/export/:format', readers, async (c) => {
    const { format } = c.req.param();
    if (!isFormat(format)) return notice(c, 'dead');
    const understood = await books.readFilter(c.get('asked').filter, c.get('shelf').chosen);
    // A word that was not understood would have chosen fewer rows.
    if (understood.unknown.length > 0) return odd(c, 400, unknownText(understood.unknown, wordsOf(c)));
    // One at a time for each reader: a file takes a second of the processor.
    const { person } = c.get('reader');
    if (writing.has(person)) return odd(c, 429, wordsOf(c).say('books-slower'));
    writing.add(person);
    const { name, type, pieces } = books.writeDownload(understood, format, wordsOf(c));
    const called = contentDisposition('attachment', name);
    const stream = streamOf(pieces, () => writing.delete(person));
    return c.body(stream, 200, { 'content-type': type, 'content-disposition': called });
  });

  app.get('/b/list', readers, async (c) => {
    const { chosen } = c.get('shelf');
    const asked = c.get('asked');
    const understood = await books.readFilter(asked.filter, chosen);
    const page = await books.showRecords(understood, wordsOf(c), asked.from);
    const names = await books.namesOf(chosen);
    return c.html(recordsHtml(openedAs(c, 'records'), { asked, understood, names, page }));
  });

  app.get('/b/v/:id', readers, async (c) => {
    const story = await books.tellStory(c.req.param('id'), c.get('shelf').stores, wordsOf(c));
    return story ? c.html(storyHtml(openedAs(c, 'records'), story)) : odd(c, 404, wordsOf(c).say('books-odd-other'));
  });

  app.post('/b/close', async (c) => {
    const secret = cookie.secretOf(c);
    if (secret !== undefined) await bookSessions.close(secret);
    cookie.clear(c);
    return notice(c, 'over');
  });

  app.get('/b/:token', async (c) => {
    const is = await bookSessions.look(c.req.param('token'));
    if (is === undefined) return notice(c, 'dead');
    if (is === 'opened') return (await isOpen(c)) ? c.redirect(at, 303) : notice(c, 'opened');
    const words = wordsOf(c);
    const says = { title: words.say('books-open-title'), says: words.say('books-open-about'), button: words.say('books-open') };
    return c.html(noticeHtml({ ...placeOf(c), open: true }, says));
  });

  // A press, not a look: programs that follow the links in chats would use it up.
  app.post('/b/:token', async (c) => {
    const opened = await bookSessions.open(c.req.param('token'));
    if (opened === undefined) return notice(c, 'dead');
    if (opened !== 'opened') cookie.set(c, opened.secret);
    else if (!(await isOpen(c))) return notice(c, 'opened');
    return c.redirect(at, 303);
  });

  /** Whether this browser is the one that has the books open. */
  async function isOpen(c: Context): Promise<boolean> {
    const secret = cookie.secretOf(c);
    return secret !== undefined && (await bookSessions.of(secret)) !== undefined;
  }

  app.all('/b/*', (c) => notice(c, 'dead'));
  return app;
}
