/** 语言: sets the language of a chat, and finds that of a newcomer. */
import { isLocale, LOCALES, words as wordsIn, type Locale } from '../locales/index.ts';
import type { Chat, Chats } from '../services/accounts/chats.ts';
import { byPerson, whisper, type Handler, type Presses } from './handler.ts';
import type { Incoming } from './message.ts';
import type { LanguageVerb } from './verb.ts';

export interface Language {
  command: Handler;
  readonly presses: Presses<LanguageVerb>;
}

export function createLanguage({ chats }: { chats: Chats }): Language {
  return {
    async *command(_, asker) {
      yield {
        kind: 'say',
        text: asker.words.say('language-choose'),
        buttons: [LOCALES.map((locale) => ({ verb: 'language', id: locale, label: wordsIn(locale).say('language-name') }))],
      };
    },
    presses: {
      async *language(incoming, asker, locale) {
        if (!isLocale(locale)) return yield whisper(asker.words.say('card-gone'));
        if (incoming.group && asker.store && asker.role === 'stranger') return yield whisper(asker.words.say('press-refused'));
        await chats.setLocale(
          { id: asker.chat.id, title: incoming.title, group: incoming.group },
          locale,
          byPerson(asker.person),
        );
        yield { kind: 'replace', card: { title: wordsIn(locale).say('language-done'), fields: [], tone: 'good', buttons: [] } };
      },
    },
  };
}

/** The language in which a newcomer's app is written, before anything was bound or chosen in this private chat. */
export function newcomersLocale({ group, language }: Incoming, { store, locale }: Chat): Locale | undefined {
  if (group || store || locale !== undefined) return undefined;
  const tag = language?.toLowerCase().split('-', 1)[0];
  return LOCALES.find((one) => one.toLowerCase().split('-', 1)[0] === tag);
}
