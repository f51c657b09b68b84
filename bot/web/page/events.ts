/** Streams a page to one browser tab by server-sent events, from the revision the tab has. */
import type { SSEStreamingApi } from 'hono/streaming';
import type { Time } from '../../../services/time/time.ts';
import { changeSince, mark, pending } from './visitor-page.ts';
import type { Pages } from './visitor-pages.ts';

/** Heartbeat interval, ms: proxies close silent connections, and the page detects a dead one by a missing heartbeat. */
const BEAT_MS = 15_000;
/** The browser's reconnect delay, ms. */
const RETRY_MS = 1000;
/** Interval of looking, ms, while the bot has to say something: another instance may be the one that answers. */
const LOOK_MS = 2_000;
/** How long a form waits for its answer, ms: most come within a second, and a page without scripts looks again by itself. */
const PATIENCE_MS = 3_000;

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
    now,
    sleep,
  }: {
    pages: Pages;
    visitor: string;
    seen: string | undefined;
    ended: AbortSignal;
    now: () => number;
    sleep: Time['sleep'];
  },
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
  let silentMs = 0;
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
      const ms = pending(page, now()) ? LOOK_MS : BEAT_MS;
      await sleep(ms, woken.signal);
      silentMs = woken.signal.aborted ? 0 : silentMs + ms;
      if (silentMs < BEAT_MS) continue;
      silentMs = 0;
      await stream.writeSSE({ event: 'beat', data: '' });
    }
    if (ended.aborted && !stream.aborted) await stream.writeSSE({ event: 'sleep', data: '' });
  } finally {
    unwatch();
    ended.removeEventListener('abort', end);
  }
}

/** Resolves when the bot has said everything that the visitor waits for, or after three seconds. */
export async function untilAnswered(
  visitor: string,
  { pages, now, sleep }: { pages: Pick<Pages, 'read' | 'watch'>; now: () => number; sleep: Time['sleep'] },
): Promise<void> {
  const late = new AbortController();
  let wake = (): void => undefined;
  const unwatch = pages.watch(visitor, () => wake());
  const time = sleep(PATIENCE_MS, late.signal).then(() => 'late' as const);
  try {
    for (;;) {
      const changed = new Promise<void>((resolve) => (wake = resolve));
      const page = await pages.read(visitor);
      if (!page || !pending(page, now()) || (await Promise.race([changed, time])) === 'late') return;
    }
  } finally {
    unwatch();
    late.abort();
  }
}
