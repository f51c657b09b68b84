/** 撤销: asks a second time, then takes a verification back while the platform allows it. */
import type { Desk } from '../../services/verification/desk.ts';
import type { Verification } from '../../services/verification/verification.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Ledger } from '../../services/ledger/ledger.ts';
import { everywhere } from '../cards/open-card.ts';
import { inLine, lineFor, type InLine } from './queue-notice.ts';
import { markedCard } from '../cards/practice-mark.ts';
import type { Card, Incoming, Reply } from '../message.ts';
import { severalFields } from '../cards/several-card.ts';
import { settledFields, standingCard } from '../cards/verification-card.ts';
import { mayAnswerFor, type Standing } from '../rights.ts';
import { undoable, undoQuestionCard } from '../cards/undo-card.ts';
import { say, whisper, type Handler, type Who } from '../handler.ts';

export interface Undo {
  /** `/undo [code]`: the newest that can be taken back, or that code's. */
  command: Handler;
  /** 撤销 on a card; then 确认撤销 or 不撤销. */
  ask: Handler;
  yes: Handler;
  no: Handler;
  /** 全部撤销: everything of that press, one after another; each succeeds or fails for itself. */
  all: Handler;
}

export function createUndo(parts: { desk: Desk; ledger: Ledger; standing: Standing; now: () => number }): Undo {
  const { desk, ledger, standing, now } = parts;

  /** The owner may, and the one who verified while still staff. */
  const may = async (v: Verification, who: Who) => {
    const at = await standing.at(v.storeId, who);
    return at && mayAnswerFor(v, at.role, who) ? at.store : undefined;
  };

  async function* pressed(who: Who, id: string, then: (v: Verification) => AsyncIterable<Reply>): AsyncIterable<Reply> {
    const v = await desk.get(id);
    if (!v) return yield whisper(who.words.say('card-gone'));
    if (!(await may(v, who))) return yield whisper(who.words.say('undo-not-yours'));
    yield* then(v);
  }

  async function* show(v: Verification, incoming: Incoming, who: Who, line?: InLine): AsyncIterable<Reply> {
    const at = await standing.at(v.storeId, who);
    if (!at) return yield whisper(who.words.say('card-gone'));
    const card = standingCard(await desk.together(v), at.store, who.words, now());
    yield* everywhere(incoming, v, line ? inLine(card, line) : card);
  }

  /** The question about one verification; asked of a pressed card, about all that its press brought. */
  async function question(v: Verification, store: Store, { words }: Who): Promise<Card> {
    const all = v.confirmation === undefined ? await desk.together(v) : [v];
    const fields = all.length > 1 ? severalFields(all, store, words) : settledFields(v, store, words);
    return markedCard(undoQuestionCard(all, fields, words, now()), store, words);
  }

  /** Takes one back, telling how far it is. */
  async function* takeBack(v: Verification, store: Store, incoming: Incoming, who: Who): AsyncIterable<Reply> {
    const line = await lineFor(desk, store, 'undo', who.words, v.listingId);
    if (v.state === 'verified' && line.tooLong)
      return yield whisper(who.words.say('note-undo-refused', { why: who.words.say('undo-try-again') }));
    const begun = await desk.beginUndo(v.id, who.person);
    if (begun.kind === 'gone') return yield whisper(who.words.say('card-gone'));
    yield* show(begun.verification, incoming, who, begun.kind === 'begun' ? line : undefined);
    if (begun.kind === 'begun') yield* show(await desk.submitUndo(begun.verification), incoming, who);
  }

  return {
    async *command(_: Incoming, who: Who, rest: string) {
      const { words, store } = who;
      if (!store) return yield say(words.say('unbound'));
      if (who.role === 'stranger') return yield say(words.say('stranger'));
      const code = rest.replaceAll(/\D/g, '');
      if (rest !== '' && code.length < 4) return yield say(words.say('undo-usage'));
      const recent = await ledger.history(store.id, code === '' ? {} : { code }, 20);
      const mine = recent.filter((v) => who.role === 'owner' || v.by?.id === who.person.id);
      const found = mine.find((v) => undoable(v, now()));
      if (found) return yield { kind: 'card', card: await question(found, store, who), tag: found.id };
      const verified = mine.find((v) => v.state === 'verified');
      yield say(words.say(verified ? 'undo-impossible' : 'undo-nothing'));
    },

    ask: (incoming, who, id) =>
      pressed(who, id, async function* (v) {
        const store = await may(v, who);
        const all = await desk.together(v);
        if (!store || !all.some((one) => undoable(one, now()))) {
          if (v.state === 'verified') yield whisper(who.words.say('undo-impossible'));
          return yield* show(v, incoming, who);
        }
        yield { kind: 'settle', card: await question(v, store, who) };
      }),

    yes: (incoming, who, id) =>
      pressed(who, id, async function* (v) {
        if (v.state === 'verified' && !undoable(v, now())) {
          yield whisper(who.words.say('undo-impossible'));
          return yield* show(v, incoming, who);
        }
        const store = await may(v, who);
        if (store) yield* takeBack(v, store, incoming, who);
      }),

    no: (incoming, who, id) =>
      pressed(who, id, async function* (v) {
        yield* show(v, incoming, who);
      }),

    all: (incoming, who, id) =>
      pressed(who, id, async function* (v) {
        const store = await may(v, who);
        const open = (await desk.together(v)).filter((one) => undoable(one, now()));
        if (open.length === 0) yield whisper(who.words.say('undo-impossible'));
        if (!store || open.length === 0) return yield* show(v, incoming, who);
        for (const one of open) yield* takeBack(one, store, incoming, who);
      }),
  };
}
