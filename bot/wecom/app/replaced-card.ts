/** Builds the card that replaces one already sent: https://developer.work.weixin.qq.com/document/path/94888 */
import type { Card } from '../../../handlers/message.ts';
import { fitCard } from '../template-cards.ts';

/** Limits in characters of a button, and of the text above the buttons. */
const BUTTON = 10;
const TEXT = 160;

const clip = (text: string, limit: number): string => {
  const characters = Array.from(text);
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`;
};

/** Takes the outcome from the end of a title that is too long for a button. */
const short = (title: string): string =>
  clip(Array.from(title).length <= BUTTON ? title : (title.split(' · ').at(-1) ?? title), BUTTON);

/** The replacement as sent; `rest` is the whole of a text that was clipped in it. */
export interface ReplacedCard {
  readonly shown: object;
  readonly rest?: string;
}

/**
 * Fits a card without its task id, which stays; a card without buttons shows its outcome on one grey button. `more` are
 * lines to add.
 */
export function replacedCard(card: Card, more: readonly string[] = []): ReplacedCard {
  const { card: adaptReply, rest } = fitCard(card, '', more);
  const { task_id: _task, card_action: _action, ...kept } = adaptReply;
  const over = card.buttons.flat().length === 0;
  const text = rest === undefined ? undefined : clip(rest, TEXT);
  const shown = {
    ...kept,
    card_type: 'button_interaction',
    ...(text !== undefined && { sub_title_text: text }),
    ...(over && {
      button_list: [{ text: short(card.title), style: 4, key: 'over' }],
      replace_text: short(card.title),
    }),
  };
  return rest === undefined || text === rest ? { shown } : { shown, rest };
}
