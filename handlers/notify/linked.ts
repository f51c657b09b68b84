/** Links two identities, and tells the other owners with a button to remove that person. */
import { isLocale, words as wordsIn, type Locale, type Words } from '../../locales/index.ts';
import type { Linked, LinkPeople, NotLinked } from '../../services/lifecycle/link-people.ts';
import type { Collection } from '../../services/collection.ts';
import { channelName } from '../channel-name.ts';
import { byPerson } from '../handler.ts';
import type { Outgoing, Person } from '../message.ts';
import type { LinkOffer } from '../staff/link.ts';
import type { Removal } from '../staff/person.ts';

/** Writes messages in the transaction of what they tell. */
type Put = (tx: Parameters<Parameters<LinkPeople['link']>[3]>[0], messages: readonly Outgoing[]) => Promise<void>;

export function createLinkAndTell(parts: {
  linkPeople: Pick<LinkPeople, 'link'>;
  put: Put;
  removals: Collection<Removal>;
  defaultLocale: Locale;
  newId: () => string;
}) {
  const { linkPeople, put, removals, defaultLocale, newId } = parts;

  const told = ({ first, second }: LinkOffer, id: string, words: Words): Outgoing['reply'] => {
    const name = first.name || words.say('nameless');
    const text = words.say('told-linked', {
      person: name,
      channel: channelName(first.identity, words),
      other: second.name || words.say('nameless'),
      otherChannel: channelName(second.identity, words),
    });
    const label = words.say('button-remove', { name });
    return { kind: 'say', text, buttons: [[{ verb: 'staff-remove', id, label, style: 'danger' }]] };
  };
  /** A button for each account, and its id. */
  const withButtons = ({ at }: Linked) =>
    [...new Map(at.map((role) => [role.accountId, role])).values()].map((role) => ({ ...role, id: newId() }));

  return async (offer: LinkOffer, person: Person): Promise<Linked | NotLinked> => {
    const { first, second, asked } = offer;
    let buttons: ReturnType<typeof withButtons> = [];
    const linked = await linkPeople.link(
      { id: first.identity, name: first.name },
      { id: second.identity, name: second.name },
      { asked, by: byPerson(person) },
      async (tx, now) => {
        buttons = withButtons(now);
        const messages = buttons.flatMap(({ id, others }) =>
          others.map(({ chat, locale }) => ({
            key: `linked:${id}:${chat}`,
            chat,
            reply: told(offer, id, wordsIn(isLocale(locale) ? locale : defaultLocale)),
          })),
        );
        await put(tx, messages);
      },
    );
    if (typeof linked === 'string') return linked;
    const named = { person: linked.person, name: first.name };
    for (const { id, accountId, storeId } of buttons)
      await removals.set(
        id,
        storeId === undefined ? { kind: 'owner', accountId, ...named } : { kind: 'staff', storeId, ...named },
      );
    return linked;
  };
}
