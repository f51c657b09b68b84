/** Cards of a coupon, worded: waiting, at work, and each way it can end. */
import type { Words } from '../locales/index.ts';
import type { Store } from '../services/accounts/stores.ts';
import { usesAtOnce } from '../services/coupons/coupon.ts';
import type { Refusal, RefusalReason } from '../services/platforms/platform.ts';
import type { OpenCard, State, Verification } from '../services/verification/verification.ts';
import type { Button, Card, Field, Incoming, Reply } from './message.ts';
import { wordRefusal } from './refusal.ts';

/** Uses that can be chosen on one card; more are a second card's matter. */
const MOST_USES = 5;

/** The detail card: what the coupon is, and the choice. */
export function openCard({ id, coupon }: OpenCard, store: Store, words: Words): Card {
  const fields: Field[] = [{ label: words.say('field-code'), value: coupon.code }];
  if (coupon.price !== undefined) fields.push({ label: words.say('field-price'), value: words.money(coupon.price) });
  fields.push({ label: words.say('field-store'), value: store.name });
  fields.push({ label: words.say('field-state'), value: words.say('state-unused') });
  if (coupon.validUntil !== undefined)
    fields.push({
      label: words.say('field-valid'),
      value: words.say('valid-until', { time: words.moment(coupon.validUntil, store.zone) }),
    });
  if (coupon.phone !== undefined) fields.push({ label: words.say('field-phone'), value: coupon.phone });
  if (coupon.remaining > 1) fields.push({ label: words.say('field-uses'), value: String(coupon.remaining) });
  const most = Math.min(usesAtOnce(coupon), MOST_USES);
  const confirm: Button[] =
    most > 1
      ? Array.from({ length: most }, (_, n) => ({
          verb: 'use',
          id: `${id}-${n + 1}`,
          label: words.say('button-use', { count: n + 1 }),
          style: 'primary',
        }))
      : [{ verb: 'use', id: `${id}-1`, label: words.say('button-confirm'), style: 'primary' }];
  const drop: Button = { verb: 'drop', id, label: words.say('button-cancel') };
  const buttons = confirm.length > 1 ? [...pairs(confirm), [drop]] : [[...confirm, drop]];
  return { title: coupon.title, fields, tone: 'open', buttons };
}

const pairs = (buttons: readonly Button[]): Button[][] =>
  buttons.length === 0 ? [] : [buttons.slice(0, 2), ...pairs(buttons.slice(2))];

/**
 * How a verification stands, in every state but `open`. Every press after the first shows this. `elsewhere` is the card of
 * another lookup of the same coupon: it says 已核销 where the verification's own card says 核销成功.
 */
export function standingCard(v: Verification, store: Store, words: Words, now: number, elsewhere = false): Card {
  const fields = settledFields(v, store, words);
  const again: Button = { verb: 'again', id: v.id, label: words.say('button-again') };
  // A card of its own is replaced when the answer comes; another one would wait for ever.
  const meanwhile = elsewhere ? [[again]] : [];
  switch (v.state) {
    case 'open':
    case 'submitting':
      return { title: words.say('title-working'), fields, note: words.say('note-working'), tone: 'busy', buttons: meanwhile };
    case 'unsure':
      return { title: words.say('title-unsure'), fields, note: words.say('note-unsure'), tone: 'busy', buttons: meanwhile };
    case 'person':
      return {
        title: words.say('title-person'),
        fields,
        note: words.say('note-person'),
        tone: 'busy',
        buttons: [decide(v, words)],
      };
    case 'verified': {
      return {
        title: words.say(elsewhere ? 'title-already' : 'title-verified'),
        fields,
        ...(v.refusal ? { note: words.say('note-undo-refused', { why: undoRefusal(v.refusal, store, words) }) } : {}),
        tone: elsewhere ? 'bad' : 'good',
        buttons: undoButtons(v, words, now),
      };
    }
    case 'refused': {
      // Somebody said that the use which the platform shows was not this one: the coupon is used.
      if (v.decided)
        return { title: words.say('refused-lost'), fields, note: words.say('note-not-us'), tone: 'bad', buttons: [] };
      const why = wordRefusal(v.refusal ?? { kind: 'refused', reason: 'other' }, words, store.zone);
      const retry = v.refusal !== undefined && TRY_AGAIN.has(v.refusal.reason);
      return { title: why.title, fields, note: why.detail, tone: 'bad', buttons: retry ? [[again]] : [] };
    }
    case 'dropped':
      return { title: words.say('title-dropped'), fields, tone: 'bad', buttons: [] };
    case 'undoing':
      return { title: words.say('title-undoing'), fields, note: words.say('note-undoing'), tone: 'busy', buttons: meanwhile };
    case 'undo-unsure': {
      const asking = !v.checking;
      return {
        title: words.say('title-undo-unsure'),
        fields,
        note: words.say(asking ? 'note-undo-person' : 'note-unsure'),
        tone: 'busy',
        buttons: asking ? [decide(v, words)] : [],
      };
    }
    case 'undone': {
      const renewed: Field[] = v.newCode === undefined ? [] : [{ label: words.say('field-new-code'), value: v.newCode }];
      return { title: words.say('title-undone'), fields: [...fields, ...renewed], tone: 'bad', buttons: [] };
    }
  }
}

/** Why an undo was refused. The reasons of our own speak of verifying; here the coupon stays verified. */
function undoRefusal(refusal: Refusal, store: Store, words: Words): string {
  if (TRY_AGAIN.has(refusal.reason)) return words.say('undo-try-again');
  const { title, detail } = wordRefusal(refusal, words, store.zone);
  return `${title} ${detail}`.trim();
}

/** Refusals that are our own: nothing happened, and trying again may help. */
const TRY_AGAIN: ReadonlySet<RefusalReason> = new Set(['lost', 'busy', 'unreachable']);

/** Asks a second time before a verification is taken back. */
export function undoQuestionCard(v: Verification, store: Store, words: Words, now: number): Card {
  return {
    title: words.say('title-undo-question'),
    fields: settledFields(v, store, words),
    note: words.say('undo-time-left', { minutes: minutesLeft(v, now) }),
    tone: 'open',
    buttons: [
      [
        { verb: 'undo-yes', id: v.id, label: words.say('button-undo-yes'), style: 'danger' },
        { verb: 'undo-no', id: v.id, label: words.say('button-undo-no') },
      ],
    ],
  };
}

/** Whether the platform would still take it back, as far as we know. */
export const undoable = (v: Verification, now: number): boolean =>
  v.state === 'verified' && v.undoUntil !== undefined && v.undoUntil > now;

/** The card that was pressed, and the verification's own where that is another message. */
export function* everywhere({ content }: Incoming, v: Verification, card: Card): Iterable<Reply> {
  yield { kind: 'settle', card };
  const on = content.kind === 'press' ? content.on : undefined;
  if (v.card && on && (v.card.chat !== on.chat || v.card.message !== on.message)) yield { kind: 'settle', card, on: v.card };
}

const minutesLeft = (v: Verification, now: number): number => Math.max(1, Math.ceil(((v.undoUntil ?? now) - now) / 60_000));

function undoButtons(v: Verification, words: Words, now: number): Button[][] {
  if (!undoable(v, now)) return [];
  return [[{ verb: 'undo', id: v.id, label: words.say('button-undo', { minutes: minutesLeft(v, now) }), style: 'danger' }]];
}

function decide(v: Verification, words: Words): Button[] {
  const undo = v.state === 'undo-unsure';
  return [
    { verb: 'was-us', id: v.id, label: words.say(undo ? 'button-undone-yes' : 'button-was-us') },
    { verb: 'not-us', id: v.id, label: words.say(undo ? 'button-undone-no' : 'button-not-us') },
  ];
}

function settledFields(v: Verification, store: Store, words: Words): Field[] {
  const { coupon } = v;
  const fields: Field[] = [
    { label: words.say('field-deal'), value: coupon.title },
    { label: words.say('field-code'), value: coupon.code },
  ];
  const used = USED.has(v.state);
  const price = used && coupon.price !== undefined ? coupon.price * Math.max(1, v.count) : coupon.price;
  const money = used ? (v.amount ?? price) : price;
  if (money !== undefined) fields.push({ label: words.say(used ? 'field-amount' : 'field-price'), value: words.money(money) });
  if (v.count > 1) fields.push({ label: words.say('field-count'), value: words.say('uses', { count: v.count }) });
  fields.push({ label: words.say('field-store'), value: store.name });
  const at = v.undoneAt ?? v.settledAt ?? v.submittedAt;
  if (at !== undefined) fields.push({ label: words.say('field-time'), value: words.moment(at, store.zone) });
  if (v.by) fields.push({ label: words.say(used ? 'field-by' : 'field-operator'), value: v.by.name });
  return fields;
}

/** States after the platform's yes; before it there is neither an amount nor somebody who verified. */
const USED: ReadonlySet<State> = new Set<State>(['verified', 'undoing', 'undo-unsure', 'undone']);
