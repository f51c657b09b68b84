/** 邀请: accepts an invitation. Asks first where the person would leave another store, or a real one for practice. */
import type { Chats } from '../../services/accounts/chats.ts';
import type { Invitation, Members } from '../../services/accounts/members.ts';
import type { Store, Stores } from '../../services/accounts/stores.ts';
import type { Collection } from '../../services/collection.ts';
import type { Incoming, Reply } from '../message.ts';
import type { NotifyJoined } from '../notify/newcomers.ts';
import { byPerson, say, whisper, type Asker, type Handler, type Presses } from '../handler.ts';
import type { JoinVerb } from '../verb.ts';
import type { GuessWord } from './guess-word.ts';

/** An open question about an invitation: the person who was asked, and the invitation's word. */
export interface Asked {
  readonly person: string;
  readonly chat: string;
  readonly word: string;
}

/** How long the question stays open. */
export const ASKED_MS = 10 * 60_000;

/** The word of an invitation's link (`newWord`). Links are pressed, not guessed: 128 bits need no limit. */
const LINKED = /^[0-9a-f]{32}$/;

export interface Joining {
  /**
   * Takes an invitation's word: of its link, or eight digits. `bare`: the message was nothing but digits, which may be
   * something else where the chat has a store: then a word that is no invitation is not answered, and false is returned.
   */
  join(incoming: Incoming, asker: Asker, word: string, bare: boolean): AsyncGenerator<Reply, boolean>;
  readonly presses: Presses<JoinVerb>;
}

export function createJoining(parts: {
  members: Members;
  chats: Chats;
  stores: Pick<Stores, 'ofPerson'>;
  guessWord: GuessWord;
  storeOf: (id: string) => Promise<Store>;
  asked: Collection<Asked>;
  newId: () => string;
  notifyJoined: NotifyJoined;
}): Joining {
  const { members, chats, stores, guessWord, storeOf, asked, newId, notifyJoined } = parts;

  /** Uses the invitation up, or gives the reason why not. */
  async function accept(word: string, { person, chat }: Asker): Promise<Invitation | 'join-pause' | 'join-unknown'> {
    const look = async (): Promise<Invitation | undefined> => {
      const invitation = await members.accept(word);
      // An invitation ends with the ownership of its author.
      const valid = invitation && (await members.role(invitation.by, await storeOf(invitation.storeId), chat)) === 'owner';
      return valid ? invitation : undefined;
    };
    const accepted = LINKED.test(word) ? await look() : await guessWord(person, look);
    return accepted === 'paused' ? 'join-pause' : (accepted ?? 'join-unknown');
  }

  /** Finds the store that the person would leave by joining: the chat's own, or for practice any real one. */
  async function leaving(store: Store, { group }: Incoming, { person, chat }: Asker): Promise<Store | undefined> {
    const other = chat.store?.id === store.id ? undefined : chat.store;
    if (other && (!group || (store.practice && !other.practice))) return other;
    return store.practice ? (await stores.ofPerson(person.id)).find(({ practice }) => !practice) : undefined;
  }

  async function* enter(invitation: Invitation, store: Store, incoming: Incoming, asker: Asker): AsyncIterable<Reply> {
    const { words, person, chat } = asker;
    await members.add(invitation, person);
    // In a private chat the person verifies for this store from now on; a group keeps its own store.
    if (!incoming.group)
      await chats.bind({ id: chat.id, title: incoming.title, group: false }, store.id, byPerson(person), invitation.by);
    yield say(words.say('join-done', { store: store.name }));
    await notifyJoined(store, person);
  }

  /** Runs the answer to the question, from the person and the chat that were asked. */
  const answered = (run: (word: string, incoming: Incoming, asker: Asker) => AsyncIterable<Reply>): Handler =>
    async function* pressed(incoming, asker, id) {
      const question = await asked.get(id);
      if (!question) return yield whisper(asker.words.say('card-gone'));
      if (question.person !== asker.person.id || question.chat !== asker.chat.id)
        return yield whisper(asker.words.say('join-not-yours'));
      if (!(await asked.delete(id))) return yield whisper(asker.words.say('card-gone'));
      yield* run(question.word, incoming, asker);
    };

  return {
    async *join(incoming, asker, word, bare) {
      const { words, person, chat } = asker;
      if (person.anonymous) {
        yield say(words.say('bind-anonymous'));
        return true;
      }
      const invitation = await accept(word, asker);
      if (typeof invitation === 'string') {
        // In a bound chat digits may be a piece of a code, or a date.
        if (bare && asker.store && !incoming.group) return false;
        yield say(words.say(invitation));
        return true;
      }
      const store = await storeOf(invitation.storeId);
      if ((await members.role(person.id, store, chat)) === 'owner') {
        await members.giveBack(word, invitation);
        yield say(words.say('join-owner', { store: store.name }));
        return true;
      }
      const from = await leaving(store, incoming, asker);
      if (!from) {
        yield* enter(invitation, store, incoming, asker);
        return true;
      }
      await members.giveBack(word, invitation);
      const id = newId();
      await asked.set(id, { person: person.id, chat: chat.id, word });
      const names = { store: store.name, from: from.name };
      yield {
        kind: 'say',
        text: words.say(store.practice ? 'join-question-practice' : 'join-question', names),
        buttons: [
          [{ verb: 'join-no', id, label: words.say('button-join-no', { store: from.name }), style: 'primary' }],
          [{ verb: 'join-yes', id, label: words.say('button-join-yes', { store: store.name }) }],
        ],
      };
      return true;
    },

    presses: {
      /** 加入, after the question. */
      'join-yes': answered(async function* joined(word, incoming, asker) {
        const invitation = await accept(word, asker);
        if (typeof invitation === 'string') return yield say(asker.words.say(invitation));
        yield* enter(invitation, await storeOf(invitation.storeId), incoming, asker);
      }),

      /** 留在这里: the invitation stays valid for the person it is meant for. */
      'join-no': answered(async function* stayed(word, _incoming, { words, store, person }) {
        await members.decline(word, person);
        const title = store ? words.say('join-stayed', { store: store.name }) : words.say('join-declined');
        yield { kind: 'replace', card: { title, fields: [], buttons: [] } };
      }),
    },
  };
}
