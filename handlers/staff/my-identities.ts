/** 我的账号: the linked identities of a person, of which he takes one away again. */
import type { Identities, Identity } from '../../services/accounts/identities.ts';
import type { Collection } from '../../services/collection.ts';
import { channelName } from '../channel-name.ts';
import { byPerson, identityOf, whisper, type Asker, type Presses } from '../handler.ts';
import { asksFirst } from '../keep.ts';
import type { Button, Card, Person } from '../message.ts';
import type { LinkVerb } from '../verb.ts';

export interface MyIdentities {
  /** What is linked, with the buttons to link more and to take one away. */
  screen(asker: Asker): Promise<Card>;
  readonly presses: Presses<Extract<LinkVerb, 'link-drop' | 'link-drop-yes'>>;
}

/** The identity behind a button. */
export type Dropping = Pick<Identity, 'id' | 'name'>;

export function createMyIdentities(parts: {
  identities: Pick<Identities, 'linked'>;
  drops: Collection<Dropping>;
  unlink: (person: string, identity: string, by: ReturnType<typeof byPerson>) => Promise<boolean>;
  /** Closes what a browser has open of a person's books: perhaps by the identity that goes. */
  closeBooks: (person: string) => Promise<void>;
  newId: () => string;
}): MyIdentities {
  const { identities, drops, unlink, closeBooks, newId } = parts;

  const of = async ({ id, name }: Person): Promise<readonly Dropping[]> =>
    (await identities.linked([id])).get(id) ?? [{ id, name }];
  const facts = ({ id, name }: Dropping, { words }: Asker) => ({
    channel: channelName(id, words),
    name: name || words.say('nameless'),
  });

  return {
    async screen(asker) {
      const { words, person } = asker;
      const speaking = identityOf(person);
      const all = await of(person);
      const rows: Button[][] = [[{ verb: 'link-new', id: 'all', label: words.say('button-link-new'), style: 'primary' }]];
      for (const one of all) {
        if (one.id === speaking) continue;
        const id = newId();
        await drops.set(id, { id: one.id, name: one.name });
        rows.push([{ verb: 'link-drop', id, label: words.say('button-link-drop', facts(one, asker)) }]);
      }
      return {
        title: words.say('link-title'),
        fields: all.map((one) => {
          const { channel, name } = facts(one, asker);
          return { label: channel, value: one.id === speaking ? words.say('link-this', { name }) : name };
        }),
        note: words.say('link-about'),
        buttons: rows,
      };
    },

    presses: {
      /** 解除: asks first. */
      async *'link-drop'(_, asker, id) {
        const { words, person } = asker;
        const one = await drops.get(id);
        if (!one || !(await of(person)).some((own) => own.id === one.id)) return yield whisper(words.say('card-gone'));
        const label = words.say('button-link-drop-yes');
        yield asksFirst(words.say('link-drop-question', facts(one, asker)), { verb: 'link-drop-yes', id, label }, words);
      },

      /** 确定解除. */
      async *'link-drop-yes'(_, asker, id) {
        const { words, person } = asker;
        const one = await drops.get(id);
        if (!one || one.id === identityOf(person) || !(await unlink(person.id, one.id, byPerson(person))))
          return yield whisper(words.say('card-gone'));
        await drops.delete(id);
        await closeBooks(person.id);
        yield { kind: 'replace', card: { title: words.say('link-dropped', facts(one, asker)), fields: [], buttons: [] } };
      },
    },
  };
}
