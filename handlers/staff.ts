/** 员工: invites, lists and removes a store's staff; and takes an invitation up. */
import type { Words } from '../locales/index.ts';
import { INVITATION_MS, type Invitation, type Members } from '../services/accounts/members.ts';
import type { Chats } from '../services/accounts/chats.ts';
import type { Collection } from '../services/store/expiring.ts';
import type { Guesses } from '../services/verification/guesses.ts';
import type { Store } from '../services/accounts/stores.ts';
import { whoMayButtons } from './bind-choices.ts';
import type { Button, Incoming, Reply } from './message.ts';
import type { Standing } from './standing.ts';
import type { TellPerson } from './tell-owners.ts';
import { say, whisper, type Handler, type Who } from './who.ts';

/** A person behind a remove button. */
export interface Removal {
  readonly storeId: string;
  readonly person: string;
  readonly name: string;
}

export interface Staff {
  /** `/staff`: the list, with an invite button. */
  command: Handler;
  invite: Handler;
  remove: Handler;
  /** Somebody sent an invitation's word (six digits, or the link behind it). `bare`: nothing but six digits. */
  join(incoming: Incoming, who: Who, word: string, bare: boolean): AsyncIterable<Reply>;
}

export function createStaff(parts: {
  members: Members;
  chats: Chats;
  standing: Standing;
  guesses: Guesses;
  removals: Collection<Removal>;
  newId: () => string;
  /** A link that carries a word, where the chat's channel has such links. */
  link: (chat: string, word: string) => string | undefined;
  storeOf: (id: string) => Promise<Store>;
  tellPerson: TellPerson;
}): Staff {
  const { members, chats, standing, guesses, removals, newId } = parts;

  async function* list(store: Store, who: Who): AsyncIterable<Reply> {
    const { words } = who;
    const staff = await members.staff(store.id);
    const rows: Button[][] = [];
    for (const { id, name } of staff.slice(0, 30)) {
      const removal = newId();
      await removals.set(removal, { storeId: store.id, person: id, name });
      rows.push([
        { verb: 'staff-remove', id: removal, label: words.say('button-remove', { name: name || words.say('nameless') }) },
      ]);
    }
    const names = staff.map(({ name, since }) =>
      words.say('staff-line', { name: name || words.say('nameless'), time: words.moment(since, store.zone) }),
    );
    const { group, whoMay } = who.chat;
    yield {
      kind: 'say',
      text: [
        words.say('staff-title', { store: store.name, count: staff.length }),
        ...names,
        ...(group ? [words.say(`who-may-${whoMay}`)] : []),
      ].join('\n'),
      buttons: [
        [{ verb: 'staff-invite', id: store.id, label: words.say('button-invite'), style: 'primary' }],
        ...(group ? [whoMayButtons(words)] : []),
        ...rows,
      ],
    };
  }

  /** The invitation, used up; or why not. Counted before it is looked at: many groups at once are no way around the pause. */
  async function accept(word: string, guesser: string): Promise<Invitation | 'join-pause' | 'join-unknown'> {
    const guess = await guesses.begin(guesser);
    if ('kind' in guess) return 'join-pause';
    const invitation = await members.accept(word);
    if (!invitation) return 'join-unknown';
    await guess.good();
    return invitation;
  }

  return {
    async *command(_, who) {
      if (!who.store) return yield say(who.words.say('unbound'));
      if (who.role !== 'owner') return yield say(who.words.say('owner-only'));
      yield* list(who.store, who);
    },

    async *invite(_, who, storeId) {
      const { words } = who;
      const at = await standing.at(storeId, who);
      if (at?.role !== 'owner') return yield whisper(words.say('owner-only'));
      const word = await members.invite(storeId, who.person.id);
      const link = parts.link(who.chat.id, `join-${word}`);
      const facts = { store: at.store.name, word, hours: INVITATION_MS / 3_600_000 };
      const invitation = (theirs: Words): string =>
        link === undefined ? theirs.say('invitation-word', facts) : theirs.say('invitation-link', { ...facts, link });
      if (!who.chat.group) return yield say(invitation(words));
      // Whoever in the group were first could take it up.
      await parts.tellPerson(who.person.id, invitation);
      yield say(words.say('invitation-sent', { store: at.store.name }));
    },

    async *remove(_, who, id) {
      const { words } = who;
      const removal = await removals.get(id);
      const at = removal && (await standing.at(removal.storeId, who));
      if (!removal || !at) return yield whisper(words.say('card-gone'));
      if (at.role !== 'owner') return yield whisper(words.say('owner-only'));
      await members.remove(removal.storeId, removal.person);
      yield say(words.say('staff-removed', { name: removal.name || words.say('nameless'), store: at.store.name }));
    },

    async *join(incoming, who, word, bare) {
      const { words, person, chat } = who;
      if (person.anonymous) return yield say(words.say('bind-anonymous'));
      // Who verifies already may have sent a piece of a code.
      const no = (key: 'join-pause' | 'join-unknown'): Reply =>
        say(bare && who.store && !incoming.group ? words.say('odd-digits', { count: word.length }) : words.say(key));
      const guesser = `join:${person.id}`;
      const invitation = await accept(word, guesser);
      if (typeof invitation === 'string') return yield no(invitation);
      const store = await parts.storeOf(invitation.storeId);
      if ((await members.role(person.id, store, chat)) === 'owner') {
        await members.giveBack(word, invitation);
        return yield say(words.say('join-owner', { store: store.name }));
      }
      await members.add(invitation, person);
      // In a private chat the person verifies for this store from now on; a group keeps its own store.
      if (!incoming.group) await chats.bind({ id: chat.id, title: incoming.title, group: false }, store.id, invitation.by);
      yield say(words.say('join-done', { store: store.name }));
    },
  };
}
