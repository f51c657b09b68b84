/** 账本: gives an owner a link to the books in the browser, in a private chat, as whoever has it gets in. */
import type { OwnStores } from '../../services/books/own-stores.ts';
import type { BookSessions } from '../../services/books/sessions.ts';
import { say, type Handler } from '../handler.ts';

export interface InviteReaderParts {
  readonly ownStores: OwnStores;
  readonly bookSessions: Pick<BookSessions, 'invite' | 'closeAll'>;
  /** Where browsers reach the books; undefined where nobody has said. */
  readonly booksUrl: string | undefined;
}

const OFF = /^(?:off|关闭|关)$/i;

/**
 * Makes the handler of `/books`: of all stores that the person owns, in whatever private chat it is sent. `/books off` closes the
 * books that are open.
 */
export function createInviteReader({ ownStores, bookSessions, booksUrl }: InviteReaderParts): Handler {
  return async function* invite(_, { chat, person, store, words }, rest) {
    const stores = person.anonymous ? [] : await ownStores(person.id);
    if (stores.length === 0) return yield say(words.say(store ? 'owner-only' : 'unbound'));
    if (chat.group) return yield say(words.say('books-private'));
    if (OFF.test(rest)) {
      await bookSessions.closeAll(person.id);
      return yield say(words.say('books-closed'));
    }
    if (booksUrl === undefined) return yield say(words.say('books-address-unset'));
    const link = `${booksUrl}/b/${await bookSessions.invite(person.id)}`;
    const named =
      stores.length === 1
        ? words.say('books-link-one', { store: stores[0]!.name })
        : words.say('books-link-several', { count: stores.length });
    yield { kind: 'say', text: words.say('books-link', { stores: named, link }), once: words.say('books-link-lost') };
  };
}
