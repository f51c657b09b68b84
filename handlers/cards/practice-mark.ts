/** Marks every title of the practice store, so that a simulated coupon is not taken for a real one. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Card } from '../message.ts';

/** Marks a title as `练习 · 模拟 · 核销成功`; a real store's title stays as it is. */
export const marked = (title: string, { practice }: Pick<Store, 'practice'>, words: Words): string =>
  practice ? words.say('practice-title', { title }) : title;

export const markedCard = (card: Card, store: Pick<Store, 'practice'>, words: Words): Card => ({
  ...card,
  title: marked(card.title, store, words),
});
