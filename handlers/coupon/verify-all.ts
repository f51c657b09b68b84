/**
 * 全部核销: several codes of one message, looked up together and verified by one press. Each is judged for itself, within the
 * same rights, limits and queue as a press of its own.
 */
import type { Store } from '../../services/accounts/stores.ts';
import type { Collection } from '../../services/collection.ts';
import { PlatformFault } from '../../services/platforms/platform.ts';
import type { Desk } from '../../services/verification/desk.ts';
import type { OpenCard } from '../../services/verification/verification.ts';
import { allBusyCard, allCard, allDoneCard, type Ended, type Looked } from '../cards/all-card.ts';
import { refusalText, refusalWord, wordFault } from '../cards/refusal.ts';
import { say, whisper, type Asker, type Handler, type Presses } from '../handler.ts';
import type { Reply } from '../message.ts';
import { mayVerify, principalOf, type Rights } from '../rights.ts';
import { obstacleText } from '../self-service/obstacle-text.ts';
import type { AllVerb } from '../verb.ts';
import { createGuessing, pausedReply, type GuessingParts } from './guessing.ts';
import type { OfferCodes } from './offer-codes.ts';
import { queueNoticeFor } from './queue-notice.ts';

/** What was shown as verifiable: one press can verify these open cards and nothing else. */
export interface Batch {
  readonly storeId: string;
  readonly cards: readonly string[];
}

export interface VerifyAllParts extends GuessingParts {
  readonly desk: Desk;
  readonly offerCodes: Pick<OfferCodes, 'offered'>;
  readonly rights: Rights;
  /** For as long as an open card. */
  readonly batches: Collection<Batch>;
  readonly newId: () => string;
}

export function createVerifyAll(parts: VerifyAllParts): Presses<AllVerb> {
  const { desk, offerCodes, rights, batches, newId, now } = parts;
  const { begin, missed } = createGuessing(parts);

  /** Looks one code up; a reply where nothing more can be looked up now. */
  async function look(store: Store, code: string, asker: Asker): Promise<(Looked & { readonly card?: OpenCard }) | Reply> {
    const { words, chat } = asker;
    const busy = { code, why: refusalWord({ kind: 'refused', reason: 'busy' }, words, store.zone) };
    if ((await queueNoticeFor(desk, store, 'lookup', words)).tooLong) return busy;
    const guess = await begin(store, asker);
    if ('kind' in guess) return pausedReply(guess, words);
    try {
      const shown = await desk.lookup(store, code, chat.id, { reading: 'several' });
      if (shown.kind === 'nowhere') {
        if (shown.refusal.reason === 'not-found') await missed(guess, store, asker);
        return { code, why: refusalWord(shown.refusal, words, store.zone) };
      }
      if (shown.kind !== 'open') {
        if (shown.kind === 'several') return { code, why: words.say('all-several', { count: shown.cards.length }) };
        const { state } = shown.verification;
        return { code, why: words.say(state === 'verified' ? 'title-already' : `history-${state}`) };
      }
      const { coupon, openedAt } = shown.card;
      await guess.usable(coupon.code);
      // A person decides for itself whether to try an expired one.
      if (coupon.validUntil !== undefined && coupon.validUntil < openedAt) return { code, why: words.say('refused-expired') };
      return { code, coupon, card: shown.card };
    } catch (error) {
      if (!(error instanceof PlatformFault)) throw error;
      return { code, why: wordFault(error, words, store.zone).title };
    } finally {
      guess.end();
    }
  }

  /** Verifies one open card, or says why not. */
  async function use(id: string, card: OpenCard | undefined, asker: Asker): Promise<Ended> {
    const { words, person } = asker;
    const code = card?.coupon.code ?? '';
    const storeId = card?.storeId ?? (await desk.get(id))?.storeId;
    const at = storeId === undefined ? undefined : await rights.at(storeId, asker);
    if (!at) return { code, why: words.say('card-gone') };
    // Each takes a while, in which somebody may lose the right to the next.
    if (!mayVerify(at.role)) return { code, why: words.say('press-refused') };
    const line = await queueNoticeFor(desk, at.store, 'verify', words, card?.listingId);
    if (card && line.tooLong) return { code, why: refusalText({ kind: 'refused', reason: 'busy' }, words, at.store.zone) };
    const by = principalOf(person);
    const begun = await (at.role === 'owner' ? desk.begin : desk.beginAsStaff)(id, by, 1, undefined);
    if (begun.kind === 'not-admitted') return { code, why: obstacleText(begun.why, at.store.name, words, 'staff') };
    if (begun.kind === 'gone') return { code, why: words.say('card-gone') };
    const { verification } = begun;
    if (begun.kind === 'already') return { verification, elsewhere: verification.id !== id };
    return { verification: await desk.submit(verification), elsewhere: false };
  }

  /** The batch of a pressed card, at its store, for somebody who may verify there. */
  const pressed = (then: (batch: Batch, store: Store, asker: Asker) => AsyncIterable<Reply>): Handler =>
    async function* press(_, asker, id) {
      const batch = await batches.get(id);
      const at = batch && (await rights.at(batch.storeId, asker));
      if (!batch || !at) return yield whisper(asker.words.say('card-gone'));
      if (!mayVerify(at.role)) return yield whisper(asker.words.say('press-refused'));
      yield* then(batch, at.store, asker);
    };

  return {
    /** 全部核销 below a list of codes: looks all of them up, and asks. Verifies nothing. */
    async *'find-all'(_, asker, id) {
      const { words, store, role } = asker;
      const codes = await offerCodes.offered(id);
      if (!codes) return yield whisper(words.say('card-gone'));
      if (!store || !mayVerify(role)) return yield whisper(words.say('press-refused'));
      if (codes.length > QUICK) yield say(words.say('all-looking', { count: codes.length }));
      const looked: (Looked & { readonly card?: OpenCard })[] = [];
      for (const code of codes) {
        const one = await look(store, code, asker);
        if ('kind' in one) return yield one;
        looked.push(one);
      }
      const cards = looked.flatMap(({ card }) => card?.id ?? []);
      const batch = newId();
      await batches.set(batch, { storeId: store.id, cards });
      yield { kind: 'card', card: allCard(batch, looked, store, words) };
    },

    /** 确认核销 n 张. A press that was cut off goes on where it was: what was begun is shown as it is, and nothing begins twice. */
    'use-all': pressed(async function* useAll({ cards }, store, asker) {
      const { words } = asker;
      const open = await Promise.all(cards.map((id) => desk.card(id)));
      const coupons = open.flatMap((card) => card?.coupon ?? []);
      if (coupons.length > 0) yield { kind: 'replace', card: allBusyCard(coupons, store, words) };
      const ended: Ended[] = [];
      for (const [n, id] of cards.entries()) ended.push(await use(id, open[n], asker));
      yield { kind: 'replace', card: allDoneCard(ended, store, words, now()) };
    }),

    /** 取消: of those that were not begun. */
    'drop-all': pressed(async function* dropAll({ cards }, store, asker) {
      const { words, person } = asker;
      const ended: Ended[] = [];
      for (const id of cards) {
        const code = (await desk.card(id))?.coupon.code ?? '';
        const dropped = await desk.drop(id, principalOf(person));
        ended.push(
          dropped.kind === 'gone'
            ? { code, why: words.say('card-gone') }
            : { verification: dropped.verification, elsewhere: dropped.verification.id !== id },
        );
      }
      yield { kind: 'replace', card: allDoneCard(ended, store, words, now()) };
    }),
  };
}

/** So many codes are looked up without saying that it takes a moment: umember takes two calls a second. */
const QUICK = 2;
