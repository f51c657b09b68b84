/** 记录: finds verifications by words, a page at a time; each row opens its story. */
import type { Words } from '../../locales/index.ts';
import type { StoreAccount, Store, Stores } from '../../services/accounts/stores.ts';
import type { Collection } from '../../services/collection.ts';
import type { KnownWords } from '../../services/ledger/names.ts';
import { positionOf, type Position, type ReadPage } from '../../services/ledger/pages.ts';
import { readSearch, type Reading } from '../../services/ledger/read-search.ts';
import type { Search } from '../../services/ledger/search.ts';
import type { Reports } from '../../services/ledger/reports.ts';
import type { PlatformClient } from '../../services/platforms/client.ts';
import { dayAt } from '../../services/time/calendar.ts';
import type { Verification } from '../../services/verification/verification.ts';
import { marked } from '../cards/practice-mark.ts';
import { whisper, type Asker, type Handler, type Presses } from '../handler.ts';
import type { Button, Reply } from '../message.ts';
import { mayVerify } from '../rights.ts';
import type { HistoryVerb } from '../verb.ts';
import type { Readable, Reading as ReadingStore } from './read-rights.ts';
import { rowText, storyButtons } from './rows.ts';

/** Rows of a page. */
const PAGE = 8;
/** How long the buttons of a page turn it, ms. */
export const PAGES_MS = 24 * 3_600_000;

/** A search whose pages are being turned. */
export interface Turning {
  readonly storeId: string;
  readonly search: Search;
  readonly said: readonly string[];
  /** The first and the last row that the page shows. */
  readonly first: Position;
  readonly last: Position;
}

export interface HistoryParts {
  readonly readPage: ReadPage;
  readonly knownWords: KnownWords;
  readonly reports: Pick<Reports, 'storesOf'>;
  readonly stores: Pick<Stores, 'storeAccounts'>;
  readonly readable: Readable;
  readonly turning: Collection<Turning>;
  readonly client: (storeAccount: StoreAccount) => Promise<PlatformClient>;
  readonly newId: () => string;
  readonly now: () => number;
}

export interface History {
  /** `/history [words]`: of the chat's store, or of an owner group's stores. */
  readonly command: Handler;
  readonly presses: Presses<HistoryVerb>;
}

export function createHistory(parts: HistoryParts): History {
  const { readPage, knownWords, reports, readable, turning, newId, now } = parts;

  /** Makes a button for the platform's own list of the day, where one day is asked for and the platform has it. */
  const listButton = async (store: Store, { span, search }: Reading, words: Words): Promise<readonly Button[][]> => {
    const today = dayAt(now(), store);
    const { from = today, to = today } = span ?? {};
    if (from !== to || (span === undefined && Object.keys(search).length > 0)) return [];
    for (const storeAccount of await parts.stores.storeAccounts(store))
      if ((await parts.client(storeAccount)).hasRecords)
        return [[{ verb: 'records', id: from, label: words.say('button-records', { day: from.slice(5) }) }]];
    return [];
  };

  /** The buttons of a page: its rows' stories, and those that turn it. */
  async function buttonsOf(
    rows: readonly Verification[],
    { older, newer }: Turns,
    of: Omit<Turning, 'first' | 'last'>,
    store: Store,
    words: Words,
  ) {
    const [first, last] = [rows[0], rows.at(-1)];
    if (!first || !last) return [];
    const id = newId();
    if (older || newer) await turning.set(id, { ...of, first: positionOf(first), last: positionOf(last) });
    const pages: Button[] = [
      ...(newer ? [{ verb: 'history-newer', id, label: words.say('button-newer') } as const] : []),
      ...(older ? [{ verb: 'history-older', id, label: words.say('button-older') } as const] : []),
    ];
    return [...storyButtons(rows, store, words), ...(pages.length > 0 ? [pages] : [])];
  }

  async function ofStore(to: ReadingStore, rest: string, words: Words, listed: boolean): Promise<Reply> {
    const { store } = to;
    const reading = await readSearch(rest, store, { now: now(), known: knownWords });
    const { search, said, unknown } = reading;
    const notUnderstood =
      unknown.length > 0 ? [words.say('history-unknown', { words: unknown.join(words.say('list-comma')) })] : [];
    if (unknown.length > 0 && said.length === 0)
      return { kind: 'say', text: [...notUnderstood, words.say('history-how')].join('\n') };
    const found = await readPage(store.id, search, PAGE + 1);
    const rows = found.slice(0, PAGE);
    const more = { older: found.length > PAGE, newer: false };
    const turn = { storeId: store.id, search, said };
    const buttons = [
      ...(await buttonsOf(rows, more, turn, store, words)),
      ...(listed ? await listButton(store, reading, words) : []),
    ];
    const text = [...notUnderstood, pageText(rows, to, said, words)].join('\n');
    return { kind: 'say', text, ...(buttons.length > 0 && { buttons }) };
  }

  async function* turned(asker: Asker, id: string, older: boolean): AsyncIterable<Reply> {
    const { words } = asker;
    const turn = await turning.get(id);
    if (!turn) return yield whisper(words.say('history-gone'));
    const to = await readable(turn.storeId, asker);
    if (!to) return yield whisper(words.say('press-refused'));
    const found = await readPage(to.store.id, turn.search, PAGE + 1, older ? { after: turn.last } : { before: turn.first });
    const beyond = found.length > PAGE;
    const rows = older ? found.slice(0, PAGE) : found.slice(-PAGE);
    if (rows.length === 0) return yield whisper(words.say('history-end'));
    const turns = older ? { older: beyond, newer: true } : { older: true, newer: beyond };
    const buttons = await buttonsOf(rows, turns, turn, to.store, words);
    yield { kind: 'say', text: pageText(rows, to, turn.said, words), buttons };
  }

  return {
    async *command(_, asker, rest) {
      const { words, store, role } = asker;
      const own = store && mayVerify(role) ? store : undefined;
      for (const one of own ? [own] : await reports.storesOf(asker.chat.id)) {
        const to = await readable(one.id, asker);
        if (to) yield await ofStore(to, rest, words, one === own);
      }
    },
    presses: {
      'history-older': (_, asker, id) => turned(asker, id, true),
      'history-newer': (_, asker, id) => turned(asker, id, false),
    },
  };
}

/** Whether there is an older and a newer page. */
interface Turns {
  readonly older: boolean;
  readonly newer: boolean;
}

function pageText(rows: readonly Verification[], to: ReadingStore, said: readonly string[], words: Words): string {
  const { store } = to;
  const asked = said.join(' · ');
  if (rows.length === 0)
    return asked === ''
      ? words.say('history-none', { store: store.name })
      : words.say('history-none-such', { store: store.name, asked });
  const title =
    asked === ''
      ? words.say('history-title', { store: store.name })
      : words.say('history-title-of', { store: store.name, asked });
  return [marked(title, store, words), ...rows.map((v) => rowText(v, to, words))].join('\n');
}
