/** Offers several coupons behind one code as buttons. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { OpenCard } from '../../services/verification/verification.ts';
import type { Reply } from '../message.ts';
import { marked } from './practice-mark.ts';

export function couponChoice(cards: readonly OpenCard[], store: Store, words: Words): Reply {
  const label = ({ coupon: { market, title, price } }: OpenCard): string =>
    [...(market ? [words.say(`market-${market}`)] : []), title, ...(price === undefined ? [] : [words.money(price)])].join(' · ');
  return {
    kind: 'say',
    text: marked(words.say('several-coupons', { count: cards.length }), store, words),
    buttons: cards.map((card) => [{ verb: 'open', id: card.id, label: label(card) }]),
  };
}
