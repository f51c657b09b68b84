/** 员工: lists a store's owners and staff, invites staff, and removes both. */
import type { Words } from '../../locales/index.ts';
import { INVITATION_MS, type Member, type Members, type WordForm } from '../../services/accounts/members.ts';
import type { Identities } from '../../services/accounts/identities.ts';
import type { Accounts } from '../../services/accounts/accounts.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Ended, NotEnded } from '../../services/lifecycle/end-ownership.ts';
import type { Collection } from '../../services/collection.ts';
import { whoMayButtons } from '../bind/choices.ts';
import { channelNames, isOnPage } from '../channel-name.ts';
import { asksFirst, keepButton } from '../keep.ts';
import type { Button, PersonId, Reply } from '../message.ts';
import type { Rights } from '../rights.ts';
import { told, type NotifyPerson, type Telling } from '../notify/people.ts';
import { byPerson, identityOf, say, whisper, type Asker, type Handler, type Presses, type StoreAsker } from '../handler.ts';
import type { StaffVerb } from '../verb.ts';
import { mayText, type Removal } from './person.ts';

type OwnerRemoval = Extract<Removal, { kind: 'owner' }>;

export interface Staff {
  /** `/staff`: the lists, with buttons to invite and to remove. */
  command: Handler<StoreAsker>;
  readonly presses: Presses<StaffVerb>;
}

/** Staff in one message, each with a button. */
const SHOWN = 30;

export function createStaff(parts: {
  members: Members;
  accounts: Pick<Accounts, 'owners'>;
  identities: Pick<Identities, 'linked'>;
  rights: Rights;
  /** Ends an ownership, and tells whom it concerns in the same transaction. `all`: with what that owner bound and whom they invited. */
  removeOwner: (accountId: string, person: PersonId, by: Asker['person'], all: boolean) => Promise<Ended | NotEnded>;
  removals: Collection<Removal>;
  newId: () => string;
  /** Makes links that carry a word, where the chat's channel has such links. */
  links: (chat: string) => Promise<((word: string) => string) | undefined>;
  notifyPerson: NotifyPerson;
}): Staff {
  const { members, accounts, identities, rights, removeOwner, removals, newId } = parts;
  const linkedOf = (people: readonly { readonly id: string }[]) => identities.linked(people.map(({ id }) => id));

  /** The buttons of a person; without the one that removes where `remove` is undefined. */
  const buttonsOf = async (removal: Removal, manage: string, remove: string | undefined): Promise<Button[]> => {
    const id = newId();
    await removals.set(id, removal);
    return [
      { verb: 'staff-person', id, label: manage },
      ...(remove === undefined ? [] : [{ verb: 'staff-remove', id, label: remove } as const]),
    ];
  };

  interface Lists {
    readonly lines: string[];
    readonly rows: Button[][];
  }

  async function ownersOf(store: Store, { words, person: me }: Asker): Promise<Lists> {
    const { accountId, name, zone } = store;
    const lines: string[] = [];
    const rows: Button[][] = [];
    const owners = await accounts.owners(accountId);
    const linked = await linkedOf(owners);
    lines.push(words.say('owners-title', { store: name, count: owners.length }), mayText('owner', store, words));
    for (const { id, name: known, since, endsAt } of owners) {
      const shown = known || words.say('nameless');
      lines.push(
        words.say('owner-line', { name: shown, channel: channelNames(id, linked, words), time: words.moment(since, zone) }),
      );
      if (endsAt !== undefined) lines.push(words.say('owner-unproven-line', { time: words.moment(endsAt, zone) }));
      // Somebody has to own it.
      const label = id === me.id ? words.say('button-leave') : words.say('button-remove', { name: shown });
      const manage = words.say('button-manage', { name: shown });
      rows.push(
        await buttonsOf({ kind: 'owner', accountId, person: id, name: known }, manage, owners.length > 1 ? label : undefined),
      );
    }
    lines.push('');
    return { lines, rows };
  }

  async function pageOf(staff: readonly Member[], page: number, shop: Store, words: Words): Promise<Lists> {
    const { id: storeId, name: store, zone } = shop;
    const lines = [words.say('staff-title', { store, count: staff.length }), mayText('staff', shop, words)];
    const rows: Button[][] = [];
    const from = page * SHOWN;
    const shown = staff.slice(from, from + SHOWN);
    const linked = await linkedOf(shown);
    for (const { id, name: known, since } of shown) {
      const name = known || words.say('nameless');
      lines.push(words.say('staff-line', { name, channel: channelNames(id, linked, words), time: words.moment(since, zone) }));
      const label = words.say('button-remove', { name });
      rows.push(
        await buttonsOf({ kind: 'staff', storeId, person: id, name: known }, words.say('button-manage', { name }), label),
      );
    }
    const left = staff.length - from - SHOWN;
    if (left > 0)
      rows.push([{ verb: 'staff-page', id: `${storeId}-${page + 1}`, label: words.say('button-staff-more', { count: left }) }]);
    return { lines, rows };
  }

  async function* list(asker: StoreAsker): AsyncIterable<Reply> {
    const { words, store, chat } = asker;
    const owners = await ownersOf(store, asker);
    const staff = await pageOf(await members.staff(store.id), 0, store, words);
    const { group, whoMay } = chat;
    yield {
      kind: 'say',
      text: [...owners.lines, ...staff.lines, ...(group ? [words.say(`who-may-${whoMay}`)] : [])].join('\n'),
      buttons: [
        [{ verb: 'staff-invite', id: store.id, label: words.say('button-invite'), style: 'primary' }],
        ...(group ? [whoMayButtons(words)] : []),
        ...owners.rows,
        ...staff.rows,
        ...(group || isOnPage(chat.id) ? [] : [[{ verb: 'link', id: 'all', label: words.say('button-link') } as const]]),
      ],
    };
  }

  /** Makes an invitation: a link where the chat's channel has links, unless digits are asked for. */
  const inviteBy = (asked: WordForm): Handler =>
    async function* invites(_, asker, storeId) {
      const { words } = asker;
      const at = await rights.at(storeId, asker);
      if (at?.role !== 'owner') return yield whisper(words.say('owner-only'));
      const no = await rights.settles(at.store.accountId, asker);
      if (no) return yield whisper(words.say(no));
      const link = asked === 'link' ? await parts.links(asker.chat.id) : undefined;
      const word = await members.invite(storeId, byPerson(asker.person), link ? 'link' : 'typed');
      const facts = { store: at.store.name, hours: INVITATION_MS / 3_600_000 };
      const invitation: Telling = (theirs) =>
        link
          ? {
              text: theirs.say('invitation-link', { ...facts, link: link(`join-${word}`) }),
              buttons: [[{ verb: 'staff-digits', id: storeId, label: theirs.say('button-digits') }]],
            }
          : theirs.say('invitation-word', { ...facts, word });
      if (!asker.chat.group) return yield told(invitation(words));
      // In the group the first reader could take it up.
      await parts.notifyPerson(identityOf(asker.person), invitation);
      yield say(words.say('invitation-sent', { store: at.store.name }));
    };

  /** The first press on an owner asks what is to become of the rest. */
  async function* askAboutOwner({ accountId, person, name: known }: OwnerRemoval, asker: Asker): AsyncIterable<Reply> {
    const { words } = asker;
    const owners = await accounts.owners(accountId);
    if (!owners.some(({ id }) => id === asker.person.id)) return yield whisper(words.say('owner-only'));
    if (!owners.some(({ id }) => id === person)) return yield whisper(words.say('card-gone'));
    if (owners.length === 1) return yield whisper(words.say('owner-last'));
    const id = newId();
    await removals.set(id, { kind: 'owner', accountId, person, name: known });
    const name = known || words.say('nameless');
    yield {
      kind: 'say',
      text: person === asker.person.id ? words.say('owner-leave-question') : words.say('owner-remove-question', { name }),
      buttons: [
        [{ verb: 'owner-remove', id, label: words.say('button-owner-remove'), style: 'danger' }],
        [{ verb: 'owner-remove-all', id, label: words.say('button-owner-remove-all'), style: 'danger' }],
        [keepButton(words)],
      ],
    };
  }

  /** The second press acts, once. */
  const confirmed = (all: boolean): Handler =>
    async function* confirms(_, { words, person }, id) {
      const asked = await removals.get(id);
      if (asked?.kind !== 'owner') return yield whisper(words.say('card-gone'));
      const ended = await removeOwner(asked.accountId, asked.person, person, all);
      if (ended === 'not-owner') return yield whisper(words.say('owner-only'));
      if (ended === 'gone') return yield whisper(words.say('card-gone'));
      if (ended === 'last') return yield whisper(words.say('owner-last'));
      if (ended === 'unproven') return yield whisper(words.say('owner-unproven'));
      await removals.delete(id);
      const name = asked.name || words.say('nameless');
      const title =
        ended.why === 'left' ? words.say('owner-left') : words.say(all ? 'owner-removed-all' : 'owner-removed', { name });
      yield { kind: 'replace', card: { title, fields: [], buttons: [] } };
    };

  return {
    command: (_, asker) => list(asker),

    presses: {
      'staff-invite': inviteBy('link'),

      /** 改用数字: for staff who cannot open the link, or use another app. */
      'staff-digits': inviteBy('typed'),

      /** The next page of staff. */
      async *'staff-page'(_, asker, id) {
        const [storeId = '', page] = id.split('-');
        const at = await rights.at(storeId, asker);
        if (at?.role !== 'owner') return yield whisper(asker.words.say('owner-only'));
        const staff = await members.staff(storeId);
        const { lines, rows } = await pageOf(staff, Number(page), at.store, asker.words);
        yield staff.length > Number(page) * SHOWN
          ? { kind: 'say', text: lines.join('\n'), buttons: rows }
          : whisper(asker.words.say('card-gone'));
      },

      async *'staff-remove'(_, asker, id) {
        const { words } = asker;
        const removal = await removals.get(id);
        if (!removal) return yield whisper(words.say('card-gone'));
        if (removal.kind === 'owner') return yield* askAboutOwner(removal, asker);
        const at = await rights.at(removal.storeId, asker);
        if (!at) return yield whisper(words.say('card-gone'));
        if (at.role !== 'owner') return yield whisper(words.say('owner-only'));
        const question = words.say('staff-remove-question', {
          name: removal.name || words.say('nameless'),
          store: at.store.name,
        });
        yield asksFirst(question, { verb: 'staff-drop', id, label: words.say('button-remove-yes') }, words);
      },

      async *'staff-drop'(_, asker, id) {
        const { words } = asker;
        const removal = await removals.get(id);
        const at = removal?.kind === 'staff' ? await rights.at(removal.storeId, asker) : undefined;
        if (removal?.kind !== 'staff' || !at) return yield whisper(words.say('card-gone'));
        if (at.role !== 'owner') return yield whisper(words.say('owner-only'));
        await members.remove(removal.storeId, removal.person, byPerson(asker.person));
        const name = removal.name || words.say('nameless');
        const title = words.say('staff-removed', { name, store: at.store.name });
        yield { kind: 'replace', card: { title, fields: [], buttons: [] } };
      },

      /** 只移除他: chats and staff stay. */
      'owner-remove': confirmed(false),

      /** 一起移除: with the chats that this owner bound and the staff they invited. */
      'owner-remove-all': confirmed(true),
    },
  };
}
