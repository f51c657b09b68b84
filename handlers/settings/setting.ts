/** A setting: its line on the screen, its choices, and how it is changed. Each is a file of this folder. */
import type { Words } from '../../locales/index.ts';
import type { TellChange } from '../../services/accounts/store-settings.ts';
import type { StoreAsker } from '../handler.ts';

export interface Choice {
  /** Letters and digits, at most nine. It stands in messages that were sent: never renamed. */
  readonly id: string;
  readonly label: string;
}

/** What is set now, worded. */
export interface View {
  /** What the setting is called. */
  readonly label: string;
  readonly value: string;
  /** With one choice or two the screen's button takes what is not chosen at once; more open a list. */
  readonly choices: readonly Choice[];
  /** The id of the choice that is set; undefined for a value that has no button. */
  readonly chosen: string | undefined;
  /** Stands above the list of choices: what the setting does, and what else can be typed. */
  readonly about?: string;
}

/** The setting was changed. */
export interface Changed {
  /** What follows from it, for whoever changed it. */
  readonly note?: string;
  /** The words of the screen from now on. */
  readonly words?: Words;
}

/**
 * Words what the other owners are told of a change, and gives the writes of it, for the transaction of the change: who has set
 * what to which value.
 */
export type TellOthers = (
  asker: StoreAsker,
  changed: (words: Words) => { readonly label: string; readonly value: string },
) => Promise<TellChange>;

export interface Setting {
  /** Lower-case letters, at most eight. It stands in messages that were sent: never renamed. */
  readonly name: string;
  /** It widens what others may do: an owner who has only proved a former password may not change it. */
  readonly widens?: true;
  /** Several of its choices are set one after another: the list stays open. */
  readonly stays?: true;
  /** Undefined where the setting means nothing in this chat. */
  view(asker: StoreAsker): Promise<View | undefined>;
  /** Takes a choice, or what `typed` made of a text. `unknown`: there is no such value (a forged press, or an old one). */
  set(value: string, asker: StoreAsker): Promise<Changed | 'unknown'>;
  /**
   * Reads a text that was typed while the list is open: a value for `set`. Undefined for what is not meant for it, such as a
   * code, which is answered as always; a sentence says what is wrong with it.
   */
  typed?(text: string, asker: StoreAsker): { readonly value: string } | { readonly wrong: string } | undefined;
}
