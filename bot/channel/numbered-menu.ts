/** Numbered menus: where a channel shows no buttons, typing a number presses the button. */
import type { Action, Button, ChatId } from '../../handlers/message.ts';
import type { Collection } from '../../services/database/collections.ts';

/** The actions of a list's numbers, from 1 on. */
export interface NumberedList {
  readonly id: string;
  readonly actions: readonly Action[];
}

/** Lifetime of a list. */
export const LIST_MS = 15 * 60_000;
/** Largest number of a list; more digits are a code, never a choice. */
const MOST = 99;

export interface NumberedMenu {
  /** Makes the chat's numbers mean these buttons; gives the list as lines of text. */
  offer(chat: ChatId, buttons: readonly Button[]): Promise<string>;
  /** Gives the press that a typed number means, and its list; undefined for any other text. */
  read(chat: ChatId, text: string): Promise<{ readonly action: Action; readonly list: string } | undefined>;
  /** Drops the list: an open question takes numbers as text. */
  forget(chat: ChatId): Promise<void>;
  /** Records shown buttons: numbers mean them where they are numbered, and nothing where a question is open. */
  shown(
    chat: ChatId,
    buttons: readonly Button[],
    how: { readonly numbered: boolean; readonly answering: boolean },
  ): Promise<void>;
}

/** `lists` keeps the last list of each chat. */
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
      // A number typed next would choose from an outdated list.
      else if (how.answering) await numbered.forget(chat);
    },
  };
  return numbered;
}
