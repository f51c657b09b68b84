/** 绑定: a dialogue that asks for a platform, its credentials and a store, one question at a time. */
import type { Account, Accounts } from '../../services/accounts/accounts.ts';
import type { Stores } from '../../services/accounts/stores.ts';
import { PLATFORM_NAMES, type Platform, type PlatformName } from '../../services/platforms/platform.ts';
import type { Collection } from '../../services/database/collections.ts';
import type { BindAuthorise } from './authorise.ts';
import { accountButtons, platformButtons, storeButtons } from './choices.ts';
import { createBindAnswers, type BindAnswers } from './answers.ts';
import { dialogueOf, type BindDialogue, type BindLogin } from './login.ts';
import type { BindListing } from './add-account.ts';
import type { BindStore } from './choose-store.ts';
import type { Incoming, Reply } from '../message.ts';
import type { StraySecrets } from './stray-secrets.ts';
import { say, whisper, type Handler, type Who } from '../handler.ts';

export interface BindParts {
  readonly accounts: Accounts;
  readonly stores: Stores;
  readonly login: BindLogin;
  readonly dialogues: Collection<BindDialogue>;
  readonly bindStore: BindStore;
  readonly bindListing: Pick<BindListing, 'choose'>;
  readonly authorise: BindAuthorise;
  readonly secrets: Pick<StraySecrets, 'asked'>;
  /** Those that this installation is set up for, in the order they are offered, and what each asks for. */
  readonly platforms: readonly Pick<Platform, 'name' | 'questions' | 'authorisation' | 'plainHttp'>[];
  readonly newId: () => string;
}

export interface Bind {
  command: Handler;
  /** A typed message while a dialogue is open. */
  typed: BindAnswers['typed'];
  reminder: BindAnswers['reminder'];
  platform: Handler;
  account: Handler;
  store: Handler;
  /** The merchant came back from a platform's page. */
  authorised: BindAuthorise['back'];
  page: Handler;
  retry: Handler;
  /** Another answer to a question that was answered. */
  change: Handler;
  /** 取消 under a question of the dialogue. */
  left: Handler;
  /** Leaves the dialogue, and says whether there was one. */
  cancel: Handler;
  /** `/store`: the stores of the account this chat is bound with; for staff, in private, those they work in. */
  switchStore: Handler;
}

export function createBind(parts: BindParts): Bind {
  const { accounts, login, dialogues, bindStore, bindListing, authorise, platforms, newId } = parts;
  const { proceed, changed, typed, reminder } = createBindAnswers(parts);
  const platformOf = (name: PlatformName) => platforms.find((platform) => platform.name === name);
  /** A person's accounts at platforms that are offered here. */
  const ownAccounts = async ({ person }: Who): Promise<readonly Account[]> =>
    (await accounts.ownedBy(person.id)).filter(({ platform }) => platformOf(platform));
  const offered = (who: Who, dialogue: string): Reply => ({
    kind: 'say',
    text: who.words.say('bind-choose-platform'),
    buttons: platformButtons(
      platforms.map(({ name }) => name),
      dialogue,
      who.words,
    ),
  });

  /** Runs a step of the dialogue a pressed button belongs to; buttons of others and of old dialogues do nothing. */
  const step = (run: (dialogue: BindDialogue, rest: string, incoming: Incoming, who: Who) => AsyncIterable<Reply>): Handler =>
    async function* pressed(incoming, who, id) {
      const dialogue = await dialogues.get(dialogueOf(who));
      const [of = '', rest = ''] = id.split('-');
      if (dialogue?.id !== of) return yield whisper(who.words.say('bind-not-yours'));
      yield* run(dialogue, rest, incoming, who);
    };

  /** Who works in several stores chooses, in a private chat, which of them it is for. */
  async function* goElsewhere({ group }: Incoming, { words, person }: Who): AsyncIterable<Reply> {
    const own = group ? [] : await parts.stores.ofPerson(person.id);
    if (own.length < 2) return yield say(words.say('owner-only'));
    const buttons = own.slice(0, 20).map(({ id, name }) => [{ verb: 'store', id, label: name }]);
    yield { kind: 'say', text: words.say('bind-choose-store'), buttons };
  }

  return {
    async *command(incoming, who) {
      const no = await bindStore.obstacle(incoming, who);
      if (no) return yield say(who.words.say(no));
      const dialogue: BindDialogue = { id: newId().slice(0, 8), answers: {} };
      await dialogues.set(dialogueOf(who), dialogue);
      const own = await ownAccounts(who);
      if (own.length === 0) return yield offered(who, dialogue.id);
      yield {
        kind: 'say',
        text: who.words.say('bind-choose-account'),
        buttons: accountButtons(own, dialogue.id, who.words),
      };
    },

    typed,
    reminder,

    platform: step(async function* chosen(dialogue, name, incoming, who) {
      const known = PLATFORM_NAMES.find((one) => one === name);
      if (!known) return yield whisper(who.words.say('card-gone'));
      const platform = platformOf(known);
      if (!platform) return yield say(who.words.say('bind-not-set-up', { platform: who.words.say(`platform-${known}`) }));
      yield* proceed({ id: dialogue.id, platform: platform.name, answers: {} }, incoming, who);
    }),

    account: step(async function* chosen(dialogue, index, incoming, who) {
      if (index === 'new') return yield offered(who, dialogue.id);
      const account = (await ownAccounts(who))[Number(index)];
      if (!account) return yield whisper(who.words.say('card-gone'));
      yield* login.storesOf(account, dialogue, incoming, who);
    }),

    store: step(async function* chosen(dialogue, index, incoming, who) {
      const store = dialogue.stores?.[Number(index)];
      if (!store || !dialogue.accountId) return yield whisper(who.words.say('card-gone'));
      await dialogues.delete(dialogueOf(who));
      yield* dialogue.switching
        ? bindStore.bind(dialogue.accountId, store, incoming, who)
        : bindListing.choose(dialogue.accountId, store, incoming, who);
    }),

    authorised: authorise.back,

    page: step(async function* turned(dialogue, page, _, who) {
      const { words } = who;
      const buttons = storeButtons(dialogue.stores ?? [], Number(page) || 0, dialogue.id, words);
      yield { kind: 'settle', card: { title: words.say('bind-choose-store'), fields: [], buttons } };
    }),

    retry: step(async function* again(dialogue, _, incoming, who) {
      const account = dialogue.accountId === undefined ? undefined : await accounts.get(dialogue.accountId);
      yield* account ? login.storesOf(account, dialogue, incoming, who) : proceed(dialogue, incoming, who, true);
    }),

    change: step((dialogue, index, incoming, who) => changed(Number(index), dialogue, incoming, who)),

    left: step(async function* left(_dialogue, _rest, _incoming, who) {
      await dialogues.delete(dialogueOf(who));
      yield { kind: 'settle', card: { title: who.words.say('cancelled'), fields: [], buttons: [] } };
    }),

    async *cancel(incoming, who) {
      if (await dialogues.delete(dialogueOf(who))) return yield say(who.words.say('cancelled'));
      // In a group it may have been said to somebody else.
      if (!incoming.group || incoming.addressed) yield say(who.words.say('nothing-to-cancel'));
    },

    async *switchStore(incoming, who) {
      const { words, store } = who;
      if (!store) return yield say(words.say('unbound'));
      if (who.role !== 'owner') return yield* goElsewhere(incoming, who);
      const account = await accounts.get(store.accountId);
      if (!account) return yield say(words.say('unbound'));
      yield* login.storesOf(account, { id: newId().slice(0, 8), answers: {}, switching: true }, incoming, who);
    },
  };
}
