/** The login step of binding: proves the credentials, saves the account, and offers its stores; each failure offers a next step. */
import type { Account } from '../../services/accounts/accounts.ts';
import type { Enrolment } from '../../services/accounts/enrolment.ts';
import { SIMULATED } from '../../services/platforms/names.ts';
import type { PlatformClient } from '../../services/platforms/client.ts';
import {
  PlatformAbsent,
  PlatformFault,
  type PlatformName,
  type PlatformStore,
  type Question,
  type Refusal,
} from '../../services/platforms/platform.ts';
import type { Collection } from '../../services/collection.ts';
import { maskEmail, storeButtons } from './choices.ts';
import type { AddAccount } from './add-account.ts';
import { changes, secrecy } from './questions.ts';
import type { Button, Incoming, Person, Reply } from '../message.ts';
import { PROVE_DAYS, type SaveAccount } from '../notify/owners.ts';
import { faultText, refusalText } from '../cards/refusal.ts';
import type { StraySecrets } from './stray-secrets.ts';
import { say, type Asker } from '../handler.ts';

/** A platform's words that say no more than the program's own sentence about a wrong password. */
const WRONG_PASSWORD = /密码|password|^(登录失败|error|fail(ed)?)$/i;

/** Stores that are named where they cannot be bound. */
const MOST_NAMES = 5;

/** The state of a dialogue. Stored sealed, for ten minutes after each step. */
export interface BindDialogue {
  /** Tells its buttons from those of an earlier dialogue. */
  readonly id: string;
  readonly platform?: PlatformName;
  /** Answers so far, by question; they hold a password until the login was tried. */
  readonly answers: Readonly<Record<string, string>>;
  /** The question that is open. */
  readonly asking?: string;
  /** The account whose stores are offered. */
  readonly accountId?: string;
  /** Another store of the same account is wanted. */
  readonly switching?: true;
  readonly stores?: readonly PlatformStore[];
}

/** The key of a dialogue: one for each person in each chat. */
export const dialogueOf = (asker: Asker): string => `${asker.chat.id}|${asker.person.id}`;

export interface Login {
  logIn(dialogue: BindDialogue, platform: PlatformName, incoming: Incoming, asker: Asker): AsyncIterable<Reply>;
  /** Offers the stores of a saved account, without its credentials being typed again. */
  storesOf(account: Account, dialogue: BindDialogue, incoming: Incoming, asker: Asker): AsyncIterable<Reply>;
  /** Says what went wrong, and offers to begin the step again. */
  failed(what: 'bind-authorise-refused' | 'bind-authorise-lost', dialogue: BindDialogue, asker: Asker): AsyncIterable<Reply>;
}

export function createLogin(parts: {
  saveAccount: SaveAccount;
  enrolment: Enrolment;
  clientOf: (accountId: string) => Promise<PlatformClient>;
  dialogues: Collection<BindDialogue>;
  addAccount: Pick<AddAccount, 'choose'>;
  secrets: Pick<StraySecrets, 'asked' | 'right'>;
  questionsOf: (platform: PlatformName) => readonly Question[];
  /** Where newcomers are reviewed: whether this person was not let in yet. */
  stopped: ((person: Person) => Promise<boolean>) | undefined;
}): Login {
  const { saveAccount, enrolment, clientOf, dialogues, addAccount, secrets, questionsOf } = parts;

  /** Saves the dialogue and says what went wrong, with a button for the next step. */
  async function* failed(text: string, dialogue: BindDialogue, on: Button, asker: Asker): AsyncIterable<Reply> {
    await dialogues.set(dialogueOf(asker), dialogue);
    const leave: Button = { verb: 'bind-leave', id: dialogue.id, label: asker.words.say('button-cancel') };
    yield { kind: 'say', text, buttons: [[{ ...on, style: 'primary' }, leave]] };
  }

  /** Offers a retry with all answers kept. */
  const later = (text: string, dialogue: BindDialogue, asker: Asker): AsyncIterable<Reply> => {
    const again: Button = { verb: 'bind-retry', id: dialogue.id, label: asker.words.say('button-retry') };
    return failed(text, dialogue, again, asker);
  };
  const unreached = ({ kind }: PlatformFault, dialogue: BindDialogue, asker: Asker): AsyncIterable<Reply> =>
    later(asker.words.say(kind === 'nonsense' ? 'bind-nonsense' : 'bind-unreachable'), dialogue, asker);

  const wordsFor = (
    refusal: Refusal,
    platform: PlatformName,
    answers: BindDialogue['answers'],
    { words, store }: Asker,
  ): string => {
    if (refusal.reason !== 'unauthorised') return refusalText(refusal, words, store?.zone ?? 'Asia/Shanghai');
    const asked = questionsOf(platform).map(({ name }) => name);
    const unsaid = refusal.words === undefined || WRONG_PASSWORD.test(refusal.words);
    if (unsaid && asked.includes('email') && asked.includes('password'))
      return words.say('bind-wrong-password', { email: maskEmail(answers['email'] ?? '') });
    return words.say('bind-refused', { why: refusal.words ?? words.say('bind-unexplained') });
  };

  /** Asks for the secret again. The other answers are kept, and can be changed. */
  async function* refused(
    refusal: Refusal,
    platform: PlatformName,
    tried: BindDialogue,
    incoming: Incoming,
    asker: Asker,
  ): AsyncIterable<Reply> {
    const { words } = asker;
    const questions = questionsOf(platform);
    const secret = questions.find((question) => question.secret);
    const open = Object.entries(tried.answers).filter(([name]) => name !== secret?.name);
    const dialogue = { ...tried, answers: Object.fromEntries(open), ...(secret && { asking: secret.name }) };
    await dialogues.set(dialogueOf(asker), dialogue);
    await secrets.asked(asker);
    const change = changes(questions, dialogue.answers, dialogue.id, words);
    const retype: Button = { verb: 'bind-retry', id: dialogue.id, label: words.say('button-retype'), style: 'primary' };
    const leave: Button = { verb: 'bind-leave', id: dialogue.id, label: words.say('button-cancel') };
    const why = wordsFor(refusal, platform, tried.answers, asker);
    const again = secret && words.say('bind-type-again', { secret: words.say(`secret-${secret.name}`) });
    yield {
      kind: 'say',
      text: again === undefined ? why : `${why}\n${again}`,
      buttons: [[retype, leave], ...(change.length > 0 ? [change] : [])],
      ...(secret && { ask: 'secret' as const, secrecy: secrecy(incoming.group, words) }),
    };
  }

  /** Offers the stores that can be bound as buttons; where there is none, says what to do. */
  async function* chooseStore(
    dialogue: BindDialogue,
    stores: readonly PlatformStore[],
    incoming: Incoming,
    asker: Asker,
  ): AsyncIterable<Reply> {
    const { words } = asker;
    const usable = stores.filter((store) => store.authorised === undefined || store.authorised === 'yes');
    const expired = stores.filter((store) => store.authorised === 'expired');
    if (usable.length === 0) {
      await dialogues.delete(dialogueOf(asker));
      if (expired.length > 0)
        return yield say(
          words.say('bind-all-expired', { stores: expired.map(({ name }) => name).join(words.say('list-comma')) }),
        );
      return yield say(words.say(stores.length === 0 ? 'bind-no-stores' : 'bind-none-authorised'));
    }
    const left = stores.filter((one) => !usable.includes(one)).map(({ name }) => name);
    const names = [...left.slice(0, MOST_NAMES), ...(left.length > MOST_NAMES ? ['…'] : [])].join(words.say('list-comma'));
    const leftOut = left.length > 0 ? [words.say('bind-stores-left-out', { count: left.length, stores: names })] : [];
    const [only, ...others] = usable;
    if (only && others.length === 0) {
      await dialogues.delete(dialogueOf(asker));
      // Nothing else could be chosen: it is said, with what to do for another store.
      if (dialogue.switching && asker.store?.accountId === dialogue.accountId && asker.store?.externalId === only.id)
        return yield say([words.say('store-only', { store: asker.store.name }), ...leftOut].join('\n'));
      return yield* addAccount.choose(dialogue.accountId ?? '', only, incoming, asker);
    }
    await dialogues.set(dialogueOf(asker), { ...dialogue, stores: usable });
    const now = asker.store && words.say('bind-store-now', { store: asker.store.name });
    const text = [...(now === undefined ? [] : [now]), words.say('bind-choose-store'), ...leftOut].join('\n');
    yield { kind: 'say', text, buttons: storeButtons(usable, 0, dialogue.id, words) };
  }

  return {
    async *logIn(answered, platform, incoming, asker) {
      const { words, person } = asker;
      const { asking: _, ...dialogue } = answered;
      // However the credentials came, and whenever the dialogue was opened.
      if (platform !== SIMULATED && (await parts.stopped?.(person))) {
        await dialogues.delete(dialogueOf(asker));
        return yield say(words.say('apply-first'));
      }
      yield say(words.say('bind-logging-in'));
      try {
        const credentials = { ...dialogue.answers, owner: person.id };
        const enrolled = await enrolment.enrol(platform, credentials, person.id);
        if (enrolled.kind === 'paused')
          return yield* later(words.say('bind-pause', { minutes: minutes(enrolled) }), dialogue, asker);
        if (enrolled.kind === 'under-way') return yield* later(words.say('bind-under-way'), dialogue, asker);
        if (enrolled.kind === 'owned') return yield* later(words.say('bind-owned'), dialogue, asker);
        if (enrolled.kind === 'refused') return yield* refused(enrolled, platform, dialogue, incoming, asker);
        if (questionsOf(platform).some(({ secret }) => secret)) await secrets.right(asker);
        const account = await saveAccount({ platform, identity: enrolled.identity, credentials }, incoming, person);
        if (account.secretChanged && account.others.length > 0) {
          const names = account.others.map(({ name }) => name || words.say('nameless')).join(words.say('list-comma'));
          yield say(words.say('bind-secret-changed', { names, days: PROVE_DAYS }));
        }
        yield* chooseStore({ ...dialogue, answers: {}, accountId: account.id }, enrolled.stores, incoming, asker);
      } catch (error) {
        if (!(error instanceof PlatformFault)) throw error;
        yield* unreached(error, dialogue, asker);
      }
    },

    failed: (what, dialogue, asker) => later(asker.words.say(what), dialogue, asker),

    async *storesOf(account, dialogue, incoming, asker) {
      const { id, switching } = dialogue;
      const chosen: BindDialogue = { id, answers: {}, accountId: account.id, ...(switching && { switching }) };
      try {
        yield* chooseStore(chosen, await (await clientOf(account.id)).stores(), incoming, asker);
      } catch (error) {
        if (!(error instanceof PlatformFault)) throw error;
        if (error instanceof PlatformAbsent)
          return yield say(faultText(error, asker.words, asker.store?.zone ?? 'Asia/Shanghai'));
        if (error.kind !== 'unauthorised') return yield* unreached(error, chosen, asker);
        const anew: Button = { verb: 'bind-account', id: `${dialogue.id}-new`, label: asker.words.say('button-new-account') };
        yield* failed(asker.words.say('bind-account-refused'), { id: dialogue.id, answers: {} }, anew, asker);
      }
    },
  };
}

const minutes = ({ ms }: { readonly ms: number }): number => Math.ceil(ms / 60_000);
