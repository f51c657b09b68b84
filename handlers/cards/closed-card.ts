/** Words the request that an owner agree to a verification while the store is closed: the offer, the card, what became of it. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Approval, Wanted } from '../../services/verification/approvals.ts';
import type { OpenCard } from '../../services/verification/verification.ts';
import type { Card, Reply } from '../message.ts';
import { openCard } from './open-card.ts';
import { markedCard } from './practice-mark.ts';

const nameIn = (words: Words, name: string | undefined): string => name || words.say('nameless');

/** Offers to ask an owner, under why it may not be verified now. */
export const closedOffer = (why: string, card: string, uses: number, words: Words): Reply => ({
  kind: 'say',
  text: why,
  buttons: [[{ verb: 'ask-open', id: `${card}-${uses}`, label: words.say('button-ask-owner'), style: 'primary' }]],
});

/** The card of an owner who is asked. */
export function closedCard(
  { id, askedBy, wanted, until = 0 }: Approval,
  card: OpenCard,
  store: Store,
  words: Words,
  now: number,
): Card {
  const { fields } = openCard(card, store, words);
  const uses = wanted?.uses ?? 1;
  return markedCard(
    {
      title: words.say(wanted?.by.kind === 'customer' ? 'closed-request-customer' : 'closed-request-staff', {
        person: nameIn(words, askedBy.name),
      }),
      fields: [
        { label: words.say('field-deal'), value: card.coupon.title },
        ...fields,
        ...(uses > 1 ? [{ label: words.say('field-count'), value: String(uses) }] : []),
      ],
      note: words.say('closed-request-note', { minutes: Math.max(1, Math.ceil((until - now) / 60_000)) }),
      tone: 'open',
      buttons: [
        [
          { verb: 'open-yes', id, label: words.say('button-approve-verify'), style: 'primary' },
          { verb: 'open-no', id, label: words.say('button-decline') },
        ],
      ],
    },
    store,
    words,
  );
}

/** Words a request, waiting, answered or over, in a line. */
export function closedLine({ state, decidedBy, askedBy }: Approval, { maskedCode: code }: Wanted, words: Words): string {
  const facts = { code, person: nameIn(words, askedBy.name) };
  switch (state) {
    case 'asked':
      return words.say('closed-asked', { code });
    case 'agreed':
      return words.say('closed-agreed', { ...facts, owner: nameIn(words, decidedBy?.name) });
    case 'declined':
      return words.say('closed-declined', { ...facts, owner: nameIn(words, decidedBy?.name) });
    case 'expired':
      return words.say('closed-expired', { code });
  }
}
