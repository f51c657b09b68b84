/** Words the card of a verification in every state. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import { usedUp, type State, type Verification } from '../../services/verification/verification.ts';
import { codeText } from './code-text.ts';
import { decideButtons } from './decide-buttons.ts';
import { markedCard } from './practice-mark.ts';
import type { Button, Card, Field } from '../message.ts';
import { platformSaid, TRY_AGAIN, undoRefusal, wordRefusal } from './refusal.ts';
import { severalCard, unsureNote, usesIn } from './several-card.ts';
import { undoButtons, undoNote } from './undo-card.ts';

/**
 * Words the state of the verifications of one press. Every press after the first shows this card.
 * `elsewhere` is the card of another lookup of the same coupon: it says 已核销 where the verification's own card says 核销成功.
 */
export function verificationCard(
  batch: readonly Verification[],
  store: Store,
  words: Words,
  now: number,
  elsewhere = false,
): Card {
  const [v, ...others] = batch;
  if (!v) throw new Error('a card of nothing');
  const card = others.length > 0 ? severalCard(batch, store, words, now) : oneCard(v, store, words, now, elsewhere);
  return markedCard(card, store, words);
}

function oneCard(v: Verification, store: Store, words: Words, now: number, elsewhere: boolean): Card {
  const fields = settledFields(v, store, words);
  const again: Button = { verb: 'again', id: v.id, label: words.say('button-again') };
  // The verification's own card is replaced when the answer comes; another lookup's card is not.
  const meanwhile = elsewhere ? [[again]] : [];
  switch (v.state) {
    case 'open':
    case 'submitting':
      return { title: words.say('title-working'), fields, note: words.say('note-working'), tone: 'busy', buttons: meanwhile };
    case 'unsure':
      return { title: words.say('title-unsure'), fields, note: unsureNote(v, words), tone: 'busy', buttons: meanwhile };
    case 'person':
      return {
        title: words.say('title-person'),
        fields,
        note: platformSaid(v.refusal, words.say('note-person'), words),
        tone: 'busy',
        buttons: [decideButtons(v, words)],
      };
    case 'verified': {
      return {
        title: words.say(elsewhere ? 'title-already' : 'title-verified'),
        fields,
        ...noted(
          v.undoRefusal
            ? words.say('note-undo-refused', { why: undoRefusal(v.undoRefusal, words, store.zone) })
            : [v.merchantMessage, undoNote(v, words)].filter(Boolean).join('\n') || undefined,
        ),
        tone: elsewhere ? 'bad' : 'good',
        // Uses that are left need a new lookup.
        buttons: [...undoButtons(v, words, now), ...(usedUp(v) ? [] : meanwhile)],
      };
    }
    case 'refused': {
      // A person decided that the use which the platform shows was not this one: the coupon is used.
      if (v.decided)
        return { title: words.say('refused-lost'), fields, note: words.say('note-not-us'), tone: 'bad', buttons: [] };
      const why = wordRefusal(v.refusal ?? { kind: 'refused', reason: 'other' }, words, store.zone);
      // A coupon of several uses may have some left.
      const retry = v.refusal !== undefined && (TRY_AGAIN.has(v.refusal.reason) || v.refusal.reason === 'count');
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
        note: asking ? words.say('note-undo-person') : unsureNote(v, words),
        tone: 'busy',
        buttons: asking ? [decideButtons(v, words)] : [],
      };
    }
    case 'undone': {
      const renewed: Field[] =
        v.newCode === undefined ? [] : [{ label: words.say('field-new-code'), value: codeText(v.newCode, store) }];
      const note = v.newCode === undefined ? { note: words.say('note-code-changed') } : {};
      return { title: words.say('title-undone'), fields: [...fields, ...renewed], ...note, buttons: [] };
    }
  }
}

export function settledFields(v: Verification, store: Store, words: Words): Field[] {
  const { coupon } = v;
  const fields: Field[] = [
    { label: words.say('field-deal'), value: coupon.title },
    { label: words.say('field-code'), value: codeText(coupon.code, store) },
  ];
  const used = USED.has(v.state);
  const price = used && coupon.price !== undefined ? coupon.price * Math.max(1, v.count) : coupon.price;
  const money = used ? (v.amount ?? price) : price;
  if (money !== undefined) fields.push({ label: words.say(used ? 'field-amount' : 'field-price'), value: words.money(money) });
  if (v.count > 1) fields.push({ label: words.say('field-count'), value: usesIn(v.coupon, v.count, words) });
  fields.push({ label: words.say('field-store'), value: store.name });
  if (v.place) fields.push({ label: words.say('field-place'), value: v.place.name });
  const at = v.undoneAt ?? v.settledAt ?? v.submittedAt;
  if (at !== undefined) fields.push({ label: words.say('field-time'), value: words.moment(at, store.zone) });
  if (v.by) fields.push({ label: words.say(used ? 'field-by' : 'field-operator'), value: v.by.name });
  if (v.note !== undefined) fields.push({ label: words.say('field-note'), value: v.note });
  return fields;
}

/** States after the platform's yes; before it there is no amount and no verifier. */
const USED: ReadonlySet<State> = new Set<State>(['verified', 'undoing', 'undo-unsure', 'undone']);

const noted = (note: string | undefined): { note?: string } => (note === undefined ? {} : { note });
