/** Fetches events of each 客服账号 page by page from a stored cursor, one fetch at a time. */
import type { Log } from '../../../services/log.ts';
import type { Collection } from '../../../services/database/collections.ts';
import type { Api } from '../api.ts';
import { hasCode } from '../fault.ts';

/** Lifetime of a cursor, that of the messages it points at: three days. */
export const CURSOR_MS = 30 * 24 * 3_600_000;
/** Oldest event taken without a cursor, for then WeCom sends everything of three days. */
const FIRST_MS = 10 * 60_000;
/** Validity of a callback's token. */
const TOKEN_MS = 10 * 60_000;
const WRONG_TOKEN = 95007;
/** Empty pages in a row before a fetch gives up. */
const MOST_EMPTY = 50;
const LONGEST_WAIT_MS = 60_000;

export interface Sync {
  /** Something happened at this account. `token`: the callback's, without which WeCom limits calls strictly. */
  notify(openKfid: string, token?: string): void;
  /** Starts no further fetch; resolves when the running ones are stored or have failed. */
  stop(): Promise<void>;
  start(): void;
  /** Tells whether a fetch is running. */
  busy(): boolean;
  /** Resolves when no fetch is running. */
  settled(): Promise<void>;
}

export interface SyncParts {
  readonly api: Pick<Api, 'call'>;
  /** A collection for `CURSOR_MS`, by account. */
  readonly cursors: Collection<string>;
  /** Stores a page's entries; a rejection leaves the cursor, and the page comes again. */
  readonly take: (items: readonly unknown[]) => Promise<void>;
  readonly now: () => number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly log: Log;
}

export function createSync({ api, cursors, take, now, wait, log }: SyncParts): Sync {
  let stopping = new AbortController();
  /** Accounts with events to fetch, and the token of their callback. */
  const news = new Map<string, { readonly token: string | undefined; readonly at: number }>();
  const running = new Map<string, Promise<void>>();

  async function fetchAll(openKfid: string, token: string | undefined): Promise<void> {
    const kept = await cursors.get(openKfid);
    let cursor = kept ?? '';
    for (let empty = 0; empty < MOST_EMPTY && !stopping.signal.aborted;) {
      const body = { cursor, ...(token !== undefined && { token }), limit: 1000, voice_format: 0, open_kfid: openKfid };
      const page = await api.call('/kf/sync_msg', { body });
      const list: unknown = page['msg_list'];
      const items: readonly unknown[] = Array.isArray(list) ? list : [];
      await take(kept === undefined ? items.filter(recent) : items);
      const next = page['next_cursor'];
      const moved = typeof next === 'string' && next !== '' && next !== cursor;
      if (moved) {
        cursor = next;
        await cursors.set(openKfid, cursor);
      }
      if (page['has_more'] !== 1) return;
      // The next page would be this one again, for ever.
      if (!moved && items.length > 0) throw new Error('the cursor stands still although there is more');
      empty = items.length > 0 ? 0 : empty + 1;
    }
  }

  const recent = (item: unknown): boolean =>
    typeof item === 'object' &&
    item !== null &&
    'send_time' in item &&
    typeof item.send_time === 'number' &&
    now() - item.send_time * 1000 < FIRST_MS;

  async function run(openKfid: string): Promise<void> {
    for (let failures = 0; !stopping.signal.aborted;) {
      const told = news.get(openKfid);
      if (!told) return;
      news.delete(openKfid);
      const token = now() - told.at < TOKEN_MS ? told.token : undefined;
      try {
        await fetchAll(openKfid, token).catch(async (error: unknown) => {
          if (token === undefined || !hasCode(error, WRONG_TOKEN)) throw error;
          await fetchAll(openKfid, undefined);
        });
        failures = 0;
      } catch (error) {
        failures += 1;
        log.warn('微信客服: messages could not be fetched', { error, failures });
        if (!news.has(openKfid)) news.set(openKfid, told);
        await wait(Math.min(1000 * 2 ** (failures - 1), LONGEST_WAIT_MS), stopping.signal).catch(() => undefined);
      }
    }
  }

  function begin(openKfid: string): void {
    if (running.has(openKfid) || stopping.signal.aborted) return;
    const work = run(openKfid).finally(() => {
      running.delete(openKfid);
      if (news.has(openKfid)) begin(openKfid);
    });
    running.set(openKfid, work);
  }

  const settled = async (): Promise<void> => {
    while (running.size > 0) await Promise.all(running.values());
  };

  return {
    notify(openKfid, token) {
      news.set(openKfid, { token: token ?? news.get(openKfid)?.token, at: now() });
      begin(openKfid);
    },
    start() {
      stopping = new AbortController();
      for (const openKfid of news.keys()) begin(openKfid);
    },
    async stop() {
      stopping.abort();
      await settled();
    },
    busy: () => running.size > 0,
    settled,
  };
}
