/** Renders the practice page with all its words, so that it can be read and written in before its scripts are there. */
import { readFileSync } from 'node:fs';
import type { Locale } from '../../locales/index.ts';
import words from './public/words.json' with { type: 'json' };
import type { Side } from './visitor-page.ts';

/** A code to try, with a label that names its effect. */
export interface Sample {
  readonly code: string;
  readonly label: string;
}

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

/** The rendered state of the page; messages come by the live events. */
export interface View {
  readonly locale: Locale;
  readonly samples: readonly Sample[];
  /** The chat in front where one alone fits. */
  readonly side: Side;
  readonly boxes: { readonly [S in Side]: Box };
}

/** HTML that is inserted as it is. */
class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

const read = (name: string): string => readFileSync(new URL(`public/${name}`, import.meta.url), 'utf8');

/** Replaces each `{{name}}` by its value, escaped unless it is markup. Throws for a name without a value. */
function fill(template: string, values: Readonly<Record<string, unknown>>): string {
  return template.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = values[name];
    if (value instanceof Markup) return value.text;
    if (typeof value !== 'string') throw new Error(`the page has no words for ${name}`);
    return escape(value);
  });
}

const SIDES: readonly Side[] = ['store', 'owners'];

/** Creates the renderer; it reads the templates once. */
export function createPageHtml(): (view: View) => string {
  const [page, phone] = [read('index.html'), read('phone.html')];

  /**
   * A button that posts its own text instead of the box's. Where a secret is asked it waits for the script: Enter in the
   * password box would press the form's first button.
   */
  const button = (side: Side, { boxes }: View, kind: string, value: string, inside: string): string =>
    fill('<button type="{{type}}" class="{{kind}}" form="say-{{side}}" name="quick" value="{{value}}">{{inside}}</button>', {
      type: boxes[side].secret ? 'button' : 'submit',
      kind,
      side,
      value,
      inside: new Markup(inside),
    });

  const phoneOf = (side: Side, view: View): string => {
    const own = words[view.locale];
    const { secret, id, typed = '', why } = view.boxes[side];
    return fill(phone, {
      ...own,
      side,
      id,
      typed,
      name: own[side],
      about: own[`${side}About`],
      type: side === 'store' ? own.type : own.typeOwners,
      quickButtons: new Markup(own.quickWords[side].map((text) => button(side, view, 'chip', text, escape(text))).join('')),
      why: new Markup(why === undefined ? '' : `<p>${escape(why)}</p>`),
      textHidden: new Markup(secret ? 'hidden' : ''),
      secretHidden: new Markup(secret ? '' : 'hidden'),
    });
  };

  return (view) => {
    const { locale, samples, side } = view;
    const items = samples.map(({ code, label }) =>
      button('store', view, 'sample', code, `<code>${escape(code)}</code><span>${escape(label)}</span>`),
    );
    return fill(page, {
      ...words[locale],
      locale,
      side,
      isChinese: String(locale === 'zh-CN'),
      isEnglish: String(locale === 'en'),
      // In a script element only `</script` and `<!--` could end or change it.
      given: new Markup(JSON.stringify({ locale, words: words[locale], samples }).replaceAll('<', String.raw`\u003c`)),
      sampleItems: new Markup(items.map((item) => `<li>${item}</li>`).join('')),
      phones: new Markup(SIDES.map((one) => phoneOf(one, view)).join('\n')),
    });
  };
}
