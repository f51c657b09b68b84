/** Streams a page to one browser tab by server-sent events, from the revision the tab has. */
import type { SSEStreamingApi } from 'hono/streaming';
import type { Time } from '../../services/time/time.ts';
import { changeSince, mark } from './visitor-page.ts';
import type { Pages } from './visitor-pages.ts';

/** Heartbeat interval, ms: proxies close silent connections, and the page detects a dead one by a missing heartbeat. */
const BEAT_MS = 15_000;
/** The browser's reconnect delay, ms. */
const RETRY_MS = 1000;

/**
 * Sends the changes since `seen` and all later ones, until the tab disconnects or `ended` aborts; then a `sleep` event
 * tells the tab not to reconnect. Each change is computed from the current page: a slow tab skips intermediate states but
 * always gets the last one.
 */
export async function follow(
  stream: SSEStreamingApi,
  {
    pages,
    visitor,
    seen,
    ended,
    sleep,
  }: { pages: Pages; visitor: string; seen: string | undefined; ended: AbortSignal; sleep: Time['sleep'] },
): Promise<void> {
  let wake = (): void => undefined;
  let changed = true;
  const unwatch = pages.watch(visitor, () => {
    changed = true;
    wake();
  });
  const end = (): void => wake();
  stream.onAbort(end);
  ended.addEventListener('abort', end);
  let known = seen;
  try {
    await stream.writeSSE({ event: 'beat', data: '', retry: RETRY_MS });
    while (!stream.aborted && !ended.aborted) {
      changed = false;
      const page = await pages.read(visitor);
      if (!page) return;
      const change = changeSince(page, known);
      if (change) {
        known = mark(page);
        await stream.writeSSE({ event: 'change', id: known, data: JSON.stringify(change) });
      }
      if (changed || stream.aborted || ended.aborted) continue;
      const woken = new AbortController();
      wake = () => woken.abort();
      await sleep(BEAT_MS, woken.signal);
      if (!woken.signal.aborted) await stream.writeSSE({ event: 'beat', data: '' });
    }
    if (ended.aborted && !stream.aborted) await stream.writeSSE({ event: 'sleep', data: '' });
  } finally {
    unwatch();
    ended.removeEventListener('abort', end);
  }
}
