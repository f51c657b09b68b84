/** 交班: what was verified since the last hand-over and by whom; who hands over and who takes over are noted. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Figures } from '../../services/ledger/ledger.ts';
import type { Shift, Shifts } from '../../services/ledger/shifts.ts';
import { marked } from '../cards/practice-mark.ts';
import { byPerson, whisper, type Asker, type Handler, type Presses, type StoreAsker } from '../handler.ts';
import type { Button, Reply } from '../message.ts';
import { mayVerify, type At, type Rights } from '../rights.ts';
import type { ShiftVerb } from '../verb.ts';
import { wordLine } from './summary.ts';

/** Hand-overs that are listed below the running shift. */
const LISTED = 5;
/** Most people of one shift. */
const MOST = 10;

export function createShift(parts: { shifts: Shifts; rights: Rights }): {
  readonly command: Handler<StoreAsker>;
  readonly presses: Presses<ShiftVerb>;
} {
  const { shifts, rights } = parts;

  async function show(store: Store, { words, person }: Asker): Promise<Reply> {
    const { since, figures } = await shifts.running(store);
    const before = await shifts.latest(store.id, LISTED);
    const [last] = before;
    const buttons: Button[] = [
      ...(last && !last.to && last.from.id !== person.id ? [takeButton(last, words)] : []),
      { verb: 'shift-over', id: `${store.id}-${since.toString(36)}`, label: words.say('button-shift-over'), style: 'primary' },
    ];
    const lines = [
      marked(words.say('shift-title', { store: store.name, time: words.moment(since, store.zone) }), store, words),
      ...wordFigures(figures, words),
      ...(before.length > 0 ? ['', words.say('shift-before'), ...before.map((shift) => wordShift(shift, store, words))] : []),
    ];
    return { kind: 'say', text: lines.join('\n'), buttons: buttons.map((button) => [button]) };
  }

  /** The store and the person's right to it, now; whispers why not. */
  async function* allowed(storeId: string, asker: Asker, run: (at: At) => AsyncIterable<Reply>): AsyncIterable<Reply> {
    const at = await rights.at(storeId, asker);
    if (!at) return yield whisper(asker.words.say('card-gone'));
    if (!mayVerify(at.role)) return yield whisper(asker.words.say('press-refused'));
    yield* run(at);
  }

  return {
    async *command(_, asker) {
      yield await show(asker.store, asker);
    },
    presses: {
      async *'shift-over'(_, asker, id) {
        const [storeId = '', since = ''] = id.split('-');
        yield* allowed(storeId, asker, async function* handsOver({ store }) {
          const { words } = asker;
          const shift = await shifts.handOver(store, Number.parseInt(since, 36), byPerson(asker.person));
          if (!shift) return yield whisper(words.say('shift-over-already'));
          yield {
            kind: 'replace',
            card: {
              title: marked(words.say('shift-handed-over', { store: store.name }), store, words),
              fields: [],
              note: [wordShift(shift, store, words), ...wordFigures(shift.figures, words), '', words.say('shift-take-it')].join(
                '\n',
              ),
              buttons: [[takeButton(shift, words)]],
            },
          };
        });
      },
      async *'shift-take'(_, asker, id) {
        const { words, person } = asker;
        const known = await shifts.get(id);
        if (!known) return yield whisper(words.say('card-gone'));
        yield* allowed(known.storeId, asker, async function* takesOver({ store }) {
          if (known.from.id === person.id) return yield whisper(words.say('shift-own'));
          const shift = await shifts.take(store, id, byPerson(person));
          const stands = shift ?? (await shifts.get(id)) ?? known;
          if (!shift) yield whisper(words.say('shift-taken-already', { name: stands.to?.name || words.say('nameless') }));
          yield {
            kind: 'replace',
            card: {
              title: marked(words.say('shift-taken', { store: store.name }), store, words),
              fields: [],
              note: [wordShift(stands, store, words), ...wordFigures(stands.figures, words)].join('\n'),
              buttons: [],
            },
          };
        });
      },
    },
  };
}

const takeButton = (shift: Shift, words: Words): Button => ({
  verb: 'shift-take',
  id: shift.id,
  label: words.say('button-shift-take'),
  style: 'primary',
});

function wordFigures(figures: Figures, words: Words): readonly string[] {
  return [
    words.say('summary-verified', { count: figures.count }),
    words.say('summary-total', { total: words.money(figures.total) }),
    ...(figures.unpriced > 0 ? [words.say('summary-unpriced', { count: figures.unpriced })] : []),
    ...(figures.undone > 0
      ? [words.say('summary-undone', { count: figures.undone, total: words.money(figures.undoneTotal) })]
      : []),
    ...(figures.unsure > 0 ? [words.say('summary-unsure', { count: figures.unsure })] : []),
    ...figures.byPerson.slice(0, MOST).map((line) => wordLine(line.name || words.say('nameless'), line, words)),
  ];
}

/** Words a hand-over: `11-22 18:30 小王 → 小李 12 张 ¥588.00`. */
function wordShift({ at, from, to, figures }: Shift, store: Store, words: Words): string {
  return words.say('shift-line', {
    time: words.moment(at, store.zone).slice(5),
    from: from.name || words.say('nameless'),
    to: to ? to.name || words.say('nameless') : words.say('shift-nobody'),
    count: figures.count,
    total: words.money(figures.total),
  });
}
