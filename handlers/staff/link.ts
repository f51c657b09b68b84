/** 关联: a person links the accounts of several channels. A word of the first is sent by the second, and the first agrees. */
import type { Chats } from '../../services/accounts/chats.ts';
import { MOST_IDENTITIES, type Identities } from '../../services/accounts/identities.ts';
import type { Stores } from '../../services/accounts/stores.ts';
import type { Collection } from '../../services/collection.ts';
import type { Linked, NotLinked } from '../../services/lifecycle/link-people.ts';
import { LINK_MS, type Linking, type LinkWords } from '../../services/lifecycle/link-words.ts';
import type { GuessWord } from '../bind/guess-word.ts';
import { channelName, isOnPage } from '../channel-name.ts';
import { byPerson, identityOf, say, whisper, type Asker, type Handler, type Presses } from '../handler.ts';
import type { Incoming, Person, Reply } from '../message.ts';
import type { NotifyPerson } from '../notify/people.ts';
import type { LinkVerb } from '../verb.ts';
import type { MyIdentities } from './my-identities.ts';

/** Two identities on their way to one person. */
export interface LinkOffer {
  readonly first: Linking;
  readonly second: Linking & { readonly title: string };
  /** The second identity has agreed: it is asked where it has a role to lose. */
  readonly asked: boolean;
}

export interface Link {
  readonly command: Handler;
  readonly presses: Presses<Exclude<LinkVerb, 'link-drop' | 'link-drop-yes'>>;
}

const replaced = (title: string): Reply => ({ kind: 'replace', card: { title, fields: [], buttons: [] } });

export function createLink(parts: {
  identities: Identities;
  words: LinkWords;
  offers: Collection<LinkOffer>;
  guessWord: GuessWord;
  stores: Pick<Stores, 'ofPerson'>;
  chats: Pick<Chats, 'get' | 'bind'>;
  /** Makes one person of both, and tells the owners in the same transaction. */
  link: (offer: LinkOffer, by: Person) => Promise<Linked | NotLinked>;
  screen: MyIdentities['screen'];
  notifyPerson: NotifyPerson;
  newId: () => string;
}): Link {
  const { identities, words: linkWords, offers, guessWord, stores, chats, notifyPerson, newId } = parts;

  const isSomething = async ({ person }: Asker): Promise<boolean> => (await stores.ofPerson(person.id)).length > 0;
  const isLinked = async (person: string): Promise<boolean> => (await identities.linked([person])).has(person);

  /** Why nothing is linked in this chat. */
  const obstacle = ({ chat, words }: Asker): string | undefined => {
    if (chat.group) return words.say('link-private');
    return isOnPage(chat.id) ? words.say('link-not-here') : undefined;
  };

  async function askFirst(offer: LinkOffer): Promise<void> {
    const id = newId();
    await offers.set(id, offer);
    const { first, second } = offer;
    await notifyPerson(first.identity, (words) => ({
      text: words.say('link-ask-first', {
        channel: channelName(second.identity, words),
        name: second.name || words.say('nameless'),
      }),
      buttons: [
        [
          { verb: 'link-agree', id, label: words.say('button-link-agree'), style: 'primary' },
          { verb: 'link-refuse', id, label: words.say('button-link-refuse') },
        ],
      ],
    }));
  }

  async function* taken(word: string, incoming: Incoming, asker: Asker): AsyncIterable<Reply> {
    const { words, person } = asker;
    const first = await guessWord(person, () => linkWords.look(word));
    if (first === 'paused') return yield say(words.say('join-pause'));
    if (!first) return yield say(words.say('link-unknown'));
    const { id: whole } = await identities.personOf(first.identity);
    if (whole === person.id) return yield say(words.say('link-same'));
    if ((await isLinked(whole)) && (await isLinked(person.id))) return yield say(words.say('link-both'));
    if (!(await linkWords.take(word))) return yield say(words.say('link-unknown'));
    const { from, title } = incoming;
    const offer: LinkOffer = { first, second: { identity: from.id, name: from.name, title }, asked: false };
    const facts = { channel: channelName(first.identity, words), name: first.name || words.say('nameless') };
    if (!(await isSomething(asker))) {
      await askFirst(offer);
      return yield say(words.say('link-asked', facts));
    }
    const id = newId();
    await offers.set(id, offer);
    yield {
      kind: 'say',
      text: words.say('link-ask-second', facts),
      buttons: [
        [
          { verb: 'link-mine', id, label: words.say('button-link-mine') },
          { verb: 'link-not-mine', id, label: words.say('button-link-not-mine'), style: 'primary' },
        ],
      ],
    };
  }

  /** Takes the offer that this side was asked about, once. */
  async function mine(side: 'first' | 'second', id: string, { person, chat }: Asker): Promise<LinkOffer | undefined> {
    const offer = await offers.get(id);
    if (!offer || offer[side].identity !== identityOf(person) || chat.group) return undefined;
    // The one of both questions that is open.
    if (side === 'second' && offer.asked) return undefined;
    return await offers.take(id);
  }

  /** The second one's private chat serves the store of the first one's, where it serves none. */
  async function bindSecond({ second }: LinkOffer, { person, chat }: Asker): Promise<void> {
    if (!chat.store || (await chats.get(second.identity)).store) return;
    const there = { id: second.identity, title: second.title, group: false };
    await chats.bind(there, chat.store.id, byPerson(person), chat.boundBy ?? person.id);
  }

  return {
    async *command(incoming, asker, rest) {
      const no = obstacle(asker);
      if (no !== undefined) return yield say(no);
      if (/^\d[\d\s-]*$/.test(rest)) return yield* taken(rest.replaceAll(/[\s-]/g, ''), incoming, asker);
      if (!(await isSomething(asker))) return yield say(asker.words.say('link-none'));
      yield { kind: 'card', card: await parts.screen(asker) };
    },

    presses: {
      /** 关联我的其他账号: what is linked. */
      async *link(_, asker) {
        const no = obstacle(asker);
        if (no !== undefined) return yield whisper(no);
        if (!(await isSomething(asker))) return yield whisper(asker.words.say('link-none'));
        yield { kind: 'card', card: await parts.screen(asker) };
      },

      /** 关联另一个账号: gives the word. */
      async *'link-new'(incoming, asker) {
        const { words, person } = asker;
        const no = obstacle(asker) ?? ((await isSomething(asker)) ? undefined : words.say('link-none'));
        if (no !== undefined) return yield whisper(no);
        const all = (await identities.linked([person.id])).get(person.id) ?? [];
        if (all.length >= MOST_IDENTITIES) return yield whisper(words.say('link-full', { count: MOST_IDENTITIES }));
        const word = await linkWords.make({ identity: identityOf(person), name: incoming.from.name });
        yield say(words.say('link-how', { minutes: LINK_MS / 60_000 }));
        // Alone, to be copied as it is.
        yield say(words.say('link-word', { word: word.replaceAll(/(\d{4})(?=\d)/g, '$1 ') }));
      },

      /** 是我: the first one is asked. */
      async *'link-mine'(_, asker, id) {
        const offer = await mine('second', id, asker);
        if (!offer) return yield whisper(asker.words.say('card-gone'));
        await askFirst({ ...offer, asked: true });
        const { words } = asker;
        const { identity, name } = offer.first;
        yield replaced(words.say('link-asked', { channel: channelName(identity, words), name: name || words.say('nameless') }));
      },

      async *'link-not-mine'(_, asker, id) {
        if (!(await mine('second', id, asker))) return yield whisper(asker.words.say('card-gone'));
        yield replaced(asker.words.say('link-refused'));
      },

      /** 同意: both are one person from now on. */
      async *'link-agree'(_, asker, id) {
        const { words, person } = asker;
        const offer = await mine('first', id, asker);
        if (!offer) return yield whisper(words.say('card-gone'));
        const linked = await parts.link(offer, person);
        if (typeof linked === 'string') return yield replaced(words.say(linked === 'both-linked' ? 'link-both' : 'link-void'));
        await bindSecond(offer, { ...asker, person: { ...person, id: linked.person } });
        const { first, second } = offer;
        const named = (name: string, identity: string, in_ = words) => ({
          channel: channelName(identity, in_),
          name: name || in_.say('nameless'),
        });
        await notifyPerson(second.identity, (theirs) =>
          theirs.say('link-done-second', named(first.name, first.identity, theirs)),
        );
        yield replaced(words.say('link-done', named(second.name, second.identity)));
      },

      /** 拒绝. */
      async *'link-refuse'(_, asker, id) {
        const offer = await mine('first', id, asker);
        if (!offer) return yield whisper(asker.words.say('card-gone'));
        const { first, second } = offer;
        await notifyPerson(second.identity, (theirs) =>
          theirs.say('link-declined', {
            channel: channelName(first.identity, theirs),
            name: first.name || theirs.say('nameless'),
          }),
        );
        yield replaced(asker.words.say('link-refused'));
      },
    },
  };
}
