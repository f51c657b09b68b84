/** The command menus of Telegram: which commands are offered, per language and kind of chat. */
import { COMMANDS } from '../../handlers/commands.ts';
import { words, type Locale } from '../../locales/index.ts';
import type { CommandMenu } from './telegram.ts';

const LANGUAGES: readonly { readonly language: CommandMenu['language']; readonly locale: Locale }[] = [
  { language: '', locale: 'en' },
  { language: 'zh', locale: 'zh-CN' },
  { language: 'en', locale: 'en' },
];

/** Groups offer everybody what staff need; their administrators and private chats everything. */
export function commandMenus(): CommandMenu[] {
  return LANGUAGES.flatMap(({ language, locale }) =>
    (['all_private_chats', 'all_group_chats', 'all_chat_administrators'] as const).map((scope) => ({
      language,
      scope,
      commands: COMMANDS.filter(
        ({ name, audience }) => name !== 'start' && (scope !== 'all_group_chats' || audience !== 'owner'),
      ).map(({ name, about }) => ({ command: name, description: words(locale).say(about) })),
    })),
  );
}
