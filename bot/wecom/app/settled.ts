/** A card as it replaces one that stands: https://developer.work.weixin.qq.com/document/path/94888 */
import type { Card } from '../../../handlers/message.ts';
import { fitCard } from '../bot/cards.ts';

/** Characters on a button, and of the text above the buttons. */
const BUTTON = 10;
const TEXT = 160;

const clip = (text: string, limit: number): string => {
  const characters = Array.from(text);
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`;
};

/**
 * The card without a task id, which stays; where nothing is left to press, one grey button says how it ended. `more` are
 * lines to be added.
 */
export function settledCard(card: Card, more: readonly string[] = []): object {
  const { card: fitted, rest } = fitCard(card, '', more);
  const { task_id: _task, card_action: _action, ...shown } = fitted;
  const over = card.buttons.flat().length === 0;
  return {
    ...shown,
    card_type: 'button_interaction',
    ...(rest !== undefined && { sub_title_text: clip(rest, TEXT) }),
    ...(over && {
      button_list: [{ text: clip(card.title, BUTTON), style: 4, key: 'over' }],
      replace_text: clip(card.title, BUTTON),
    }),
  };
}
