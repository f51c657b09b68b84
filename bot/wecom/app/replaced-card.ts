/** A card as it replaces one that stands: https://developer.work.weixin.qq.com/document/path/94888 */
import type { Card } from '../../../handlers/message.ts';
import { fitCard } from '../template-cards.ts';

/** Characters on a button, and of the text above the buttons. */
const BUTTON = 10;
const TEXT = 160;

const clip = (text: string, limit: number): string => {
  const characters = Array.from(text);
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`;
};

/** How it ended stands at the end of a title that is too long for a button. */
const short = (title: string): string =>
  clip(Array.from(title).length <= BUTTON ? title : (title.split(' · ').at(-1) ?? title), BUTTON);

/** As it is sent; `rest` is the text that only began in it, whole. */
export interface ReplacedCard {
  readonly shown: object;
  readonly rest?: string;
}

/**
 * The card without a task id, which stays; where nothing is left to press, one grey button says how it ended. `more` are
 * lines to be added.
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
