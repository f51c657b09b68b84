/** 撤销: asks for confirmation, then undoes a verification while the platform allows it. */
import type { Desk } from '../../services/verification/desk.ts';
import { isUnderWay, type Verification } from '../../services/verification/verification.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { ReadPage } from '../../services/ledger/pages.ts';
import type { CardFor } from '../cards/customer-card.ts';
import { everywhere } from '../cards/open-card.ts';
import { queueNotice, queueNoticeFor, type QueueNotice } from './queue-notice.ts';
import { approvalOffer } from '../cards/approval-card.ts';
import type { Card, Incoming, Reply, Shown } from '../message.ts';
import { verificationCard } from '../cards/verification-card.ts';
import { mayUndo, mayVerify, principalOf, type Rights } from '../rights.ts';
import { undoable } from '../cards/undo-card.ts';
import { batchForUndo, undoQuestionCard } from '../cards/undo-question.ts';
import { say, whisper, type Asker, type Handler, type Presses, type StoreAsker } from '../handler.ts';
import type { UndoVerb } from '../verb.ts';

export interface Undo {
  /** `/undo [code]`: the newest verification that can be undone, or that code's. */
  command: Handler<StoreAsker>;
  readonly presses: Presses<UndoVerb>;
  /** The question before an undo. */
  question(v: Verification, store: Store, asker: Asker): Promise<Card>;
  /** Undoes one verification, with a card for each step. The caller has checked the right to it. */
  takeBack(v: Verification, store: Store, incoming: Incoming, asker: Asker): AsyncIterable<Reply>;
  /** Shows the verification's card as it is now. */
  show(v: Verification, incoming: Incoming, asker: Asker): AsyncIterable<Reply>;
}

export function createUndo(parts: { desk: Desk; readPage: ReadPage; rights: Rights; cardFor: CardFor; now: () => number }): Undo {
  const { desk, readPage, rights, cardFor, now } = parts;

  /** The verification's store, where this person may undo it. */
  const may = async (v: Verification, asker: Asker) => {
    const at = await rights.at(v.storeId, asker);
    return at && mayUndo(v, at.store, at.role, asker) ? at.store : undefined;
  };

  async function* pressed(asker: Asker, id: string, then: (v: Verification) => AsyncIterable<Reply>): AsyncIterable<Reply> {
    const v = await desk.get(id);
    if (!v) return yield whisper(asker.words.say('card-gone'));
    if (await may(v, asker)) return yield* then(v);
    yield whisper(asker.words.say('undo-not-yours'));
    const at = await rights.at(v.storeId, asker);
    if (at && mayVerify(at.role) && undoable(v, now())) yield approvalOffer(v, asker.words);
  }

  /** Shows the card where it was pressed and where it stands otherwise. `line`: the undo begins with this press. */
  async function* lookup(v: Verification, incoming: Incoming, asker: Asker, line?: QueueNotice): AsyncIterable<Reply> {
    const at = await rights.at(v.storeId, asker);
    if (!at) return yield whisper(asker.words.say('card-gone'));
    const batch = await desk.batchOf(v);
    const card = verificationCard(batch, at.store, asker.words, now());
    // The press that undoes it shows the other card how it ends, and may have done so before this arrives.
    if (v.state === 'undoing' && !line) {
      const shows = { verification: v.id };
      yield { kind: 'replace', card, shows };
      const ended = isItsCard(v, incoming) ? undefined : await desk.ended(v.id);
      if (ended && !isUnderWay(ended))
        yield { kind: 'replace', card: verificationCard(await desk.batchOf(ended), at.store, asker.words, now()), shows };
      return;
    }
    const theirs = v.chat === asker.chat.id ? undefined : await cardFor(v.chat, batch, at.store, asker.words);
    yield* everywhere(incoming, v, line ? queueNotice(card, line) : card, theirs);
  }

  /** Whether the press was on the verification's own card: whoever undoes it shows that one. */
  const isItsCard = ({ card }: Verification, { content }: Incoming): boolean =>
    content.kind !== 'press' || (content.on?.chat === card?.chat && content.on?.message === card?.message);

  const question = async (v: Verification, store: Store, { words }: Asker): Promise<Card> =>
    undoQuestionCard(await batchForUndo(v, desk), store, words, now());

  const asks = ({ id }: Verification): Shown => ({ verification: id, asks: 'undo' });

  /** Undoes one verification, with a card for each step. */
  async function* takeBack(v: Verification, store: Store, incoming: Incoming, asker: Asker): AsyncIterable<Reply> {
    const line = await queueNoticeFor(desk, store, 'undo', asker.words, v.listingId);
    if (v.state === 'verified' && line.tooLong)
      return yield whisper(asker.words.say('note-undo-refused', { why: asker.words.say('undo-try-again') }));
    const begun = await desk.beginUndo(v.id, principalOf(asker.person));
    if (begun.kind === 'gone') return yield whisper(asker.words.say('card-gone'));
    yield* lookup(begun.verification, incoming, asker, begun.kind === 'begun' ? line : undefined);
    if (begun.kind === 'begun') yield* lookup(await desk.submitUndo(begun.verification), incoming, asker);
  }

  return {
    question,
    takeBack,
    show: (v, incoming, asker) => lookup(v, incoming, asker),

    async *command(_, asker, rest) {
      const { words, store } = asker;
      const code = rest.replaceAll(/\D/g, '');
      if (rest !== '' && code.length < 4) return yield say(words.say('undo-usage'));
      const recent = await readPage(store.id, code === '' ? {} : { codeEnd: code }, 20);
      const mine = recent.filter((v) => mayUndo(v, store, asker.role, asker));
      const found = mine.find((v) => undoable(v, now()));
      if (found) return yield { kind: 'card', card: await question(found, store, asker), tag: found.id, shows: asks(found) };
      const others = code === '' ? undefined : recent.find((v) => undoable(v, now()));
      if (others) return yield approvalOffer(others, words);
      const verified = mine.find((v) => v.state === 'verified');
      yield say(words.say(verified ? 'undo-impossible' : 'undo-nothing'));
    },

    presses: {
      /** 撤销 on a card: asks a second time. */
      undo: (incoming, asker, id) =>
        pressed(asker, id, async function* (v) {
          const store = await may(v, asker);
          const all = await desk.batchOf(v);
          if (!store || !all.some((one) => undoable(one, now()))) {
            if (v.state === 'verified') yield whisper(asker.words.say('undo-impossible'));
            return yield* lookup(v, incoming, asker);
          }
          yield { kind: 'replace', card: await question(v, store, asker), shows: asks(v) };
        }),

      /** 确认撤销. */
      'undo-yes': (incoming, asker, id) =>
        pressed(asker, id, async function* (v) {
          if (v.state === 'verified' && !undoable(v, now())) {
            yield whisper(asker.words.say('undo-impossible'));
            return yield* lookup(v, incoming, asker);
          }
          const store = await may(v, asker);
          if (store) yield* takeBack(v, store, incoming, asker);
        }),

      /** 不撤销. */
      'undo-no': (incoming, asker, id) =>
        pressed(asker, id, async function* (v) {
          yield* lookup(v, incoming, asker);
        }),

      /** 全部撤销: everything of that press, one after another; each succeeds or fails for itself. */
      'undo-all': (incoming, asker, id) =>
        pressed(asker, id, async function* (v) {
          const store = await may(v, asker);
          const open = (await desk.batchOf(v)).filter((one) => undoable(one, now()));
          if (open.length === 0) yield whisper(asker.words.say('undo-impossible'));
          if (!store || open.length === 0) return yield* lookup(v, incoming, asker);
          for (const one of open) {
            // Each takes a while, in which somebody may lose the right to the next.
            if (!(await may(one, asker))) return yield whisper(asker.words.say('undo-not-yours'));
            yield* takeBack(one, store, incoming, asker);
          }
        }),
    },
  };
}
