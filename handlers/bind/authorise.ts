/** Binds by OAuth: sends the link to the platform's authorisation page, and takes its answer. */
import type { Words } from '../../locales/index.ts';
import type { PlatformClients } from '../../services/platforms/client.ts';
import { PlatformFault, type PlatformName } from '../../services/platforms/platform.ts';
import type { Collection } from '../../services/collection.ts';
import { dialogueOf, type BindDialogue, type Login } from './login.ts';
import type { Applicant, Grants } from './grants.ts';
import type { Content, Incoming, Reply } from '../message.ts';
import type { SaveAccount } from '../notify/owners.ts';
import type { NotifyPerson } from '../notify/people.ts';
import { identityOf, say, type Asker } from '../handler.ts';

/** A pending authorisation, by the word in its link: the applicant, the chat and the dialogue that waits. */
export interface Away extends Applicant {
  readonly dialogue: string;
}

/** A browser that went on to the platform's page, by the OAuth state that comes back with it. */
export interface Trip {
  /** The word of the link it went by. */
  readonly word: string;
  /** The browser's identity, as in `Grant.browser`. */
  readonly browser: string;
}

/** The lifetime of a pending authorisation; the platforms' answers are valid for as long. */
export const AWAY_MS = 10 * 60_000;

export interface Authorise {
  /** Sends the link to the page: for one person, one chat and one use, to that person alone. */
  link(platform: PlatformName, dialogue: BindDialogue, incoming: Incoming, asker: Asker): AsyncIterable<Reply>;
  /** Redeems the platform's answer, and goes on where the dialogue was left. */
  back(content: Extract<Content, { kind: 'authorised' }>, incoming: Incoming, asker: Asker): AsyncIterable<Reply>;
}

export function createAuthorise(parts: {
  saveAccount: SaveAccount;
  clients: PlatformClients;
  dialogues: Collection<BindDialogue>;
  away: Collection<Away>;
  grants: Pick<Grants, 'settle'>;
  login: Login;
  newId: () => string;
  /** Our page that asks before it leads on to the platform's. */
  pageOf: (platform: PlatformName, word: string) => string;
  notifyPerson: NotifyPerson;
}): Authorise {
  const { saveAccount, clients, dialogues, away, grants, login, newId } = parts;
  return {
    async *link(platform, dialogue, { chat, group, title, topic }, asker) {
      const { words, person } = asker;
      const word = newId() + newId();
      await dialogues.set(dialogueOf(asker), dialogue);
      await away.set(word, {
        platform,
        dialogue: dialogue.id,
        chat: { chat, group, title, ...(topic !== undefined && { topic }) },
        person,
      });
      const link = parts.pageOf(platform, word);
      const facts = (theirs: Words) => ({ platform: theirs.say(`platform-${platform}`), minutes: AWAY_MS / 60_000, link });
      if (!group) return yield say(words.say('bind-authorise', facts(words)));
      // With the link anybody in the group could bind it to a shop of his own.
      await parts.notifyPerson(identityOf(person), (theirs) =>
        theirs.say('bind-authorise-group', { ...facts(theirs), group: title }),
      );
      yield say(words.say('bind-authorise-sent', { platform: words.say(`platform-${platform}`) }));
    },

    async *back({ platform, answer, dialogue: id, grant }, incoming, asker) {
      const { words, person } = asker;
      const dialogue = await dialogues.get(dialogueOf(asker));
      if (dialogue?.id !== id) {
        await grants.settle(grant, 'failed');
        return yield say(words.say('bind-not-yours'));
      }
      try {
        const granted = await clients.redeem(platform, answer);
        if (granted.kind === 'refused') {
          await grants.settle(grant, 'failed');
          return yield* login.failed('bind-authorise-refused', dialogue, asker);
        }
        // Saved before the next call: the platform's answer is valid once.
        const { identity, credentials } = granted;
        const proven = { platform, identity, credentials: { ...credentials, owner: person.id } };
        const account = await saveAccount(proven, incoming, person);
        await grants.settle(grant, { accountId: account.id, newOwner: account.newOwner });
        yield* login.storesOf(account, dialogue, incoming, asker);
      } catch (error) {
        if (!(error instanceof PlatformFault)) throw error;
        await grants.settle(grant, 'failed');
        yield* login.failed('bind-authorise-lost', dialogue, asker);
      }
    },
  };
}
