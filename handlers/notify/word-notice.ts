/** Words a notice of a verification at the moment it is sent, so that an older one never covers what is true by then. */
import type { Words } from '../../locales/index.ts';
import type { Chats } from '../../services/accounts/chats.ts';
import type { Store } from '../../services/accounts/stores.ts';
import { codeTail } from '../../services/coupons/mask.ts';
import type { Desk } from '../../services/verification/desk.ts';
import type { Verification } from '../../services/verification/verification.ts';
import { othersCard, type CardFor } from '../cards/customer-card.ts';
import { undoable } from '../cards/undo-card.ts';
import { batchForUndo, undoQuestionCard } from '../cards/undo-question.ts';
import type { Card, ChatId, Reply, VerificationNotice } from '../message.ts';
import { newsOf } from './outcome.ts';

/** Nothing where there is nothing to send any more: the verification was deleted, or there is other news of it. */
export type WordNotice = (chat: ChatId, notice: VerificationNotice) => Promise<Reply | undefined>;

export function createWordNotice(parts: {
  desk: Pick<Desk, 'get' | 'batchOf'>;
  storeOf: (id: string) => Promise<Store>;
  wordsOf: (chat: ChatId) => Promise<Words>;
  cardFor: CardFor;
  chats: Pick<Chats, 'seen'>;
  now: () => number;
}): WordNotice {
  const { desk, storeOf, wordsOf, cardFor, chats, now } = parts;
  return async (chat, { verification, as, on, own, asks, others, silent, news, ...notice }) => {
    const begun = own === undefined ? undefined : await desk.get(own);
    const v = begun ?? (await desk.get(verification));
    if (!v) return undefined;
    const elsewhere = notice.elsewhere && !begun;
    const stale = news !== undefined && news !== newsOf(v);
    if (stale && !(as === 'card' && on)) return undefined;
    const words = await wordsOf(chat);
    const there = on ?? (silent && v.card?.chat === chat ? v.card : undefined);
    const all = elsewhere ? [v] : await desk.batchOf(v);
    const batch = as === 'card' && !there ? all.map(beforeUndo) : all;
    const store = await chats.seen(await storeOf(v.storeId), chat);
    const open = asks && batch.some((one) => undoable(one, now()));
    const card = others
      ? othersCard(v, store, words).card
      : open
        ? undoQuestionCard(await batchForUndo(v, desk), store, words, now())
        : await cardFor(chat, batch, store, words, elsewhere);
    if (as === 'line') return { kind: 'say', ...resultLine(v, card, words), ...besideCard(v, chat) };
    if (!there) return { kind: 'card', card, ...(!others && { tag: v.id }) };
    return { kind: 'replace', card, on: there, ...((silent || stale) && { silent: true }) };
  };
}

/**
 * Gives a verification whose undo is under way as it was before. A new card says that, as nobody changes it when the undo ends; its
 * 撤销 leads to what is so by then. An undo that a person has to decide about is told as it is.
 */
const beforeUndo = (v: Verification): Verification =>
  v.state === 'undoing' || (v.state === 'undo-unsure' && v.checking) ? { ...v, state: 'verified' } : v;

/** The topic of the card: its outcome is told beside it. */
const besideCard = ({ card }: Verification, chat: ChatId): { readonly topic?: string } =>
  card?.chat === chat && card.topic !== undefined ? { topic: card.topic } : {};

/** The outcome in a sentence, with the buttons for what is left to do; the undo of a good result stays on the card. */
function resultLine(v: Verification, card: Card, words: Words): Pick<Extract<Reply, { kind: 'say' }>, 'text' | 'buttons'> {
  // A refused undo leaves 核销成功 as the card's title; the news is the note.
  const [result = '', why = ''] =
    v.state !== 'verified'
      ? [card.title, card.note]
      : v.undoRefusal && card.note
        ? [card.note.replace(/[。.]$/, '')]
        : [card.title];
  const text = words.say('settled-line', { code: codeTail(v.code), result, why }).trim();
  return { text, buttons: v.state === 'verified' ? [] : card.buttons };
}
