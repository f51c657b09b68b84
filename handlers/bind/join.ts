/** 邀请: somebody takes an invitation up. A chat that works for another store, and a real store's staff, are asked first. */
import type { Chats } from '../../services/accounts/chats.ts';
import type { Invitation, Members } from '../../services/accounts/members.ts';
import type { Store, Stores } from '../../services/accounts/stores.ts';
import type { Collection } from '../../services/database/collections.ts';
import type { GuessLimiter } from '../../services/verification/guess-limiter.ts';
import type { Incoming, Reply } from '../message.ts';
import type { NotifyJoined } from '../notify/newcomers.ts';
import { say, whisper, type Handler, type Asker } from '../handler.ts';

/** An invitation whose answer is awaited: from whom, and by which word. */
export interface Asked {
  readonly person: string;
  readonly chat: string;
  readonly word: string;
}

/** How long the question stands. */
export const ASKED_MS = 10 * 60_000;

export interface Joining {
  /** Somebody sent an invitation's word (six digits, or the link behind it). `bare`: nothing but six digits. */
  join(incoming: Incoming, asker: Asker, word: string, bare: boolean): AsyncIterable<Reply>;
  /** 加入, after the question. */
  yes: Handler;
  /** 留在这里: the invitation stays good for whoever it is meant for. */
  no: Handler;
}

export function createJoining(parts: {
  members: Members;
  chats: Chats;
  stores: Pick<Stores, 'ofPerson'>;
  guessLimiter: GuessLimiter;
  storeOf: (id: string) => Promise<Store>;
  asked: Collection<Asked>;
  newId: () => string;
  notifyJoined: NotifyJoined;
}): Joining {
  const { members, chats, stores, guessLimiter, storeOf, asked, newId, notifyJoined } = parts;

  /** The invitation, used up; or why not. Counted before it is looked at: many groups at once are no way around the pause. */
  async function accept(word: string, { person, chat }: Asker): Promise<Invitation | 'join-pause' | 'join-unknown'> {
    const guess = await guessLimiter.begin(`join:${person.id}`);
    if ('kind' in guess) return 'join-pause';
    const invitation = await members.accept(word);
    // The invitation of an owner who is none any more invites nobody.
    if (!invitation || (await members.role(invitation.by, await storeOf(invitation.storeId), chat)) !== 'owner')
      return 'join-unknown';
    // Whoever has an invitation of his own could send it between two guesses: a good one makes up for none.
    await guess.known();
    return invitation;
  }

  /** The store that somebody would leave by joining: the chat's; and for practice, any real one he works for. */
  async function leaving(store: Store, { group }: Incoming, { person, chat }: Asker): Promise<Store | undefined> {
    const other = chat.store?.id === store.id ? undefined : chat.store;
    if (other && (!group || (store.practice && !other.practice))) return other;
    return store.practice ? (await stores.ofPerson(person.id)).find(({ practice }) => !practice) : undefined;
  }

  async function* enter(invitation: Invitation, store: Store, incoming: Incoming, asker: Asker): AsyncIterable<Reply> {
    const { words, person, chat } = asker;
    await members.add(invitation, person);
    // In a private chat the person verifies for this store from now on; a group keeps its own store.
    if (!incoming.group) await chats.bind({ id: chat.id, title: incoming.title, group: false }, store.id, invitation.by);
    yield say(words.say('join-done', { store: store.name }));
    await notifyJoined(store, person);
  }

  /** Runs what was pressed under the question, by the one it was asked, in the chat it was asked in. */
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
      if (person.anonymous) return yield say(words.say('bind-anonymous'));
      // Who verifies already may have sent a piece of a code.
      const no = (key: 'join-pause' | 'join-unknown'): Reply =>
        say(bare && asker.store && !incoming.group ? words.say('odd-digits', { count: word.length }) : words.say(key));
      const invitation = await accept(word, asker);
      if (typeof invitation === 'string') return yield no(invitation);
      const store = await storeOf(invitation.storeId);
      if ((await members.role(person.id, store, chat)) === 'owner') {
        await members.giveBack(word, invitation);
        return yield say(words.say('join-owner', { store: store.name }));
      }
      const from = await leaving(store, incoming, asker);
      if (!from) return yield* enter(invitation, store, incoming, asker);
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
    },

    yes: answered(async function* joined(word, incoming, asker) {
      const invitation = await accept(word, asker);
      if (typeof invitation === 'string') return yield say(asker.words.say(invitation));
      yield* enter(invitation, await storeOf(invitation.storeId), incoming, asker);
    }),

    no: answered(async function* stayed(_word, _incoming, { words, store }) {
      const title = store ? words.say('join-stayed', { store: store.name }) : words.say('join-declined');
      yield { kind: 'replace', card: { title, fields: [], buttons: [] } };
    }),
  };
}
