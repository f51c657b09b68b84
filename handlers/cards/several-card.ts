/** Words the card of several verifications of one press, one line each: some may fail while others succeed. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Coupon } from '../../services/coupons/coupon.ts';
import type { Verification } from '../../services/verification/verification.ts';
import { groupedCode } from './code-text.ts';
import { decideButtons } from './decide-buttons.ts';
import type { Card, Field } from '../message.ts';
import { platformSaid, refusalText, undoRefusal } from './refusal.ts';
import { undoable, undoButtons } from './undo-card.ts';

/** Most lines; items beyond are in the sums alone. */
const MOST_LINES = 20;

export function severalCard(batch: readonly Verification[], store: Store, words: Words, now: number): Card {
  const state = (name: Verification['state']) => batch.find((v) => v.state === name);
  const fields = severalFields(batch, store, words);
  const asked = batch.find((v) => v.state === 'undo-unsure' && !v.checking);
  if (asked) {
    const buttons = [decideButtons(asked, words)];
    return { title: words.say('title-undo-unsure'), fields, note: words.say('note-undo-person'), tone: 'busy', buttons };
  }
  if (state('undoing'))
    return { title: words.say('title-undoing'), fields, note: words.say('note-undoing'), tone: 'busy', buttons: [] };
  const unsure = state('undo-unsure');
  if (unsure)
    return { title: words.say('title-undo-unsure'), fields, note: unsureNote(unsure, words), tone: 'busy', buttons: [] };
  const verified = state('verified');
  if (!verified) return { title: words.say('title-undone'), fields, buttons: [] };
  const next = batch.find((v) => undoable(v, now));
  return { title: words.say('title-verified'), fields, tone: 'good', buttons: next ? undoButtons(next, words, now) : [] };
}

/** Words a number of uses: vouchers (张), or visits of a card (次). */
export const usesIn = ({ timesCard }: Coupon, count: number, words: Words): string =>
  words.say(timesCard ? 'uses-times' : 'uses', { count });

/** Words the note of an unsure result: no answer, or the platform's inconclusive words. */
export function unsureNote({ state, refusal, undoRefusal: undoSaid }: Verification, words: Words): string {
  const said = state === 'undo-unsure' ? undoSaid : refusal;
  return platformSaid(said, words.say(said ? 'note-unsure-said' : 'note-unsure'), words);
}

/** Words the sums, and a line for each verification: `1: 5948 2868 11 · ¥49.90 · 核销成功`. */
export function severalFields(batch: readonly Verification[], store: Store, words: Words): Field[] {
  const used = batch.filter(({ state }) => state !== 'refused' && state !== 'undone');
  const amounts = used.flatMap(({ amount }) => (amount === undefined ? [] : [amount]));
  const count = used.reduce((sum, v) => sum + v.count, 0);
  const [first] = batch;
  const at = first?.settledAt ?? first?.submittedAt;
  const line = (v: Verification): string =>
    [
      groupedCode(v.coupon.code, store),
      ...(v.count > 1 ? [usesIn(v.coupon, v.count, words)] : []),
      ...(v.amount === undefined ? [] : [words.money(v.amount)]),
      v.state === 'refused' && v.refusal
        ? refusalText(v.refusal, words, store.zone)
        : words.say(`history-${v.state}`) +
          (v.state === 'verified' && v.undoRefusal ? ` · ${undoRefusal(v.undoRefusal, words, store.zone)}` : ''),
    ].join(' · ');
  return [
    ...(first ? [{ label: words.say('field-deal'), value: first.coupon.title }] : []),
    ...batch.slice(0, MOST_LINES).map((v, n) => ({ label: String(n + 1), value: line(v) })),
    { label: words.say('field-count'), value: first ? usesIn(first.coupon, count, words) : words.say('uses', { count }) },
    ...(amounts.length === used.length && amounts.length > 0
      ? [{ label: words.say('field-amount'), value: words.money(amounts.reduce((sum, amount) => sum + amount, 0)) }]
      : []),
    { label: words.say('field-store'), value: store.name },
    ...(at === undefined ? [] : [{ label: words.say('field-time'), value: words.moment(at, store.zone) }]),
    ...(first?.by ? [{ label: words.say('field-by'), value: first.by.name }] : []),
  ];
}
