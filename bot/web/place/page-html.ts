/** Renders a place's page with what stands on it, so that a coupon can be verified before, and without, its scripts. */
import type { ShownPlace } from '../../../handlers/self-service/arrival.ts';
import type { Locale } from '../../../locales/index.ts';
import { fill, Markup, template } from '../markup.ts';
import { frameHtml, languagesHtml, phoneHtml, type Box, type Frame } from '../page-html.ts';
import { pending, type Page } from '../page/visitor-page.ts';
import words from '../public/words.json' with { type: 'json' };

const BODY = template('place');
const NOTICE = template('notice');
/** The camera, the pictures of the phone, and one input for browsers without scripts. */
const ATTACH =
  '<button type="button" class="attach camera" disabled aria-label="{{camera}}"></button>' +
  '<input type="file" accept="image/*" capture="environment" tabindex="-1" aria-hidden="true" hidden />' +
  '<button type="button" class="attach" disabled aria-label="{{attach}}">＋</button>' +
  '<input type="file" accept="image/*" tabindex="-1" aria-hidden="true" hidden />' +
  '<noscript><input type="file" name="picture" accept="image/*" aria-label="{{attach}}" /></noscript>';
/** Seconds until a browser without scripts looks again. */
const AGAIN = 3;

export interface View {
  readonly base: string;
  readonly at: string;
  readonly locale: Locale;
  readonly shown: ShownPlace;
  /** The visitor's page, where he has one. */
  readonly page: Page | undefined;
  readonly box: Box;
  /** The id of the event that a button posts. */
  readonly press: string;
  readonly now: number;
}

export function placeHtml({ base, at, locale, shown, page, box, press, now }: View): string {
  const { store, place, says, open } = shown;
  const own = { ...words[locale], type: words[locale].typeCode };
  const waiting = page !== undefined && pending(page, now);
  const frame: Frame = {
    base,
    at,
    page: 'place',
    locale,
    words: own,
    title: `${store} · ${place}`,
    side: 'store',
    refresh: waiting ? AGAIN : undefined,
  };
  const phone = phoneHtml(
    {
      side: 'store',
      name: store,
      about: place,
      type: own.type,
      box,
      attachments: new Markup(fill(ATTACH, own)),
      messages: page?.chats.store.messages ?? [],
      press,
      pictures: true,
    },
    frame,
  );
  const body = fill(BODY, {
    ...own,
    at,
    store,
    place,
    says,
    tone: open ? 'open' : 'bad',
    languages: languagesHtml(frame),
    pending: waiting ? own.pending : '',
    phone,
  });
  return frameHtml(frame, new Markup(body));
}

/** A page that says one thing: a link that leads nowhere, or too many requests. */
export function noticeHtml({ base, at, locale, says }: Pick<View, 'base' | 'at' | 'locale'> & { readonly says: string }): string {
  const own = words[locale];
  const frame: Frame = { base, at, page: 'place', locale, words: own, title: own.title, side: 'store', scriptless: true };
  return frameHtml(frame, new Markup(fill(NOTICE, { title: own.title, says })));
}
