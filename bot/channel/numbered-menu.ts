/** Numbered menus: where a channel shows no buttons, typing a number or a label presses the button. */
import { COMMANDS } from '../../handlers/commands.ts';
import type { Action, Button, ChatId } from '../../handlers/message.ts';
import type { Collection } from '../../services/database/collections.ts';

/** The actions of a list's numbers, from 1 on. */
export interface NumberedList {
  readonly id: string;
  readonly actions: readonly Action[];
  /** The labels of the actions; lists of earlier programs have none. */
  readonly labels?: readonly string[];
}

/** Lifetime of a list. */
export const LIST_MS = 15 * 60_000;
/** Largest number of a list; more digits are a code, never a choice. */
const MOST = 99;

export interface NumberedMenu {
  /** Makes the chat's numbers mean these buttons; gives the list as lines of text. */
  offer(chat: ChatId, buttons: readonly Button[]): Promise<string>;
  /**
   * Gives the press that a typed number or label means, and its list; undefined for any other text. A label may be typed
   * without its bracket, or cut off where that is no command and fits one button alone: 确认 of 确认核销.
   */
  read(chat: ChatId, text: string): Promise<{ readonly action: Action; readonly list: string } | undefined>;
  /** Gives the length of the chat's list where the text is a number beyond it. */
  beyond(chat: ChatId, text: string): Promise<number | undefined>;
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
      const actions = shown.map(({ verb, id }) => ({ verb, id }));
      await lists.set(chat, { id: newId(), actions, labels: shown.map(({ label }) => label) });
      return shown.map(({ label }, n) => `${n + 1}. ${label}`).join('\n');
    },
    async read(chat, text) {
      const number = numberIn(text);
      const typed = plain(text);
      if (number === undefined && (typed.length > LONGEST || typed === '')) return undefined;
      const list = await lists.get(chat);
      const action = list?.actions[number === undefined ? labelled(list.labels ?? [], typed) : number - 1];
      return list && action && { action, list: list.id };
    },
    async beyond(chat, text) {
      const number = numberIn(text);
      const count = number === undefined ? 0 : ((await lists.get(chat))?.actions.length ?? 0);
      return number !== undefined && count > 0 && number > count ? count : undefined;
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

/** The longest text that may be a label, characters. */
const LONGEST = 80;
const CHINESE = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];

/** Reads 2, ２, ②, 2️⃣, 2. and 二; undefined for anything else, also for digits of a code. */
function numberIn(text: string): number | undefined {
  const typed = text
    .normalize('NFKC')
    .replace(/\uFE0F?\u20E3$|[.、。)]$/, '')
    .trim();
  if (/^[1-9]\d?$/.test(typed)) return Number(typed);
  const chinese = CHINESE.indexOf(typed);
  return chinese < 0 ? undefined : chinese + 1;
}

const plain = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/\s+/g, ' ')
    .replace(/[.。!！~]+$/, '')
    .trim();

const COMMAND_WORDS: ReadonlySet<string> = new Set(COMMANDS.flatMap(({ name, words }) => [name, ...words]));

/** A yes to the one label that begins with it: 是，我在这里. */
const YES = /^(?:是的?|对的?|在|在的|yes|yep|yeah)$/;

/** Finds the one label that was typed; -1 where there is none, or more than one. */
function labelled(labels: readonly string[], typed: string): number {
  const whole = labels.map(plain);
  const bare = whole.map((label) => label.replace(/ ?\([^()]*\)$/, ''));
  const only = (found: readonly string[], fits: (label: string) => boolean): number =>
    found.filter(fits).length === 1 ? found.findIndex(fits) : -1;
  const exact = [only(whole, (label) => label === typed), only(bare, (label) => label === typed)].find((n) => n >= 0);
  if (exact !== undefined) return exact;
  if (YES.test(typed)) return only(whole, (label) => /^(?:是|yes),/.test(label));
  // 门店 asks for the stores, also where one of those in the list begins with it; digits may be a part of a code.
  const may = typed.length >= 2 && /^\p{Script=Han}+$/u.test(typed) && !COMMAND_WORDS.has(typed);
  return may ? only(whole, (label) => label.startsWith(typed)) : -1;
}
