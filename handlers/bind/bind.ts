/** 绑定: the dialogue that asks for a platform, its credentials and a store, one question at a time. */
import type { Account, Accounts } from '../../services/accounts/accounts.ts';
import type { Stores } from '../../services/accounts/stores.ts';
import { readCodes } from '../../services/coupons/read-text.ts';
import { PLATFORM_NAMES, type Platform, type PlatformName } from '../../services/platforms/platform.ts';
import type { Collection } from '../../services/collection.ts';
import type { Authorise } from './authorise.ts';
import { accountButtons, platformButtons, storeButtons } from './choices.ts';
import { createAnswers, type Answers } from './answers.ts';
import { dialogueOf, type BindDialogue, type Login } from './login.ts';
import type { AddAccount } from './add-account.ts';
import type { ChooseStore } from './choose-store.ts';
import type { Button, Incoming, PersonId, Reply } from '../message.ts';
import type { StraySecrets } from './stray-secrets.ts';
import { identityOf, say, whisper, type Asker, type Handler, type Presses } from '../handler.ts';
import { unbound } from '../unbound.ts';
import type { BindVerb } from '../verb.ts';

export interface BindParts {
  readonly accounts: Accounts;
  readonly stores: Stores;
  readonly login: Login;
  readonly dialogues: Collection<BindDialogue>;
  readonly bindStore: ChooseStore;
  readonly addAccount: Pick<AddAccount, 'choose'>;
  readonly authorise: Authorise;
  readonly secrets: Pick<StraySecrets, 'asked'>;
  /** The platforms that this installation is set up for, in the order of the offer, with their questions. */
  readonly platforms: readonly Pick<Platform, 'name' | 'questions' | 'authorisation' | 'plainHttp'>[];
  /** Real platforms are left out of them, and people are told why. */
  readonly onlyPractice: boolean;
  /** Those who run this installation are told of the platforms that are not set up, and of their settings. */
  readonly operators: readonly PersonId[];
  readonly settings: Readonly<Record<PlatformName, string>>;
  readonly newId: () => string;
}

export interface Bind {
  command: Handler;
  /** Takes a typed message while a dialogue is open. */
  typed: Answers['typed'];
  reminder: Answers['reminder'];
  /** Goes on after the merchant came back from a platform's page. */
  authorised: Authorise['back'];
  readonly presses: Presses<BindVerb>;
  /** `/cancel`: leaves the dialogue, and says whether there was one. */
  cancel: Handler;
  /** `/store`: offers the stores of the chat's account to the owner, and to staff, in private, the stores they work in. */
  switchStore: Handler;
}

export function createBind(parts: BindParts): Bind {
  const { accounts, login, dialogues, bindStore, addAccount, authorise, platforms, newId } = parts;
  const { proceed, changed, typed, reminder } = createAnswers(parts);
  const platformOf = (name: PlatformName) => platforms.find((platform) => platform.name === name);
  /** A person's accounts at platforms that are offered here. */
  const ownAccounts = async ({ person }: Asker): Promise<readonly Account[]> =>
    (await accounts.ownedBy(person.id)).filter(({ platform }) => platformOf(platform));
  const offered = ({ person, chat, words }: Asker, dialogue: string): Reply => {
    const lacking = PLATFORM_NAMES.filter((name) => !platformOf(name)).map((name) =>
      words.say('bind-lacking', { platform: words.say(`platform-${name}`), settings: parts.settings[name] }),
    );
    const told = lacking.length > 0 && !chat.group && parts.operators.includes(identityOf(person));
    const only = parts.onlyPractice ? [words.say('bind-only-practice')] : [];
    return {
      kind: 'say',
      text: [...only, words.say('bind-choose-platform'), ...(told ? ['', words.say('bind-lacking-title'), ...lacking] : [])].join(
        '\n',
      ),
      buttons: platformButtons(
        platforms.map(({ name }) => name),
        dialogue,
        words,
      ),
    };
  };

  /** Offers what is to be chosen now: a store, an account, or a platform. */
  async function choices({ id, stores }: BindDialogue, asker: Asker): Promise<Reply> {
    const { words } = asker;
    if (stores) return { kind: 'say', text: words.say('bind-choose-store'), buttons: storeButtons(stores, 0, id, words) };
    const own = await ownAccounts(asker);
    if (own.length === 0) return offered(asker, id);
    return { kind: 'say', text: words.say('bind-choose-account'), buttons: accountButtons(own, id, words) };
  }

  /** A code while a choice is open and no store is bound yet: it is not lost sight of, and the choice is offered again. */
  async function* codeFirst(dialogue: BindDialogue, asker: Asker): AsyncIterable<Reply> {
    yield say(asker.words.say('bind-code-first'));
    if (dialogue.stores || dialogue.platform === undefined) yield await choices(dialogue, asker);
    else yield say(asker.words.say('bind-still-asking'));
  }

  /** Runs a step of the presser's open dialogue. Buttons of other people and of earlier dialogues are refused. */
  const step = (run: (dialogue: BindDialogue, rest: string, incoming: Incoming, asker: Asker) => AsyncIterable<Reply>): Handler =>
    async function* pressed(incoming, asker, id) {
      const dialogue = await dialogues.get(dialogueOf(asker));
      const [of = '', rest = ''] = id.split('-');
      if (dialogue?.id !== of) return yield whisper(asker.words.say('bind-not-yours'));
      yield* run(dialogue, rest, incoming, asker);
    };

  /** Offers staff of several stores the one that their private chat is for. */
  async function* goElsewhere({ group }: Incoming, { words, person }: Asker): AsyncIterable<Reply> {
    const own = group ? [] : await parts.stores.ofPerson(person.id);
    if (own.length < 2) return yield say(words.say('owner-only'));
    const buttons = own.slice(0, 20).map(({ id, name }): Button[] => [{ verb: 'store', id, label: name }]);
    yield { kind: 'say', text: words.say('bind-choose-store'), buttons };
  }

  return {
    async *command(incoming, asker) {
      const no = await bindStore.obstacle(incoming, asker);
      if (no) return yield say(asker.words.say(no));
      const dialogue: BindDialogue = { id: newId().slice(0, 8), answers: {} };
      await dialogues.set(dialogueOf(asker), dialogue);
      yield await choices(dialogue, asker);
    },

    async typed(incoming, asker, text, command) {
      const taken = await typed(incoming, asker, text, command);
      if (taken || command || asker.store || readCodes(text).codes.length === 0) return taken;
      const dialogue = await dialogues.get(dialogueOf(asker));
      return dialogue && codeFirst(dialogue, asker);
    },
    reminder,

    authorised: authorise.back,

    presses: {
      'bind-platform': step(async function* chosen(dialogue, name, incoming, asker) {
        const known = PLATFORM_NAMES.find((one) => one === name);
        if (!known) return yield whisper(asker.words.say('card-gone'));
        const platform = platformOf(known);
        if (!platform && parts.onlyPractice) return yield say(asker.words.say('bind-only-practice'));
        if (!platform) return yield say(asker.words.say('bind-not-set-up', { platform: asker.words.say(`platform-${known}`) }));
        yield* proceed({ id: dialogue.id, platform: platform.name, answers: {} }, incoming, asker);
      }),

      'bind-account': step(async function* chosen(dialogue, index, incoming, asker) {
        if (index === 'new') return yield offered(asker, dialogue.id);
        const account = (await ownAccounts(asker))[Number(index)];
        if (!account) return yield whisper(asker.words.say('card-gone'));
        yield* login.storesOf(account, dialogue, incoming, asker);
      }),

      'bind-store': step(async function* chosen(dialogue, index, incoming, asker) {
        const store = dialogue.stores?.[Number(index)];
        if (!store || !dialogue.accountId) return yield whisper(asker.words.say('card-gone'));
        await dialogues.delete(dialogueOf(asker));
        yield* dialogue.switching
          ? bindStore.bind(dialogue.accountId, store, incoming, asker)
          : addAccount.choose(dialogue.accountId, store, incoming, asker);
      }),

      'bind-page': step(async function* turned(dialogue, page, _, asker) {
        const { words } = asker;
        const buttons = storeButtons(dialogue.stores ?? [], Number(page) || 0, dialogue.id, words);
        yield { kind: 'replace', card: { title: words.say('bind-choose-store'), fields: [], buttons } };
      }),

      'bind-retry': step(async function* again(dialogue, _, incoming, asker) {
        const account = dialogue.accountId === undefined ? undefined : await accounts.get(dialogue.accountId);
        yield* account ? login.storesOf(account, dialogue, incoming, asker) : proceed(dialogue, incoming, asker, true);
      }),

      /** Another answer to a question that was answered. */
      'bind-change': step((dialogue, index, incoming, asker) => changed(Number(index), dialogue, incoming, asker)),

      /** 取消 under a question of the dialogue. */
      'bind-leave': step(async function* left(_dialogue, _rest, _incoming, asker) {
        await dialogues.delete(dialogueOf(asker));
        yield { kind: 'replace', card: { title: asker.words.say('cancelled'), fields: [], buttons: [] } };
      }),
    },

    async *cancel(incoming, asker) {
      if (await dialogues.delete(dialogueOf(asker))) return yield say(asker.words.say('cancelled'));
      // In a group the word may have been meant for somebody else.
      if (!incoming.group || incoming.addressed) yield say(asker.words.say('nothing-to-cancel'));
    },

    async *switchStore(incoming, asker) {
      const { store } = asker;
      if (!store) return yield unbound(asker);
      if (asker.role !== 'owner') return yield* goElsewhere(incoming, asker);
      const account = await accounts.get(store.accountId);
      if (!account) return yield unbound(asker);
      yield* login.storesOf(account, { id: newId().slice(0, 8), answers: {}, switching: true }, incoming, asker);
    },
  };
}
