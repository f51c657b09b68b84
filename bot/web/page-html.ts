/** Renders what all pages of chats have: the frame, the choice of a language, and a chat with its box. */
import type { Locale } from '../../locales/index.ts';
import { classOf, messageHtml } from './public/message-html.js';
import { fill, given, Markup, template } from './markup.ts';
import type { Message, Side } from './page/visitor-page.ts';
import type { Words } from './visitor.ts';

/** One chat's box as it is rendered. */
export interface Box {
  /** The bot waits for a secret: the password box is open. */
  readonly secret: boolean;
  /** The id of the event that the form posts: posting it twice is one event. */
  readonly id: string;
  /** A text that was not sent, and the reason as a sentence. */
  readonly typed?: string;
  readonly why?: string;
}

/** A page as a whole. */
export interface Frame {
  /** Begins the addresses of everything here: the path of our public address. */
  readonly base: string;
  /** Begins the addresses of this page. */
  readonly at: string;
  /** The name of its script and its styles. */
  readonly page: string;
  readonly locale: Locale;
  readonly words: Words;
  readonly title: string;
  readonly side: Side;
  /** Sample codes for its script. */
  readonly samples?: readonly object[];
  /** Seconds until a browser without scripts loads the page again. */
  readonly refresh?: number | undefined;
  /** There is nothing to do on it. */
  readonly scriptless?: true;
}

/** One chat of a page. */
export interface Phone {
  readonly side: Side;
  readonly name: string;
  readonly about: string;
  /** Invites to type. */
  readonly type: string;
  readonly box: Box;
  /** Buttons that send pictures, and the inputs behind them. */
  readonly attachments: Markup;
  /** Buttons that post a text of their own. */
  readonly quick?: Markup;
  /** Messages as they stand; a script brings them up to date. `press`: the id of the event that a button posts. */
  readonly messages?: readonly Message[];
  readonly press?: string;
  /** Takes pictures without a script, too. */
  readonly pictures?: true;
}

const FRAME = template('frame');
const SCRIPTS = template('scripts');
const LANGUAGES = template('languages');
const PHONE = template('phone');

export function frameHtml(
  { base, at, page, locale, words, title, side, samples = [], refresh, scriptless }: Frame,
  body: Markup,
): string {
  return fill(FRAME, {
    locale,
    title,
    base,
    page,
    side,
    body,
    scripts: new Markup(scriptless ? '' : fill(SCRIPTS, { base, page, given: given({ at, locale, words, samples }) })),
    refresh: new Markup(refresh === undefined ? '' : `<noscript><meta http-equiv="refresh" content="${refresh}" /></noscript>`),
  });
}

export const languagesHtml = ({ at, locale, words }: Pick<Frame, 'at' | 'locale' | 'words'>): Markup =>
  new Markup(
    fill(LANGUAGES, {
      at,
      language: words.language,
      isChinese: String(locale === 'zh-CN'),
      isEnglish: String(locale === 'en'),
    }),
  );

export function phoneHtml(
  { side, name, about, type, box, attachments, quick, messages = [], press, pictures }: Phone,
  { at, locale, words }: Pick<Frame, 'at' | 'locale' | 'words'>,
): Markup {
  const { secret, id, typed = '', why } = box;
  const shown = messages.map((message) =>
    fill('<div class="{{kind}}" data-id="{{id}}">{{inside}}</div>', {
      kind: classOf(message),
      id: message.id,
      inside: new Markup(messageHtml(message, { words, locale, at, side, ...(press !== undefined && { form: press }) })),
    }),
  );
  return new Markup(
    fill(PHONE, {
      ...words,
      at,
      side,
      name,
      about,
      type,
      id,
      typed,
      attachments,
      messages: new Markup(shown.join('')),
      enctype: pictures ? 'multipart/form-data' : 'application/x-www-form-urlencoded',
      quickButtons: quick ?? new Markup(''),
      quickHidden: new Markup(quick ? '' : 'hidden'),
      why: new Markup(why === undefined ? '' : fill('<p>{{why}}</p>', { why })),
      textHidden: new Markup(secret ? 'hidden' : ''),
      secretHidden: new Markup(secret ? '' : 'hidden'),
    }),
  );
}
