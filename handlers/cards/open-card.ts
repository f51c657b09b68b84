/** Words the detail card of an unused coupon, and replaces a verification's cards. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import { usesAtOnce, type Coupon, type Fen } from '../../services/coupons/coupon.ts';
import type { OpenCard, Verification } from '../../services/verification/verification.ts';
import { codeText } from './code-text.ts';
import { marked } from './practice-mark.ts';
import { useTimeFields } from './use-times.ts';
import type { Button, Card, Field, Incoming, Reply } from '../message.ts';

/** Most uses that can be chosen on one card; more need a second card. */
const MOST_USES = 5;

/** Words the detail card: the coupon's facts, and the buttons to confirm or cancel. */
export function openCard({ id, coupon, openedAt, uses = 1, note, place }: OpenCard, store: Store, words: Words): Card {
  const fields: Field[] = [{ label: words.say('field-code'), value: codeText(coupon.code, store) }];
  if (coupon.price !== undefined) fields.push({ label: words.say('field-price'), value: words.money(coupon.price) });
  else if (coupon.prices) fields.push({ label: words.say('field-price'), value: pricesText(coupon.prices, words) });
  if (coupon.paid !== undefined && coupon.paid !== coupon.price)
    fields.push({ label: words.say('field-paid'), value: words.money(coupon.paid) });
  fields.push({ label: words.say('field-store'), value: store.name });
  if (place) fields.push({ label: words.say('field-place'), value: place.name });
  // The platform decides whether an expired coupon may still be used.
  const expired = coupon.validUntil !== undefined && coupon.validUntil < openedAt ? [words.say('refused-expired')] : [];
  fields.push({ label: words.say('field-state'), value: [words.say('state-unused'), ...expired].join(' · ') });
  if (coupon.validUntil !== undefined) fields.push({ label: words.say('field-valid'), value: validity(coupon, store, words) });
  if (coupon.useTimes) fields.push(...useTimeFields(coupon.useTimes, store.zone, words));
  if (coupon.phone !== undefined) fields.push({ label: words.say('field-phone'), value: coupon.phone });
  if (coupon.remaining > 1) fields.push({ label: words.say('field-uses'), value: String(coupon.remaining) });
  if (note !== undefined) fields.push({ label: words.say('field-note'), value: note });
  const most = usesAtOnce(coupon);
  const wanted = uses <= most ? uses : 1;
  const confirm: Button[] =
    most > 1
      ? countsFrom(wanted, Math.min(most, MOST_USES)).map((count, n) => ({
          verb: 'use',
          id: `${id}-${count}`,
          label: useLabel(count, coupon, words),
          // One alone stands out: the last one of a row must not look like the usual choice.
          ...(n === 0 && { style: 'primary' as const }),
        }))
      : [{ verb: 'use', id: `${id}-1`, label: words.say('button-confirm'), style: 'primary' }];
  const drop: Button = { verb: 'drop', id, label: words.say('button-cancel') };
  const buttons = confirm.length > 1 ? [...rowsOf(confirm), [drop]] : [[...confirm, drop]];
  const asked = askedNote(uses, coupon, words);
  return { title: marked(coupon.title, store, words), fields, ...(asked && { note: asked }), tone: 'open', buttons };
}

/** `依次 ¥20.00、¥15.00、¥10.00`: as many as can be chosen. */
function pricesText(prices: readonly Fen[], words: Words): string {
  const shown = prices.slice(0, MOST_USES).map((price) => words.money(price));
  return words.say('price-each', {
    prices: [...shown, ...(prices.length > MOST_USES ? ['…'] : [])].join(words.say('list-comma')),
  });
}

const useLabel = (count: number, { timesCard }: Coupon, words: Words): string =>
  words.say(timesCard ? 'button-use-times' : 'button-use', { count });

/** The numbers of uses that are offered: the wanted one first. */
const countsFrom = (wanted: number, most: number): number[] => {
  const counts = Array.from({ length: most }, (_, n) => n + 1);
  return wanted === 1 ? counts : [wanted, ...counts.filter((count) => count !== wanted)];
};

/** Says that a number of uses was read beside the code, or that there are fewer. */
function askedNote(uses: number, coupon: Coupon, words: Words): string | undefined {
  const most = usesAtOnce(coupon);
  if (uses === 1) return undefined;
  const button = useLabel(Math.min(uses, most), coupon, words);
  return uses <= most ? words.say('note-uses-asked', { button }) : words.say('note-uses-too-many', { count: uses, most });
}

/** Words the time of validity, from its beginning where the platform says. */
function validity({ validFrom, validUntil = 0 }: Coupon, { zone }: Store, words: Words): string {
  const time = words.moment(validUntil, zone);
  return validFrom === undefined
    ? words.say('valid-until', { time })
    : words.say('valid-from', { from: words.moment(validFrom, zone), time });
}

/** Buttons in a row. */
const ROW = 3;
const rowsOf = (buttons: readonly Button[]): Button[][] =>
  buttons.length === 0 ? [] : [buttons.slice(0, ROW), ...rowsOf(buttons.slice(ROW))];

/**
 * Replaces the pressed card, and the verification's own card where that is another message; silently in the same chat. `theirs`
 * is worded for the people there.
 */
export function* everywhere({ content }: Incoming, v: Verification, card: Card, theirs = card): Iterable<Reply> {
  const shows = { verification: v.id };
  yield { kind: 'replace', card, shows };
  const on = content.kind === 'press' ? content.on : undefined;
  if (!v.card || !on || (v.card.chat === on.chat && v.card.message === on.message)) return;
  yield { kind: 'replace', card: theirs, on: v.card, shows, ...(v.card.chat === on.chat && { silent: true }) };
}
