/** Looks up a sent code and shows its card, or says why not. */
import type { Store } from '../../services/accounts/stores.ts';
import { groupCode } from '../../services/coupons/mask.ts';
import { readingOfText, type Reading } from '../../services/coupons/reading.ts';
import type { CodesInText, DoubtfulNumber } from '../../services/coupons/read-text.ts';
import { PlatformFault, type Refusal } from '../../services/platforms/platform.ts';
import type { Desk } from '../../services/verification/desk.ts';
import type { Beside, LookupOptions } from '../../services/verification/lookup.ts';
import { couponChoice } from '../cards/coupon-choice.ts';
import type { SelfService } from '../../services/self-service/self-service.ts';
import type { Guess } from '../../services/verification/guess-limiter.ts';
import { openCard } from '../cards/open-card.ts';
import type { OfferCodes } from './offer-codes.ts';
import { queueNoticeFor } from './queue-notice.ts';
import type { Incoming, Reply } from '../message.ts';
import { refusalCard } from '../cards/refusal-card.ts';
import type { AnswerTalk } from '../spoken/small-talk.ts';
import { say, whisper, type Asker, type Presses } from '../handler.ts';
import { isOwnUse } from '../rights.ts';
import { beside, faultFor, notNow, refusalFor } from './for-customers.ts';
import { createGuessing, pausedReply, type GuessingParts } from './guessing.ts';
import { othersCard, type CardFor } from '../cards/customer-card.ts';
import type { FindVerb } from '../verb.ts';
import { hint } from './no-code.ts';
import { noStoreForCodes, type ReportedTo } from '../unbound.ts';
import { tookByRule, type VerifyByRule } from './verify-by-rule.ts';

export interface FindCouponParts extends GuessingParts {
  readonly desk: Desk;
  readonly offerCodes: OfferCodes;
  readonly answerTalk: AnswerTalk;
  readonly reportedTo: ReportedTo;
  readonly touch: (store: Store) => Promise<void>;
  /** The owner's rules for customers. */
  readonly obstacle: SelfService['obstacle'];
  readonly cardFor: CardFor;
  readonly verifyByRule: VerifyByRule;
}

/** How a lookup came about. */
interface Asked extends LookupOptions {
  readonly remark?: string | undefined;
  /** The event whose message it answers. */
  readonly event?: string;
}

export interface FindCoupon {
  /** Answers the codes found in a message; small talk in a group gets no answer. */
  read(found: CodesInText, incoming: Incoming, asker: Asker): AsyncIterable<Reply>;
  /** Looks up one code for a person who may verify here; `remark` is a sentence for the card, `said` was written beside it. */
  one(code: string, incoming: Incoming, asker: Asker, remark?: string, said?: Beside): AsyncIterable<Reply>;
  /** Looks up a scanned text that is no code; `otherwise` is said where no gateway of the store understands it. */
  scanned(
    text: string,
    incoming: Incoming,
    asker: Asker,
    reading: Reading,
    otherwise: 'photo-none' | 'douyin-link',
  ): AsyncIterable<Reply>;
  readonly presses: Presses<FindVerb>;
}

const BUSY: Refusal = { kind: 'refused', reason: 'busy' };

export function createFindCoupon(parts: FindCouponParts): FindCoupon {
  const { desk, offerCodes } = parts;
  const { begin, missed } = createGuessing(parts);

  async function* lookup(
    store: Store,
    code: string,
    asker: Asker,
    { remark, event, ...options }: Asked = {},
  ): AsyncIterable<Reply> {
    const { words } = asker;
    const no = await notNow(store, asker, parts.obstacle);
    if (no !== undefined) return yield say(no);
    const line = await queueNoticeFor(desk, store, 'lookup', words);
    const shown = { code, store, words };
    const again = async () => ({ ...shown, buttons: [[await offerCodes.againButton(code, asker, options)]] });
    if (line.tooLong) return yield refusalCard(refusalFor(BUSY, store, asker), await again());
    const guess = await begin(store, asker);
    if ('kind' in guess) return yield pausedReply(guess, words);
    try {
      if (line.told !== undefined) yield say(line.told);
      yield* reply(
        await desk.lookup(store, code, asker.chat.id, { reading: 'chosen', ...options, ...beside(asker) }),
        store,
        code,
        asker,
        guess,
        { remark, ...(event !== undefined && { event }) },
      );
    } catch (error) {
      if (!(error instanceof PlatformFault)) throw error;
      yield refusalCard(faultFor(error, store, asker), error.kind === 'unauthorised' ? shown : await again());
    } finally {
      guess.end();
    }
  }

  async function* scanned(
    text: string,
    incoming: Incoming,
    asker: Asker,
    reading: Reading,
    otherwise: 'photo-none' | 'douyin-link',
  ): AsyncIterable<Reply> {
    const { words, store } = asker;
    if (!store) return yield say(words.say(otherwise));
    const no = await notNow(store, asker, parts.obstacle);
    if (no !== undefined) return yield say(no);
    const guess = await begin(store, asker);
    if ('kind' in guess) return yield pausedReply(guess, words);
    try {
      const shown = await desk.scan(store, text, asker.chat.id, { reading, ...beside(asker) });
      if (shown && shown.kind !== 'nowhere') return yield* reply(shown, store, '', asker, guess, { event: incoming.id });
      const unknown = shown?.refusal.reason === 'not-found';
      if (unknown) await missed(guess, store, asker);
      yield shown && !unknown
        ? refusalCard(refusalFor(shown.refusal, store, asker), { code: '', store, words })
        : say(words.say(otherwise));
    } catch (error) {
      if (!(error instanceof PlatformFault)) throw error;
      yield refusalCard(faultFor(error, store, asker), { code: '', store, words });
    } finally {
      guess.end();
    }
  }

  async function* reply(
    shown: Awaited<ReturnType<Desk['lookup']>>,
    store: Store,
    code: string,
    asker: Asker,
    guess: Guess,
    { remark, event }: Pick<Asked, 'remark' | 'event'> = {},
  ): AsyncIterable<Reply> {
    const { words } = asker;
    if (shown.kind === 'nowhere') {
      const { refusal } = shown;
      if (refusal.reason === 'not-found') await missed(guess, store, asker);
      const elsewhere = shown.elsewhere && asker.role !== 'customer' && refusal.reason === 'not-found';
      const buttons = elsewhere ? [[await offerCodes.elsewhereButton(code, asker)]] : [];
      return yield refusalCard(refusalFor(refusal, store, asker), { code, store, words, remark, buttons });
    }
    if (shown.kind === 'several') return yield couponChoice(shown.cards, store, words);
    // The card goes out before our own bookkeeping.
    const byRule = shown.kind === 'open' ? await parts.verifyByRule(shown.card, asker, event) : undefined;
    if (byRule) yield* byRule;
    else if (shown.kind === 'open') {
      const card = openCard(shown.card, store, words);
      const said = remark ?? (shown.takenBack && asker.role !== 'customer' ? words.say('note-taken-back') : undefined);
      const note = [said, card.note].filter((one) => one !== undefined).join('\n');
      yield { kind: 'card', card: note === '' ? card : { ...card, note }, tag: shown.card.id };
    } else if (asker.role === 'customer' && !isOwnUse(shown.verification, asker)) {
      yield { kind: 'card', ...othersCard(shown.verification, store, words) };
    } else {
      const { id } = shown.verification;
      // The program was stopped after a rule had verified this very message: it is answered with that.
      const elsewhere = !tookByRule(shown.verification, event);
      const card = await parts.cardFor(asker.chat.id, [shown.verification], store, words, elsewhere);
      yield { kind: 'card', card, tag: id, shows: { verification: id, ...(elsewhere && { elsewhere }) } };
    }
    // A code from the ledger can be sent without end: it makes up for no guess.
    await Promise.all([shown.kind === 'open' ? guess.usable(shown.card.coupon.code) : undefined, parts.touch(store)]);
  }

  /** Looks up the one code; asks where there are several, or none without doubt. */
  async function* chosenFrom(
    { codes, uses, note }: CodesInText,
    doubtful: readonly DoubtfulNumber[],
    store: Store,
    asker: Asker,
    heard: Pick<Asked, 'reading' | 'event'>,
  ): AsyncIterable<Reply> {
    const { words } = asker;
    const meant = doubtful.filter(({ why }) => why === 'spelling').map(({ code }) => code);
    const [code] = codes;
    const [doubt] = doubtful;
    const said: Beside = { ...(uses !== undefined && { uses }), ...(note !== undefined && { note }) };
    if (meant.length > 0 && codes.length + meant.length > 1) {
      const all = [...codes, ...meant];
      yield* offerCodes.several(all, asker, words.say('several-spelled', { count: all.length }));
    } else if (codes.length > 1) yield* offerCodes.several(codes, asker);
    else if (code !== undefined) yield* lookup(store, code, asker, { ...said, ...heard });
    else if (doubt) {
      const shown = doubt.why === 'spelling' ? groupCode(doubt.code) : doubt.code;
      yield* offerCodes.ask(words.say(`doubtful-${doubt.why}`, { code: shown }), doubt.code, asker, said);
    }
  }

  return {
    async *read(found, incoming, asker) {
      const { words, store, role } = asker;
      const quiet = incoming.group && !incoming.addressed;
      const doubtful = found.doubtful.filter(({ overheard }) => !quiet || (found.bare && overheard));
      const asked = found.codes.length + doubtful.length > 0;
      if (!asked && found.douyin !== undefined && !quiet && store && role !== 'stranger')
        return yield* scanned(found.douyin, incoming, asker, 'linked', 'douyin-link');
      if (!asked && quiet) return;
      if (!asked) return yield* hint(found, words) ?? parts.answerTalk(undefined, incoming, asker);
      if (!store) {
        if (!quiet || found.bare) yield await noStoreForCodes(asker, parts.reportedTo);
        return;
      }
      if (role === 'stranger') {
        if (asker.person.anonymous) return yield say(words.say('bind-anonymous'));
        if (!quiet || found.bare) yield say(words.say(incoming.group ? 'stranger-group' : 'stranger'));
        return;
      }
      yield* chosenFrom(found, doubtful, store, asker, { reading: readingOfText(found, incoming), event: incoming.id });
    },

    async *one(code, incoming, asker, remark, said = {}) {
      if (asker.store) yield* lookup(asker.store, code, asker, { remark, ...said, event: incoming.id });
    },
    scanned,
    presses: {
      /** One of the offered codes. */
      async *find(_, asker, rest) {
        const chosen = await offerCodes.chosen(rest);
        if (!chosen) return yield whisper(asker.words.say('card-gone'));
        if (!asker.store || asker.role === 'stranger') return yield whisper(asker.words.say('press-refused'));
        yield* lookup(asker.store, chosen.code, asker, { anywhere: chosen.anywhere, ...chosen.beside });
      },

      /** One of several coupons behind one code. */
      async *open(_, asker, id) {
        const card = await desk.card(id);
        if (!card) return yield whisper(asker.words.say('card-gone'));
        const others = asker.role === 'customer' && (card.chat !== asker.chat.id || card.place?.id !== asker.visit?.place.id);
        if (asker.store?.id !== card.storeId || asker.role === 'stranger' || others)
          return yield whisper(asker.words.say('press-refused'));
        yield { kind: 'card', card: openCard(card, asker.store, asker.words), tag: card.id };
      },

      /** The code of a settled card, once more. */
      async *again(_, asker, id) {
        const verification = await desk.get(id);
        if (!verification) return yield whisper(asker.words.say('card-gone'));
        const others = asker.role === 'customer' && !isOwnUse(verification, asker);
        if (!asker.store || asker.store.id !== verification.storeId || asker.role === 'stranger' || others)
          return yield whisper(asker.words.say('press-refused'));
        yield* lookup(asker.store, verification.code, asker, { again: true });
      },
    },
  };
}
