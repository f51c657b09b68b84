/** Keeps one browser tab up to date by server-sent events, from wherever it stopped. */
import type { SSEStreamingApi } from 'hono/streaming';
import { changeSince, mark } from './visitor-page.ts';
import type { Pages } from './visitor-pages.ts';

/** A sign of life this often, ms: proxies close silent connections, and the page notices dead ones by its absence. */
const BEAT_MS = 15_000;
/** How long the browser waits before it connects again, ms. */
const RETRY_MS = 1000;

/**
 * Sends what changed since `seen`, and every later change, until the tab goes away or `ended` aborts (then with a word
 * that it may sleep). What is sent is reckoned from the page at that moment: a slow tab misses steps, never the result.
 */
export async function follow(
  stream: SSEStreamingApi,
  { pages, visitor, seen, ended }: { pages: Pages; visitor: string; seen: string | undefined; ended: AbortSignal },
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
      const woken = await new Promise<boolean>((resolve) => {
        const beat = setTimeout(resolve, BEAT_MS, false);
        wake = () => {
          clearTimeout(beat);
          resolve(true);
        };
      });
      if (!woken) await stream.writeSSE({ event: 'beat', data: '' });
    }
    if (ended.aborted && !stream.aborted) await stream.writeSSE({ event: 'sleep', data: '' });
  } finally {
    unwatch();
    ended.removeEventListener('abort', end);
  }
}
