/** Handles the buttons of a coupon's card: confirm, cancel, and a person's decision. */
import { usesAtOnce } from '../../services/coupons/coupon.ts';
import type { Desk } from '../../services/verification/desk.ts';
import type { Principal } from '../../services/facts/by.ts';
import { isUnderWay, type OpenCard, type Verification } from '../../services/verification/verification.ts';
import { closedOffer } from '../cards/closed-card.ts';
import { everywhere } from '../cards/open-card.ts';
import { queueNotice, queueNoticeFor } from './queue-notice.ts';
import type { Card, Incoming, Outgoing, Reply, Shown } from '../message.ts';
import type { WordDecision } from '../notify/decisions.ts';
import { refusalText } from '../cards/refusal.ts';
import { verificationCard } from '../cards/verification-card.ts';
import { customerOf, isOwnUse, mayAnswerFor, mayVerify, principalOf, type At, type Rights } from '../rights.ts';
import { othersCard, type CardFor } from '../cards/customer-card.ts';
import { obstacleText } from '../self-service/obstacle-text.ts';
import { say, whisper, type Asker, type Presses } from '../handler.ts';
import type { ConfirmVerb } from '../verb.ts';

export function createConfirmCoupon(parts: {
  desk: Desk;
  rights: Rights;
  cardFor: CardFor;
  /** Records a person's decision, with the messages in the same transaction. Nothing when there is nothing left to decide. */
  decide: (id: string, yes: boolean, by: Principal, messages: readonly Outgoing[]) => Promise<Verification | undefined>;
  wordDecision: WordDecision;
  now: () => number;
}): Presses<ConfirmVerb> {
  const { desk, rights, cardFor, wordDecision, now } = parts;
  const settled = (card: Card, shows: Shown): Reply => ({ kind: 'replace', card, shows });

  async function* decide(incoming: Incoming, asker: Asker, id: string, yes: boolean): AsyncIterable<Reply> {
    const { words, person } = asker;
    const before = await desk.get(id);
    const at = before && (await rights.at(before.storeId, asker));
    if (!before || !at) return yield whisper(words.say('card-gone'));
    if (!mayAnswerFor(before, at.role, asker)) return yield whisper(words.say('decide-refused'));
    const told = await wordDecision(before, yes, person, at.store);
    const decided = (await parts.decide(id, yes, principalOf(person), told)) ?? (await desk.get(id)) ?? before;
    const batch = await desk.batchOf(decided);
    const theirs = await cardFor(decided.chat, batch, at.store, words);
    yield* everywhere(incoming, decided, verificationCard(batch, at.store, words, now()), theirs);
  }

  return {
    /** 确认核销, 核销 n 张: `rest` is the card's id and the number of uses. */
    async *use(incoming, asker, rest) {
      const { words, person } = asker;
      const [id = '', uses = ''] = rest.split('-');
      const count = /^\d{1,2}$/.test(uses) ? Number(uses) : 0;
      const card = await desk.card(id);
      const known = card ? undefined : await desk.get(id);
      const storeId = card?.storeId ?? known?.storeId;
      const at = storeId === undefined ? undefined : await rights.at(storeId, asker);
      if (!at) return yield whisper(words.say('card-gone'));
      const customer = at.role === 'customer' ? customerOf(person) : undefined;
      const no = mayVerify(at.role) ? undefined : notHis(at, card, known, asker);
      if (no) return yield whisper(words.say(no));
      if (count < 1 || (card && count > usesAtOnce(card.coupon))) return yield whisper(words.say('card-gone'));
      const line = await queueNoticeFor(desk, at.store, 'verify', words, card?.listingId);
      if (card && line.tooLong) return yield whisper(refusalText({ kind: 'refused', reason: 'busy' }, words, at.store.zone));
      const pressed = incoming.content.kind === 'press' ? incoming.content.on : undefined;
      const by = principalOf(person);
      const begun = customer
        ? await desk.beginAsCustomer(id, customer, count, pressed)
        : await (at.role === 'owner' ? desk.begin : desk.beginAsStaff)(id, by, count, pressed);
      if (begun.kind === 'not-admitted') {
        const { why } = begun;
        const text = obstacleText(why, at.store.name, words, customer ? 'customer' : 'staff');
        return yield why.kind === 'closed' && why.ask ? closedOffer(text, id, count, words) : say(text);
      }
      if (begun.kind === 'gone') return yield whisper(words.say('card-gone'));
      const { verification } = begun;
      if (begun.kind === 'already' && customer && !isOwnUse(verification, asker))
        return yield { kind: 'replace', ...othersCard(verification, at.store, words) };
      if (begun.kind === 'already') {
        const elsewhere = verification.id !== id;
        const shown = elsewhere ? [verification] : await desk.batchOf(verification);
        // It may be under way in another store of the merchant.
        const where = (await rights.at(verification.storeId, asker)) ?? at;
        const shows = { verification: verification.id, ...(elsewhere && { elsewhere, own: id }) };
        yield settled(await cardFor(asker.chat.id, shown, where.store, words, elsewhere), shows);
        const ended = elsewhere && isUnderWay(verification) ? await desk.ended(verification.id) : undefined;
        if (ended && !isUnderWay(ended)) yield settled(await cardFor(asker.chat.id, [ended], where.store, words, true), shows);
        return;
      }
      const shows = { verification: verification.id };
      yield settled(queueNotice(await cardFor(asker.chat.id, [verification], at.store, words), line), shows);
      const ended = await desk.batchOf(await desk.submit(verification));
      yield settled(await cardFor(asker.chat.id, ended, at.store, words), shows);
    },

    /** 取消. */
    async *drop(_, asker, id) {
      const { words, person } = asker;
      const card = await desk.card(id);
      const known = card ? undefined : await desk.get(id);
      const storeId = card?.storeId ?? known?.storeId;
      const at = storeId === undefined ? undefined : await rights.at(storeId, asker);
      if (!at) return yield whisper(words.say('card-gone'));
      const no = mayVerify(at.role) ? undefined : notHis(at, card, known, asker);
      if (no) return yield whisper(words.say(no));
      const dropped = await desk.drop(id, at.role === 'customer' ? customerOf(person) : principalOf(person));
      if (dropped.kind === 'gone') return yield whisper(words.say('card-gone'));
      const { verification } = dropped;
      yield settled(await cardFor(asker.chat.id, [verification], at.store, words), { verification: verification.id });
    },

    /** 是本次核销 / 不是, where the platform could not tell. */
    'was-us': (incoming, asker, id) => decide(incoming, asker, id, true),
    'not-us': (incoming, asker, id) => decide(incoming, asker, id, false),
  };
}

/** Why somebody who is no staff may not press this card: a customer presses his own, at the place where he still is. */
function notHis(
  { role, place }: At,
  card: OpenCard | undefined,
  known: Verification | undefined,
  asker: Asker,
): 'press-refused' | 'place-over' | undefined {
  const own = card ? card.chat === asker.chat.id && card.place?.id !== undefined : known !== undefined && isOwnUse(known, asker);
  if (!own) return 'press-refused';
  return role === 'customer' && (!card || card.place?.id === place?.id) ? undefined : 'place-over';
}
