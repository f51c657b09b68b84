/** Builds the card that replaces one already sent: https://developer.work.weixin.qq.com/document/path/94888 */
import type { Card } from '../../../handlers/message.ts';
import type { Words } from '../../../locales/index.ts';
import { APP_CARD, BUTTON, fitCard } from '../template-cards.ts';

const clip = (text: string, limit: number): string => {
  const characters = Array.from(text);
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`;
};

/** Words the grey button: the outcome from the end of the title; where it does not fit, that this is over, or under way. */
function short({ title, tone }: Card, words: Words): string {
  const outcome = Array.from(title).length <= BUTTON ? title : (title.split(' · ').at(-1) ?? title);
  if (Array.from(outcome).length <= BUTTON) return outcome;
  return words.say(tone === 'busy' ? 'wecom-busy' : 'wecom-over');
}

/** The replacement as sent; `rest` is the whole of a text that was clipped in it. */
export interface ReplacedCard {
  readonly shown: object;
  readonly rest?: string;
}

/**
 * Fits a card without its task id, which stays; a card without buttons shows its outcome on one grey button. `more` are
 * lines to add.
 */
export function replacedCard(card: Card, words: Words, more: readonly string[] = []): ReplacedCard {
  const { card: adaptReply, rest } = fitCard(APP_CARD, card, '', more);
  const { task_id: _task, card_action: _action, ...kept } = adaptReply;
  const over = card.buttons.flat().length === 0;
  const text = rest === undefined ? undefined : clip(rest, APP_CARD.text);
  const shown = {
    ...kept,
    card_type: 'button_interaction',
    ...(text !== undefined && { sub_title_text: text }),
    ...(over && {
      button_list: [{ text: short(card, words), style: 4, key: 'over' }],
      replace_text: short(card, words),
    }),
  };
  return rest === undefined || text === rest ? { shown } : { shown, rest };
}
