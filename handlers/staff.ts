/** 员工: invites, lists and removes a store's staff. */
import type { Words } from '../locales/index.ts';
import { INVITATION_MS, type Members } from '../services/accounts/members.ts';
import type { Accounts } from '../services/accounts/accounts.ts';
import type { Collection } from '../services/collection.ts';
import { whoMayButtons } from './bind/choices.ts';
import type { EndOwnership } from './bind/end-ownership.ts';
import type { Button, Reply } from './message.ts';
import type { Rights } from './rights.ts';
import type { NotifyPerson } from './notify/people.ts';
import { say, whisper, type Handler, type Presses, type StoreAsker } from './handler.ts';
import type { StaffVerb } from './verb.ts';

/** A person behind a remove button: of a store's staff, or an owner of an account. */
export type Removal = { readonly person: string; readonly name: string } & (
  { readonly kind: 'staff'; readonly storeId: string } | { readonly kind: 'owner'; readonly accountId: string }
);

export interface Staff {
  /** `/staff`: the list, with an invite button. */
  command: Handler<StoreAsker>;
  readonly presses: Presses<StaffVerb>;
}

export function createStaff(parts: {
  members: Members;
  accounts: Pick<Accounts, 'owners'>;
  rights: Rights;
  endOwnership: EndOwnership;
  removals: Collection<Removal>;
  newId: () => string;
  /** Makes a link that carries a word, where the chat's channel has such links. */
  link: (chat: string, word: string) => string | undefined;
  notifyPerson: NotifyPerson;
}): Staff {
  const { members, accounts, rights, removals, newId } = parts;

  async function* list(asker: StoreAsker): AsyncIterable<Reply> {
    const { words, store } = asker;
    const staff = await members.staff(store.id);
    const rows: Button[][] = [];
    for (const { id, name } of staff.slice(0, 30)) {
      const removal = newId();
      await removals.set(removal, { kind: 'staff', storeId: store.id, person: id, name });
      rows.push([
        { verb: 'staff-remove', id: removal, label: words.say('button-remove', { name: name || words.say('nameless') }) },
      ]);
    }
    const names = staff.map(({ name, since }) =>
      words.say('staff-line', { name: name || words.say('nameless'), time: words.moment(since, store.zone) }),
    );
    const { group, whoMay } = asker.chat;
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

  return {
    command: (_, asker) => list(asker),

    presses: {
      async *'staff-invite'(_, asker, storeId) {
        const { words } = asker;
        const at = await rights.at(storeId, asker);
        if (at?.role !== 'owner') return yield whisper(words.say('owner-only'));
        const word = await members.invite(storeId, asker.person.id);
        const link = parts.link(asker.chat.id, `join-${word}`);
        const facts = { store: at.store.name, word, hours: INVITATION_MS / 3_600_000 };
        const invitation = (theirs: Words): string =>
          link === undefined ? theirs.say('invitation-word', facts) : theirs.say('invitation-link', { ...facts, link });
        if (!asker.chat.group) return yield say(invitation(words));
        // In the group the first reader could take it up.
        await parts.notifyPerson(asker.person.id, invitation);
        yield say(words.say('invitation-sent', { store: at.store.name }));
      },

      async *'staff-remove'(_, asker, id) {
        const { words } = asker;
        const removal = await removals.get(id);
        if (!removal) return yield whisper(words.say('card-gone'));
        const name = removal.name || words.say('nameless');
        if (removal.kind === 'owner') {
          const owners = await accounts.owners(removal.accountId);
          if (!owners.some((owner) => owner.id === asker.person.id)) return yield whisper(words.say('owner-only'));
          await parts.endOwnership(removal.accountId, removal.person);
          return yield say(words.say('owner-removed', { name }));
        }
        const at = await rights.at(removal.storeId, asker);
        if (!at) return yield whisper(words.say('card-gone'));
        if (at.role !== 'owner') return yield whisper(words.say('owner-only'));
        await members.remove(removal.storeId, removal.person);
        yield say(words.say('staff-removed', { name, store: at.store.name }));
      },
    },
  };
}
