/** Routes an event: finds the chat and the person, then runs the one handler that answers. The front door of all handlers. */
import type { Locale } from '../locales/index.ts';
import type { Chats } from '../services/accounts/chats.ts';
import type { Members } from '../services/accounts/members.ts';
import type { Identities } from '../services/accounts/identities.ts';
import type { Store, Stores } from '../services/accounts/stores.ts';
import { readCodes } from '../services/coupons/read-text.ts';
import type { Bind } from './bind/bind.ts';
import { FOR_VISITORS, isStoreCommand, mayBeTalk, type CommandName, type StoreCommand, type Typed } from './commands.ts';
import { isForCustomers, isForCustomersAlone } from './channel-name.ts';
import type { Guard } from './guard.ts';
import { readCommand } from './spoken/read-command.ts';
import { isClosing, isOffered, readTalk, type AnswerTalk, type Talk } from './spoken/small-talk.ts';
import type { Edits } from './coupon/edits.ts';
import type { FindCoupon } from './coupon/find-coupon.ts';
import { chatStatusSentence } from './help.ts';
import { newcomersLocale } from './language.ts';
import type { Joining } from './bind/join.ts';
import type { Incoming, Reply } from './message.ts';
import { createRecognise } from './recognise.ts';
import type { ReadPhoto } from './coupon/read-photo.ts';
import type { StraySecrets } from './bind/stray-secrets.ts';
import type { Entry } from './self-service/entry.ts';
import type { TypedAnswers } from './self-service/typed.ts';
import type { StrangerLimit } from './stranger-limit.ts';
import { unbound } from './unbound.ts';
import { byPerson, say, whisper, type Asker, type Handler, type Presses, type StoreAsker } from './handler.ts';
import type { RunVerb, Verb } from './verb.ts';

export interface AnswerParts {
  readonly chats: Chats;
  readonly members: Members;
  readonly identities: Pick<Identities, 'personOf'>;
  readonly stores: Pick<Stores, 'get'>;
  readonly defaultLocale: Locale;
  readonly commands: Commands;
  readonly guard: Guard;
  /** The handlers of all buttons but those that run a command. */
  readonly presses: Presses<Exclude<Verb, RunVerb>>;
  readonly bind: Bind;
  readonly straySecrets: Pick<StraySecrets, 'caught'>;
  readonly answerTalk: AnswerTalk;
  readonly edits: Edits;
  readonly findCoupon: FindCoupon;
  readonly readPhoto: ReadPhoto;
  readonly join: Joining['join'];
  readonly strangers: StrangerLimit;
  readonly entry: Entry;
  readonly selfServiceTyped: Pick<TypedAnswers, 'take'>;
}

/** The handlers of commands. Those for a chat with a store run behind the guard, and are given the store. */
export type Commands = { readonly [N in CommandName]: Handler<N extends StoreCommand ? StoreAsker : Asker> };

/** Answers one event. Throws only for defects of ours; the inbox apologises. */
export type Answer = (incoming: Incoming) => AsyncIterable<Reply>;

/** Tells a customer that staff verify coupons at this store. */
const visitorAnswer = ({ words }: Asker, { name }: Store): Reply => say(words.say('customer-answer', { store: name }));

/** The commands that greet a guest. */
const MEETS: ReadonlySet<CommandName> = new Set(['start', 'help']);
/** The commands of a person without a store that a channel for customers carries out all the same. */
const NEWCOMERS: ReadonlySet<CommandName> = new Set(['bind', 'link', 'language', 'cancel']);

/** The person as in the chat's own store: binding and unbinding are not about a place that is visited. */
const atHome = (asker: Asker): Asker =>
  asker.visit ? { ...asker, store: asker.chat.store, visit: undefined, role: 'stranger' } : asker;
const ABOUT_CHAT: ReadonlySet<CommandName> = new Set(['bind', 'unbind', 'store']);

const hasStore = (asker: Asker): asker is StoreAsker => asker.store !== undefined;

/** An invitation: the word of a link, or digits: eight, or the six of earlier versions. */
const JOIN = /^(?:join-|加入\s*|join\s+)?([0-9a-f]{32}|\d{8}|\d{6})$/i;

/** Tells what a group's members said to each other. */
const overheard = ({ group, addressed }: Incoming): boolean => group && !addressed;

/**
 * The command in a message while a question is open. In other words than a command's own it may be an answer: a store may be
 * called 今天. A greeting in Chinese is none.
 */
function besideAnswers(said: Typed | undefined, typed: string, incoming: Incoming): Typed | undefined {
  if (said) return said.spoken ? undefined : said;
  const greeted = !overheard(incoming) && !/\w/.test(typed) && readTalk(typed) !== undefined;
  return greeted ? { name: 'start', rest: '', slash: false } : undefined;
}

export function createAnswer(parts: AnswerParts): Answer {
  const { chats, commands, guard, bind, straySecrets, findCoupon, readPhoto, join, strangers } = parts;
  const { entry, selfServiceTyped } = parts;

  const presses: Presses = {
    ...parts.presses,
    /** The button of a command: as if its word were said. */
    async *run(incoming, asker, name) {
      if (!isOffered(name)) return yield whisper(asker.words.say('card-gone'));
      const no = await guard(name, asker);
      if (no) return yield whisper(asker.words.say(no));
      yield* run(name, '', incoming, asker);
    },
  };
  const isVerb = (verb: string): verb is Verb => Object.hasOwn(presses, verb);

  const recognise = createRecognise(parts);

  async function* text(typed: string, incoming: Incoming, asker: Asker): AsyncIterable<Reply> {
    const said = readCommand(typed);
    // A password may look like a command that does not exist.
    const meant = said?.name === 'cancel' || (said?.slash && said.name !== 'unknown');
    const dialogue = meant ? undefined : await bind.typed(incoming, asker, typed, besideAnswers(said, typed, incoming));
    if (dialogue && dialogue !== 'aside') return yield* dialogue;
    const asked = said || dialogue || overheard(incoming) ? undefined : await selfServiceTyped.take(typed, asker);
    if (asked) return yield* asked;
    const talk = overheard(incoming) && dialogue !== 'aside' && said && (await isTalk(said, asker));
    const command = talk ? undefined : said;
    yield* asUsual(command, typed, incoming, asker);
    if (dialogue || (meant && command)) yield* bind.reminder(incoming, asker, '');
  }

  /** An owner's word that another member says is talk, too. */
  const isTalk = async (said: Typed, asker: Asker): Promise<boolean> =>
    mayBeTalk(said, asker) || (!said.slash && said.name !== 'unknown' && (await guard(said.name, asker)) === 'owner-only');

  async function* asUsual(command: Typed | undefined, typed: string, incoming: Incoming, asker: Asker): AsyncIterable<Reply> {
    if (command?.name === 'unknown') {
      if (incoming.group && !incoming.addressed) return;
      const found = readCodes(typed);
      // `/verify 0332808512`: it is clear what is wanted.
      if (found.codes.length === 0 || asker.visitedStore) return yield say(asker.words.say('unknown-command'));
      return yield* findCoupon.read(found, incoming, asker);
    }
    if (command && isForCustomersAlone(asker.chat.id))
      return yield* asker.visit ? entry.welcome(asker, asker.visit) : [say(asker.words.say('place-link-dead'))];
    if (asker.person.anonymous && (command || incoming.addressed)) return yield say(asker.words.say('bind-anonymous'));
    if (command && asker.visitedStore && !FOR_VISITORS.has(command.name)) return yield visitorAnswer(asker, asker.visitedStore);
    if (command?.name === 'start' || command?.name === 'bind') await keepLocale(incoming, asker);
    if (command && asker.role === 'customer' && !FOR_VISITORS.has(command.name))
      return yield* entry.welcome(asker, asker.visit!, 'again');
    const link = command?.name === 'start' ? entry.link(command.rest, incoming, asker) : undefined;
    if (link) return yield* link;
    if (command?.name === 'start' && JOIN.test(command.rest))
      return void (yield* join(incoming, asker, JOIN.exec(command.rest)![1]!, false));
    const ofGuests = command && (isForCustomers(asker.chat.id) ? !NEWCOMERS.has(command.name) : MEETS.has(command.name));
    if (ofGuests && (yield* received(incoming, asker))) return;
    if (command) return yield* run(command.name, command.rest, incoming, asker);
    const stray = await straySecrets.caught(typed, incoming, asker);
    if (stray) yield stray.forget;
    const noInvitation = (incoming.group && !incoming.addressed) || isForCustomersAlone(asker.chat.id);
    const word = noInvitation ? null : JOIN.exec(typed.trim());
    if (word && (yield* join(incoming, asker, word[1]!, word[0] === word[1]))) return;
    if (stray) return yield stray.why;
    const talk = overheard(incoming) ? undefined : readTalk(typed);
    if (yield* received(incoming, asker, talk)) return;
    if (talk) return yield* parts.answerTalk(talk, incoming, asker);
    if (asker.visitedStore) return yield visitorAnswer(asker, asker.visitedStore);
    const { found, remember } = await parts.edits.news(readCodes(typed), incoming);
    if (found) yield* findCoupon.read(found, incoming, asker);
    // The card goes out first.
    await remember();
  }

  /** Receives a guest: by a dead link, or by none where some store lets customers verify. True where he was answered. */
  async function* received(
    incoming: Incoming,
    asker: Asker & { readonly deadLink?: true },
    talk?: Talk,
  ): AsyncGenerator<Reply, boolean> {
    if (asker.deadLink) {
      yield say(asker.words.say('place-link-dead'));
      return true;
    }
    if (asker.store || incoming.group || asker.person.anonymous) return false;
    const answer = await entry.meet(incoming, asker);
    // Thanks need no greeting again; 好的 may answer the question.
    const over = isClosing(talk) && !(talk === 'ok' && answer?.kind === 'say' && answer.buttons);
    if (answer) yield over ? say(asker.words.say(`talk-${talk}`)) : answer;
    return answer !== undefined;
  }

  /** Keeps the language that a newcomer was greeted in: what comes by itself later speaks it too. */
  async function keepLocale(incoming: Incoming, { chat, person }: Asker): Promise<void> {
    const locale = newcomersLocale(incoming, chat);
    if (locale === undefined || locale === parts.defaultLocale) return;
    await chats.setLocale({ id: chat.id, title: incoming.title, group: false }, locale, byPerson(person));
  }

  async function* run(name: CommandName, rest: string, incoming: Incoming, asker: Asker): AsyncIterable<Reply> {
    const no = await guard(name, asker);
    if (no) return yield no === 'unbound' ? unbound(asker) : say(asker.words.say(no));
    if (!isStoreCommand(name)) return yield* commands[name](incoming, ABOUT_CHAT.has(name) ? atHome(asker) : asker, rest);
    if (hasStore(asker)) yield* commands[name](incoming, asker, rest);
  }

  async function* reply(incoming: Incoming, asker: Asker): AsyncIterable<Reply> {
    const { content } = incoming;
    switch (content.kind) {
      case 'moved':
      case 'left':
        return;
      case 'joined':
        if (asker.role === 'customer') return yield* entry.welcome(asker, asker.visit!);
        if (yield* received(incoming, asker)) return;
        return yield say(chatStatusSentence(incoming, asker));
      case 'press': {
        if (asker.person.anonymous) return yield whisper(asker.words.say('bind-anonymous'));
        const { verb, id } = content.action;
        if (!isVerb(verb)) return yield whisper(asker.words.say('card-gone'));
        return yield* presses[verb](incoming, asker, id);
      }
      case 'photo':
        if (yield* received(incoming, asker)) return;
        if (asker.visitedStore) return yield visitorAnswer(asker, asker.visitedStore);
        return yield* readPhoto(content.file, content.caption, incoming, asker);
      case 'authorised':
        return yield* bind.authorised(content, incoming, asker);
      case 'other':
        if (yield* received(incoming, asker)) return;
        return yield asker.visitedStore ? visitorAnswer(asker, asker.visitedStore) : say(asker.words.say('cannot-read'));
      case 'text':
        return yield* text(content.text, incoming, asker);
    }
  }

  return async function* answer(incoming) {
    const { content } = incoming;
    if (content.kind === 'moved') return await chats.move(content.from, incoming.chat);
    // The binding is kept: a bot that was removed by mistake and added again goes on.
    if (content.kind === 'left') return;
    if (content.kind === 'other' && incoming.group && !incoming.addressed) return;
    const asker = await recognise(incoming);
    yield* strangers.bound(reply(incoming, asker), incoming, asker);
  };
}
