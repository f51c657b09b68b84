/** Renders the practice page with all its words, so that it can be read and written in before its scripts are there. */
import type { Locale } from '../../../locales/index.ts';
import { fill, Markup, template } from '../markup.ts';
import { frameHtml, languagesHtml, phoneHtml, type Box, type Frame } from '../page-html.ts';
import type { Side } from '../page/visitor-page.ts';
import words from '../public/words.json' with { type: 'json' };

/** A code to try, with a label that names its effect. */
export interface Sample {
  readonly code: string;
  readonly label: string;
}

/** The rendered state of the page; messages come by the live events. */
export interface View {
  readonly locale: Locale;
  readonly samples: readonly Sample[];
  /** The chat in front where one alone fits. */
  readonly side: Side;
  readonly boxes: { readonly [S in Side]: Box };
}

const SIDES: readonly Side[] = ['store', 'owners'];
const BODY = template('practice-page');
const ATTACH =
  '<button type="button" class="attach" disabled data-label="attach" aria-label="{{attach}}">＋</button>' +
  '<input type="file" accept="image/*" hidden />';

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

export function practiceHtml(view: View): string {
  const { locale, samples, side } = view;
  const own = words[locale];
  const frame: Frame = {
    base: '',
    at: '',
    page: 'page',
    locale,
    words: own,
    title: `${own.title} · ${own.practice}`,
    side,
    samples,
  };
  const phoneOf = (one: Side): Markup =>
    phoneHtml(
      {
        side: one,
        name: own[one],
        about: own[`${one}About`],
        type: one === 'store' ? own.type : own.typeOwners,
        box: view.boxes[one],
        attachments: new Markup(fill(ATTACH, own)),
        quick: new Markup(
          own.quickWords[one].map((text) => button(one, view, 'chip', text, fill('{{text}}', { text }))).join(''),
        ),
      },
      frame,
    );
  const items = samples.map(({ code, label }) =>
    button('store', view, 'sample', code, fill('<code>{{code}}</code><span>{{label}}</span>', { code, label })),
  );
  const body = fill(BODY, {
    ...own,
    languages: languagesHtml(frame),
    sampleItems: new Markup(items.map((item) => `<li>${item}</li>`).join('')),
    phones: new Markup(SIDES.map((one) => phoneOf(one).text).join('\n')),
  });
  return frameHtml(frame, new Markup(body));
}
