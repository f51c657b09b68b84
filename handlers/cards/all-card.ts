/** Words the cards of 全部核销: what every code is, one line each, and what became of each. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Coupon } from '../../services/coupons/coupon.ts';
import type { Verification } from '../../services/verification/verification.ts';
import type { Button, Card, Field } from '../message.ts';
import { groupedCode } from './code-text.ts';
import { markedCard } from './practice-mark.ts';
import { refusalText } from './refusal.ts';
import { unsureNote } from './several-card.ts';
import { undoable } from './undo-card.ts';

/** One code of the message: `coupon` where it can be verified, else `why` not, already worded. */
export type Looked =
  { readonly code: string; readonly coupon: Coupon } | { readonly code: string; readonly why: string; readonly coupon?: never };

/** The outcome of one of them; `why` says why nothing was begun. `elsewhere`: another card verified it. */
export type Ended =
  | { readonly verification: Verification; readonly elsewhere: boolean }
  | { readonly code: string; readonly why: string; readonly verification?: never };

const numbered = (lines: readonly string[]): Field[] => lines.map((value, n) => ({ label: String(n + 1), value }));

/** A coupon that is known: its code as on its own card. */
const couponLine = ({ code, title, price }: Coupon, store: Store, words: Words): string[] => [
  groupedCode(code, store),
  title,
  ...(price === undefined ? [] : [words.money(price)]),
];

/** Words what was looked up, with one button for all that can be verified: one use of each. `id` is the batch's. */
export function allCard(id: string, looked: readonly Looked[], store: Store, words: Words): Card {
  const usable = looked.flatMap(({ coupon }) => coupon ?? []);
  const prices = usable.flatMap(({ price }) => price ?? []);
  const line = (one: Looked): string =>
    one.coupon
      ? [
          ...couponLine(one.coupon, store, words),
          words.say('state-unused'),
          ...(one.coupon.remaining > 1 ? [words.say('all-one-of', { count: one.coupon.remaining })] : []),
        ].join(' · ')
      : `${groupedCode(one.code, store)} · ${one.why}`;
  const total = prices.length === usable.length && prices.length > 1 ? prices.reduce((sum, price) => sum + price, 0) : undefined;
  const buttons: Button[] =
    usable.length === 0
      ? []
      : [
          { verb: 'use-all', id, label: words.say('button-use-all', { count: usable.length }), style: 'primary' },
          { verb: 'drop-all', id, label: words.say('button-cancel') },
        ];
  const card: Card = {
    title: words.say('all-title', { count: looked.length, usable: usable.length }),
    fields: [
      ...numbered(looked.map(line)),
      ...(total === undefined ? [] : [{ label: words.say('field-total'), value: words.money(total) }]),
      { label: words.say('field-store'), value: store.name },
    ],
    tone: usable.length === 0 ? 'bad' : 'open',
    buttons: buttons.length === 0 ? [] : [buttons],
  };
  return markedCard(card, store, words);
}

/** Words what became of each. 成功 is said of those alone that the platform said yes to. */
export function allDoneCard(ended: readonly Ended[], store: Store, words: Words, now: number): Card {
  const own = ended.flatMap((one) => (one.verification && !one.elsewhere ? [one.verification] : []));
  const verified = own.filter(({ state }) => state === 'verified');
  const unsure = own.filter(({ state }) => UNSURE.has(state));
  const not = ended.length - verified.length - unsure.length;
  const dropped = own.length > 0 && own.every(({ state }) => state === 'dropped');
  const amounts = verified.flatMap(({ amount }) => amount ?? []);
  const counted = [
    ...(verified.length > 0 ? [words.say('all-verified', { count: verified.length })] : []),
    ...(unsure.length > 0 ? [words.say('all-unsure', { count: unsure.length })] : []),
    ...(not > 0 ? [words.say('all-not', { count: not })] : []),
  ].join(words.say('list-comma'));
  const [first] = unsure;
  const note = [
    ...(first ? [unsureNote(first, words)] : []),
    ...(verified.some((v) => undoable(v, now)) ? [words.say('all-undo')] : []),
  ].join('\n');
  const by = own.find((v) => v.by)?.by?.name;
  const card: Card = {
    title: dropped ? words.say('title-dropped') : counted,
    fields: [
      ...numbered(ended.map((one) => endedLine(one, store, words))),
      ...(amounts.length > 0 && amounts.length === verified.length
        ? [{ label: words.say('field-amount'), value: words.money(amounts.reduce((sum, amount) => sum + amount, 0)) }]
        : []),
      { label: words.say('field-store'), value: store.name },
      ...(by === undefined || dropped ? [] : [{ label: words.say('field-by'), value: by }]),
    ],
    ...(note !== '' && { note }),
    tone: unsure.length > 0 ? 'busy' : verified.length > 0 ? 'good' : 'bad',
    buttons: [],
  };
  return markedCard(card, store, words);
}

/** Words all of them as under way. */
export const allBusyCard = (coupons: readonly Coupon[], store: Store, words: Words): Card =>
  markedCard(
    {
      title: words.say('title-working'),
      fields: [
        ...numbered(coupons.map((coupon) => couponLine(coupon, store, words).join(' · '))),
        { label: words.say('field-store'), value: store.name },
      ],
      note: words.say('note-working'),
      tone: 'busy',
      buttons: [],
    },
    store,
    words,
  );

const UNSURE: ReadonlySet<Verification['state']> = new Set(['submitting', 'unsure', 'person']);

function endedLine(one: Ended, store: Store, words: Words): string {
  if (!one.verification) return `${groupedCode(one.code, store)} · ${one.why}`;
  const { verification: v, elsewhere } = one;
  return [...couponLine(v.coupon, store, words), endedWord(v, elsewhere, store, words)].join(' · ');
}

function endedWord(v: Verification, elsewhere: boolean, store: Store, words: Words): string {
  if (elsewhere && v.state === 'verified') return words.say('title-already');
  if (v.state === 'refused' && v.refusal && !v.decided) return refusalText(v.refusal, words, store.zone);
  return v.state === 'unsure' || v.state === 'person' ? words.say('title-unsure') : words.say(`history-${v.state}`);
}
