/** A code was sent: look it up and show its card, or say why not. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import { businessDay } from '../../services/time/business-day.ts';
import { maskCode } from '../../services/coupons/mask.ts';
import type { CodesInText } from '../../services/coupons/read-text.ts';
import { PlatformFault } from '../../services/platforms/platform.ts';
import type { Collection } from '../../services/database/collections.ts';
import type { Desk } from '../../services/verification/desk.ts';
import type { OpenCard } from '../../services/verification/verification.ts';
import { UNLISTED_A_DAY, type Guess, type GuessLimiter, type Refused } from '../../services/verification/guess-limiter.ts';
import { openCard } from '../cards/open-card.ts';
import { queueNoticeFor } from './queue-notice.ts';
import { marked } from '../cards/practice-mark.ts';
import type { Incoming, Reply } from '../message.ts';
import { faultText, refusalText } from '../cards/refusal.ts';
import { verificationCard } from '../cards/verification-card.ts';
import type { NotifyOwners } from '../notify/people.ts';
import { say, whisper, type Handler, type Asker } from '../handler.ts';

/** Codes offered as buttons: a message with several, or one that may be something else. */
export interface Offered {
  readonly codes: readonly string[];
  /** At gateways too whose codes look otherwise. */
  readonly anywhere?: true;
}

export interface FindCouponParts {
  readonly desk: Desk;
  readonly guessLimiter: GuessLimiter;
  readonly offers: Collection<Offered>;
  readonly newId: () => string;
  readonly now: () => number;
  readonly notifyOwners: NotifyOwners;
  readonly touch: (store: Store) => Promise<void>;
  /** Whether a person is an owner or invited staff of a store. */
  readonly listed: (person: string, store: Store) => Promise<boolean>;
}

/** Codes offered from one message. */
const MOST_OFFERED = 10;

export interface FindCoupon {
  /** What was read in a message; small talk gets nothing. */
  read(found: CodesInText, incoming: Incoming, asker: Asker): AsyncIterable<Reply>;
  /** This code, for somebody who may verify here; `note` is a sentence for the card. */
  one(code: string, asker: Asker, note?: string): AsyncIterable<Reply>;
  /** What a scanner read that is no code; `otherwise` is said where no gateway of the store knows what it means. */
  scanned(text: string, asker: Asker, otherwise: 'photo-none' | 'douyin-link'): AsyncIterable<Reply>;
  /** A number that may be a code: asks. */
  ask(question: string, code: string, asker: Asker): AsyncIterable<Reply>;
  /** A button for each, under a question of its own where there is one. */
  several(codes: readonly string[], asker: Asker, question?: string): AsyncIterable<Reply>;
  /** One of the offered codes was pressed. */
  pick: Handler;
  /** One of several coupons was chosen. */
  open: Handler;
  /** The code of a settled card, once more. */
  again: Handler;
}

export function createFindCoupon(parts: FindCouponParts): FindCoupon {
  const { desk, guessLimiter, offers, newId, now } = parts;

  /** Counts a look-up before it is made. Owners may look for what they like, and nobody finds anything in a practice store. */
  const begin = async (store: Store, { role, person, chat }: Asker): Promise<Guess | Refused> => {
    if (role === 'owner' || store.practice) return NO_GUESS;
    // Only where everybody in the group may verify can somebody be on neither list.
    if (chat.whoMay !== 'everyone' || (await parts.listed(person.id, store))) return await guessLimiter.begin(person.id);
    return await guessLimiter.begin(person.id, { storeId: store.id, day: businessDay(now(), store.zone, store.dayEnd) });
  };

  async function* lookup(store: Store, code: string, asker: Asker, note?: string, anywhere = false): AsyncIterable<Reply> {
    const { words } = asker;
    const line = await queueNoticeFor(desk, store, 'lookup', words);
    if (line.tooLong) return yield say(refusalText({ kind: 'refused', reason: 'busy' }, words, store.zone));
    const guess = await begin(store, asker);
    if ('kind' in guess) return yield pausedReply(guess, words);
    if (line.told !== undefined) yield say(line.told);
    try {
      yield* tell(await desk.lookup(store, code, asker.chat.id, anywhere), store, code, asker, guess, note);
    } catch (error) {
      if (!(error instanceof PlatformFault)) throw error;
      await guess.known();
      yield say(`${maskCode(code)} ${faultText(error, words, store.zone)}`);
    }
  }

  async function* scanned(text: string, asker: Asker, otherwise: 'photo-none' | 'douyin-link'): AsyncIterable<Reply> {
    const { words, store } = asker;
    if (!store) return yield say(words.say(otherwise));
    const guess = await begin(store, asker);
    if ('kind' in guess) return yield pausedReply(guess, words);
    try {
      const shown = await desk.scan(store, text, asker.chat.id);
      if (shown && shown.kind !== 'nowhere') return yield* tell(shown, store, '', asker, guess);
      const unknown = shown?.refusal.reason === 'not-found';
      await (unknown ? missed(guess, store, asker) : guess.known());
      yield say(shown && !unknown ? refusalText(shown.refusal, words, store.zone) : words.say(otherwise));
    } catch (error) {
      if (!(error instanceof PlatformFault)) throw error;
      await guess.known();
      yield say(faultText(error, words, store.zone));
    }
  }

  async function* tell(
    shown: Awaited<ReturnType<Desk['lookup']>>,
    store: Store,
    code: string,
    asker: Asker,
    guess: Guess,
    note?: string,
  ): AsyncIterable<Reply> {
    const { words } = asker;
    if (shown.kind === 'nowhere') {
      const { refusal } = shown;
      await (refusal.reason === 'not-found' ? missed(guess, store, asker) : guess.known());
      const line = `${maskCode(code)} ${refusalText(refusal, words, store.zone)}`;
      const text = note === undefined ? line : `${line}\n${note}`;
      if (!shown.elsewhere || refusal.reason !== 'not-found') return yield say(text);
      return yield* offer(text, { codes: [code], anywhere: true }, () => words.say('button-find-elsewhere'));
    }
    if (shown.kind === 'several') {
      yield choice(shown.cards, store, words);
      return await guess.known();
    }
    // Nobody waits for our records: the card goes out first.
    if (shown.kind === 'open') {
      const card = openCard(shown.card, store, words);
      yield { kind: 'card', card: note === undefined ? card : { ...card, note }, tag: shown.card.id };
    } else
      yield { kind: 'card', card: verificationCard([shown.verification], store, words, now(), true), tag: shown.verification.id };
    // What the ledger knows makes up for no guess.
    await Promise.all([shown.kind === 'open' ? guess.usable(shown.card.coupon.code) : guess.known(), parts.touch(store)]);
  }

  const missed = async (guess: Guess, store: Store, { person }: Asker): Promise<void> => {
    const news = await guess.unknown();
    if (news === undefined) return;
    await parts.notifyOwners(store.accountId, (theirs) =>
      news === 'store'
        ? theirs.say('guess-warning-store', { store: store.name, count: UNLISTED_A_DAY })
        : theirs.say('guess-warning', { person: person.name || theirs.say('nameless'), store: store.name }),
    );
  };

  async function* several(codes: readonly string[], { words }: Asker, question?: string): AsyncIterable<Reply> {
    const listed =
      codes.length > MOST_OFFERED
        ? words.say('many-codes', { count: codes.length, shown: MOST_OFFERED })
        : words.say('several-codes', { count: codes.length });
    yield* offer(question ?? listed, { codes: codes.slice(0, MOST_OFFERED) }, (code) => code);
  }

  async function* ask(question: string, code: string, { words }: Asker): AsyncIterable<Reply> {
    yield* offer(question, { codes: [code] }, () => words.say('button-find-anyway'));
  }

  async function* offer(text: string, offered: Offered, label: (code: string) => string): AsyncIterable<Reply> {
    const id = newId();
    await offers.set(id, offered);
    yield {
      kind: 'say',
      text,
      buttons: offered.codes.map((code, n) => [{ verb: 'find', id: `${id}-${n}`, label: label(code) }]),
    };
  }

  return {
    async *read(found, incoming, asker) {
      const { words, store, role } = asker;
      const quiet = incoming.group && !incoming.addressed;
      const asked = found.codes.length > 0 || ((found.bare || !quiet) && found.doubtful.length > 0);
      if (!asked && found.douyin !== undefined && !quiet && store && role !== 'stranger')
        return yield* scanned(found.douyin, asker, 'douyin-link');
      if (!asked) return yield* hint(found, words, quiet);
      if (!store) {
        if (!quiet || found.bare) yield say(words.say('unbound'));
        return;
      }
      if (role === 'stranger') {
        if (asker.person.anonymous) return yield say(words.say('bind-anonymous'));
        if (!quiet || found.bare) yield say(words.say(incoming.group ? 'stranger-group' : 'stranger'));
        return;
      }
      const [only, ...more] = found.codes;
      if (only === undefined) {
        const [doubtful] = found.doubtful;
        if (doubtful) yield* ask(words.say(`doubtful-${doubtful.why}`, { code: doubtful.code }), doubtful.code, asker);
      } else if (more.length === 0) yield* lookup(store, only, asker);
      else yield* several(found.codes, asker);
    },

    async *one(code, asker, note) {
      if (asker.store) yield* lookup(asker.store, code, asker, note);
    },
    scanned,
    ask,
    several,

    async *pick(_, asker, rest) {
      const [id = '', n = ''] = rest.split('-');
      const offered = await offers.get(id);
      const code = offered?.codes[Number(n)];
      if (code === undefined) return yield whisper(asker.words.say('card-gone'));
      if (!asker.store || asker.role === 'stranger') return yield whisper(asker.words.say('press-refused'));
      yield* lookup(asker.store, code, asker, undefined, offered?.anywhere);
    },

    async *open(_, asker, id) {
      const card = await desk.card(id);
      if (!card) return yield whisper(asker.words.say('card-gone'));
      if (asker.store?.id !== card.storeId || asker.role === 'stranger') return yield whisper(asker.words.say('press-refused'));
      yield { kind: 'card', card: openCard(card, asker.store, asker.words), tag: card.id };
    },

    async *again(_, asker, rest) {
      const verification = await desk.get(rest);
      if (!verification) return yield whisper(asker.words.say('card-gone'));
      if (!asker.store || asker.store.id !== verification.storeId || asker.role === 'stranger')
        return yield whisper(asker.words.say('press-refused'));
      yield* lookup(asker.store, verification.code, asker);
    },
  };
}

const NOTHING = (): Promise<undefined> => Promise.resolve(undefined);
const NO_GUESS: Guess = { unknown: NOTHING, known: NOTHING, usable: NOTHING };

const pausedReply = ({ of, ms }: Refused, words: Words): Reply =>
  say(of === 'store' ? words.say('guess-pause-store') : words.say('guess-pause', { minutes: Math.ceil(ms / 60_000) }));

/** One of several coupons behind one code. */
function choice(cards: readonly OpenCard[], store: Store, words: Words): Reply {
  const label = ({ coupon: { market, title, price } }: OpenCard): string =>
    [...(market ? [words.say(`market-${market}`)] : []), title, ...(price === undefined ? [] : [words.money(price)])].join(' · ');
  return {
    kind: 'say',
    text: marked(words.say('several-coupons', { count: cards.length }), store, words),
    buttons: cards.map((card) => [{ verb: 'open', id: card.id, label: label(card) }]),
  };
}

async function* hint(found: CodesInText, words: Words, quiet: boolean): AsyncIterable<Reply> {
  if (quiet) return;
  if (found.douyin !== undefined) return yield say(words.say('douyin-link'));
  if (found.linked) return yield say(words.say('link-without-code'));
  yield say(found.odd === undefined ? words.say('small-talk') : words.say('odd-digits', { count: found.odd.length }));
}
