/** 语言, on the screen of settings: the language of the chat. Everybody else sets it by `/language`. */
import { isLocale, LOCALES, words as wordsIn } from '../../locales/index.ts';
import type { Chats } from '../../services/accounts/chats.ts';
import { byPerson } from '../handler.ts';
import type { Setting } from './setting.ts';

const idOf = (locale: string): string => locale.replace('-', '');

export function createLanguageSetting({ chats }: { chats: Pick<Chats, 'setLocale'> }): Setting {
  return {
    name: 'language',
    async view({ words }) {
      return await Promise.resolve({
        label: words.say('setting-language'),
        value: words.say('language-name'),
        choices: LOCALES.map((locale) => ({ id: idOf(locale), label: wordsIn(locale).say('language-name') })),
        chosen: idOf(words.locale),
      });
    },
    async set(value, { chat: { id, title, group }, person }) {
      const locale = LOCALES.find((one) => idOf(one) === value);
      if (!locale || !isLocale(locale)) return 'unknown';
      await chats.setLocale({ id, title, group }, locale, byPerson(person));
      return { words: wordsIn(locale) };
    },
  };
}
