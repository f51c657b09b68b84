/** Binding where the merchant says yes on the platform's own page: the link, and what comes back from there. */
import type { Accounts } from '../services/accounts/accounts.ts';
import type { Counters } from '../services/platforms/access.ts';
import { PlatformFault, type Authorisation, type PlatformName } from '../services/platforms/platform.ts';
import type { Collection } from '../services/store/expiring.ts';
import { dialogueOf, type BindDialogue, type BindLogin } from './bind-login.ts';
import type { Content, Incoming, Person, Reply } from './message.ts';
import { say, type Who } from './who.ts';

/** Who is away on a platform's page, and where they are awaited. */
export interface Away {
  readonly platform: PlatformName;
  readonly dialogue: string;
  readonly chat: Pick<Incoming, 'chat' | 'group' | 'title'>;
  readonly person: Person;
}

/** How long a platform's page may take; its answers are good for as long. */
export const AWAY_MS = 10 * 60_000;

export interface BindAuthorise {
  /** The link to the page: for one person, one chat and one use. */
  link(
    authorisation: Authorisation,
    platform: PlatformName,
    dialogue: BindDialogue,
    incoming: Incoming,
    who: Who,
  ): AsyncIterable<Reply>;
  /** They came back: goes on where the dialogue was left. */
  back(content: Extract<Content, { kind: 'authorised' }>, incoming: Incoming, who: Who): AsyncIterable<Reply>;
}

export function createBindAuthorise(parts: {
  accounts: Accounts;
  counters: Counters;
  dialogues: Collection<BindDialogue>;
  away: Collection<Away>;
  login: BindLogin;
  newId: () => string;
}): BindAuthorise {
  const { accounts, counters, dialogues, away, login, newId } = parts;
  return {
    async *link(authorisation, platform, dialogue, { chat, group, title }, who) {
      const state = newId() + newId();
      await dialogues.set(dialogueOf(who), dialogue);
      await away.set(state, { platform, dialogue: dialogue.id, chat: { chat, group, title }, person: who.person });
      const facts = { platform: who.words.say(`platform-${platform}`), minutes: AWAY_MS / 60_000 };
      yield say(who.words.say('bind-authorise', { ...facts, link: authorisation.page(state) }));
    },

    async *back({ platform, answer, dialogue: id }, incoming, who) {
      const { words, person } = who;
      const dialogue = await dialogues.get(dialogueOf(who));
      if (dialogue?.id !== id) return yield say(words.say('bind-not-yours'));
      try {
        const granted = await counters.redeem(platform, answer);
        if (granted.kind === 'refused') return yield* login.failed('bind-authorise-refused', dialogue, who);
        // Kept before anything else is asked: the platform's answer is good for one use.
        const { identity, credentials } = granted;
        const account = await accounts.save({ platform, identity, credentials: { ...credentials, owner: person.id } }, person);
        yield* login.storesOf(account, dialogue, incoming, who);
      } catch (error) {
        if (!(error instanceof PlatformFault)) throw error;
        yield* login.failed('bind-authorise-lost', dialogue, who);
      }
    },
  };
}
