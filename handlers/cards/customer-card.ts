/** Words a verification for the customer who pressed it: his own side of it, with what the owner says at that place. */
import type { Words } from '../../locales/index.ts';
import type { Chats } from '../../services/accounts/chats.ts';
import type { Store } from '../../services/accounts/stores.ts';
import { shownCode } from '../../services/coupons/mask.ts';
import type { Refusal, RefusalReason } from '../../services/platforms/platform.ts';
import type { Places } from '../../services/self-service/places.ts';
import { broughtBy, type Verification } from '../../services/verification/verification.ts';
import type { Card, ChatId, Shown } from '../message.ts';
import { markedCard } from './practice-mark.ts';
import { verificationCard } from './verification-card.ts';
import { wordRefusal, type Worded } from './refusal.ts';

/** Refusals whose hints speak of the owner's accounts and settings: a customer can only ask. */
const ASK_STAFF: ReadonlySet<RefusalReason> = new Set([
  'unauthorised',
  'quota',
  'config',
  'operator',
  'undo-late',
  'practice-off',
  'not-set-up',
  'unreachable',
  'other',
]);

/** Words a refusal without names: neither who used it, nor what the owner has to mend. */
export function customerRefusal({ kind, reason }: Refusal, words: Words, zone: string): Worded {
  const worded = wordRefusal({ kind, reason }, words, zone);
  if (reason === 'unusable') return { title: worded.title, detail: words.say('customer-unusable') };
  return ASK_STAFF.has(reason) ? { title: worded.title, detail: words.say('customer-ask-staff') } : worded;
}

/** Words a code that somebody else brought: nothing of theirs is told. Delivered later, it is worded anew. */
export function othersCard(
  { id, state, coupon }: Verification,
  store: Store,
  words: Words,
): { readonly card: Card; readonly shows: Shown } {
  const [title, note] =
    state === 'undone'
      ? (['title-undone', 'note-code-changed'] as const)
      : state === 'submitting' || state === 'unsure' || state === 'person'
        ? (['title-working', 'customer-others-working'] as const)
        : (['refused-used', 'refused-used-hint'] as const);
  const fields = [{ label: words.say('field-code'), value: shownCode(coupon.code) }];
  const card: Card = { title: words.say(title), fields, note: words.say(note), tone: 'bad', buttons: [] };
  return { card: markedCard(card, store, words), shows: { verification: id, others: true } };
}

function customerCard(
  batch: readonly Verification[],
  instructions: string,
  ...[store, words, now, elsewhere]: [Store, Words, number, boolean]
): Card {
  const { note: forStaff, ...card } = verificationCard(batch, store, words, now, elsewhere);
  const names = [words.say('field-by'), words.say('field-operator')];
  const note = noteOf(batch[0]!, instructions, forStaff, store, words);
  return {
    ...card,
    fields: card.fields.filter(({ label }) => !names.includes(label)),
    ...(note !== undefined && note !== '' && { note }),
    buttons: card.buttons.map((row) => row.filter(({ verb }) => verb === 'again')).filter((row) => row.length > 0),
  };
}

function noteOf(
  v: Verification,
  instructions: string,
  forStaff: string | undefined,
  store: Store,
  words: Words,
): string | undefined {
  switch (v.state) {
    case 'verified':
      return [v.merchantMessage, instructions].filter(Boolean).join('\n');
    case 'refused':
      if (v.decided) return words.say('customer-ask-staff');
      return v.refusal ? customerRefusal(v.refusal, words, store.zone).detail : forStaff;
    case 'person':
    case 'undoing':
    case 'undo-unsure':
      return words.say('customer-ask-staff');
    case 'open':
    case 'submitting':
    case 'unsure':
    case 'dropped':
    case 'undone':
      return forStaff;
  }
}

/** Words the card of a batch for the people of a chat: customers in theirs see their own side, everybody else all of it. */
export type CardFor = (
  chat: ChatId,
  batch: readonly Verification[],
  store: Store,
  words: Words,
  elsewhere?: boolean,
) => Promise<Card>;

export function createCardFor(parts: { places: Pick<Places, 'get'>; chats: Pick<Chats, 'seen'>; now: () => number }): CardFor {
  const { places, chats, now } = parts;
  return async (chat, batch, given, words, elsewhere = false) => {
    const [v] = batch;
    const store = await chats.seen(given, chat);
    if (!v || broughtBy(v)?.kind !== 'customer' || v.chat !== chat)
      return verificationCard(batch, store, words, now(), elsewhere);
    const place = v.place?.id === undefined ? undefined : await places.get(v.place.id);
    return customerCard(batch, place?.instructions ?? '', store, words, now(), elsewhere);
  };
}
