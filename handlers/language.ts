/** 语言: the chat speaks another language from now on. */
import { isLocale, LOCALES, words as wordsIn } from '../locales/index.ts';
import type { Chats } from '../services/accounts/chats.ts';
import { whisper, type Handler } from './handler.ts';

export interface Language {
  command: Handler;
  pick: Handler;
}

export function createLanguage({ chats }: { chats: Chats }): Language {
  return {
    async *command(_, who) {
      yield {
        kind: 'say',
        text: who.words.say('language-choose'),
        buttons: [LOCALES.map((locale) => ({ verb: 'language', id: locale, label: wordsIn(locale).say('language-name') }))],
      };
    },
    async *pick(incoming, who, locale) {
      if (!isLocale(locale)) return yield whisper(who.words.say('card-gone'));
      if (incoming.group && who.store && who.role === 'stranger') return yield whisper(who.words.say('press-refused'));
      await chats.setLocale({ id: who.chat.id, title: incoming.title, group: incoming.group }, locale);
      yield { kind: 'settle', card: { title: wordsIn(locale).say('language-done'), fields: [], tone: 'good', buttons: [] } };
    },
  };
}
