/** Words the request that an owner agree to an undo: the offer to ask, the owner's card, and what became of it. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import { codeTail } from '../../services/coupons/mask.ts';
import type { Approval } from '../../services/verification/approvals.ts';
import type { Verification } from '../../services/verification/verification.ts';
import type { Button, Card, Reply } from '../message.ts';
import { markedCard } from './practice-mark.ts';
import { undoNoteOf } from './undo-card.ts';
import { settledFields } from './verification-card.ts';

const nameIn = (words: Words, { name }: { readonly name: string }): string => name || words.say('nameless');

/** Offers staff to ask an owner, under why they may not undo it themselves. */
export function approvalOffer(v: Verification, words: Words): Reply {
  const ask: Button = { verb: 'ask-owner', id: v.id, label: words.say('button-ask-owner'), style: 'primary' };
  return { kind: 'say', text: words.say('approval-offer', { code: codeTail(v.code) }), buttons: [[ask]] };
}

/** The card of an owner who is asked. */
export function approvalCard(approval: Approval, v: Verification, store: Store, words: Words, now: number): Card {
  const { id, askedBy } = approval;
  const card: Card = {
    title: words.say('approval-title', { person: nameIn(words, askedBy) }),
    fields: settledFields(v, store, words),
    note: undoNoteOf(v, words, now),
    tone: 'open',
    buttons: [
      [
        { verb: 'owner-yes', id, label: words.say('button-approve-undo'), style: 'danger' },
        { verb: 'owner-no', id, label: words.say('button-decline') },
      ],
    ],
  };
  return markedCard(card, store, words);
}

/** Words an answered request, or one that waits, in a line. */
export function approvalLine({ state, decidedBy, askedBy }: Approval, v: Verification, words: Words): string {
  const facts = { code: codeTail(v.code), person: nameIn(words, askedBy) };
  if (state === 'asked' || state === 'expired') return words.say('approval-asked', { code: facts.code });
  const owner = nameIn(words, decidedBy ?? { name: '' });
  return words.say(state === 'agreed' ? 'approval-agreed' : 'approval-declined', { ...facts, owner });
}
