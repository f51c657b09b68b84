/** Numbered lists: where buttons cannot be shown, a person types the number, and it means the same press. */
import type { Action, Button, ChatId } from '../../handlers/message.ts';
import type { Collection } from '../../services/database/collections.ts';

/** What the numbers of a list mean, from 1 on. */
export interface NumberedList {
  readonly id: string;
  readonly actions: readonly Action[];
}

/** How long a list can be answered. */
export const LIST_MS = 15 * 60_000;
/** Numbers of more digits are codes, never answers. */
const MOST = 99;

export interface NumberedMenu {
  /** From now on the chat's numbers mean these buttons; gives the list as lines of text. */
  offer(chat: ChatId, buttons: readonly Button[]): Promise<string>;
  /** The press that a typed number stands for, and the list it was typed at; nothing for any other text. */
  read(chat: ChatId, text: string): Promise<{ readonly action: Action; readonly list: string } | undefined>;
  /** A question was asked that wants another answer: numbers are text again. */
  forget(chat: ChatId): Promise<void>;
  /** Buttons are shown that can be pressed: numbers mean these where they have some, and nothing where they are an answer. */
  shown(
    chat: ChatId,
    buttons: readonly Button[],
    how: { readonly numbered: boolean; readonly answering: boolean },
  ): Promise<void>;
}

/** The last list of each chat is kept in `lists`. */
export function createNumberedMenu({
  lists,
  newId,
}: {
  lists: Collection<NumberedList>;
  /** Letters and digits. */
  newId: () => string;
}): NumberedMenu {
  const numbered: NumberedMenu = {
    async offer(chat, buttons) {
      const shown = buttons.slice(0, MOST);
      await lists.set(chat, { id: newId(), actions: shown.map(({ verb, id }) => ({ verb, id })) });
      return shown.map(({ label }, n) => `${n + 1}. ${label}`).join('\n');
    },
    async read(chat, text) {
      const typed = text.normalize('NFKC').trim();
      if (!/^[1-9]\d?$/.test(typed)) return undefined;
      const list = await lists.get(chat);
      const action = list?.actions[Number(typed) - 1];
      return list && action && { action, list: list.id };
    },
    async forget(chat) {
      await lists.delete(chat);
    },
    async shown(chat, buttons, how) {
      if (how.numbered) await numbered.offer(chat, buttons);
      // A number that is typed next would choose from a list that was left behind.
      else if (how.answering) await numbered.forget(chat);
    },
  };
  return numbered;
}
