/** Binds a practice page's visitor to a practice store at the first visit, with an owner group beside the chat. */
import { words as wordsIn, type Locale } from '../../locales/index.ts';
import type { Accounts } from '../../services/accounts/accounts.ts';
import type { Chats } from '../../services/accounts/chats.ts';
import type { Stores } from '../../services/accounts/stores.ts';
import type { Reports } from '../../services/ledger/reports.ts';
import { SIMULATED } from '../../services/platforms/names.ts';
import type { PlatformClients } from '../../services/platforms/client.ts';
import type { ChatId, Person, Reply } from '../message.ts';
import { byPerson, say } from '../handler.ts';

/** Binds a visitor's two chats to a practice store of the visitor's own; returns what to say first in each. */
export type OpenPractice = (
  visitor: Person,
  at: { readonly chat: ChatId; readonly owners: ChatId },
  locale: Locale,
) => Promise<{ readonly chat: readonly Reply[]; readonly owners: readonly Reply[] }>;

export function createOpenPractice(parts: {
  accounts: Accounts;
  stores: Stores;
  chats: Chats;
  reports: Reports;
  clients: PlatformClients;
}): OpenPractice {
  return async (visitor, { chat, owners }, locale) => {
    const words = wordsIn(locale);
    const credentials = { owner: visitor.id };
    const enrolled = await parts.clients.enrol(SIMULATED, credentials);
    const [first] = enrolled.kind === 'enrolled' ? enrolled.stores : [];
    if (enrolled.kind !== 'enrolled' || !first) throw new Error('the practice platform has no stores');
    const account = await parts.accounts.save({ platform: SIMULATED, identity: enrolled.identity, credentials }, visitor);
    const store = await parts.stores.save(account.id, first, byPerson(visitor));
    await parts.chats.bind({ id: chat, title: words.say('practice-chat'), group: false }, store.id, byPerson(visitor));
    await speakPractice(parts.chats, visitor, { chat, owners }, locale);
    await parts.reports.subscribe(store, owners, byPerson(visitor));
    return {
      chat: [say(words.say('practice-welcome', { store: store.name }))],
      owners: [say(words.say('practice-owners-welcome', { store: store.name }))],
    };
  };
}

/** Sets the language of both chats, as the visitor chose it on the page. */
export async function speakPractice(
  chats: Chats,
  visitor: Person,
  { chat, owners }: { readonly chat: ChatId; readonly owners: ChatId },
  locale: Locale,
): Promise<void> {
  const by = byPerson(visitor);
  const words = wordsIn(locale);
  await chats.setLocale({ id: chat, title: words.say('practice-chat'), group: false }, locale, by);
  await chats.setLocale({ id: owners, title: words.say('practice-owners'), group: true }, locale, by);
}
