// @ts-check
/** Keeps a page in sync with the server: by its event stream, and by asking where no stream gets through. */
import { one } from './elements.js';
import { at, words } from './words.js';

/** Heartbeat timeout, ms, 2.7 heartbeats of the server: after it the connection counts as dead. */
const SILENCE_MS = 40_000;
/** Time after which the first events count as late, ms. */
const SLOW_MS = 3000;
/** Interval of asking, ms, while a stream brings nothing: some proxies hold streams back. */
const ASK_MS = 2500;

/**
 * Begins. `apply` takes each change; `lookedAt` is called when somebody comes back to the page.
 * @param {(change: import('./phone.js').Change) => void} apply @param {() => void} lookedAt
 */
export function follow(apply, lookedAt) {
  /** @type {EventSource | undefined} */
  let source;
  /** The server's identifier of the state on screen. */
  let mark = '';
  let heardAt = Date.now();
  let waitMs = 1000;
  /** The stream has brought something. */
  let streaming = false;
  let asking = false;
  /** A newer tab has the stream. */
  let asleep = false;

  /** @param {boolean} lost */
  function showConnection(lost) {
    const bar = one('[data-role=connection]');
    bar.textContent = lost ? words.connecting : '';
    bar.classList.toggle('shown', lost);
  }

  function alive() {
    heardAt = Date.now();
    waitMs = 1000;
    streaming = true;
    showConnection(false);
  }

  const known = () => encodeURIComponent(mark);

  /** @param {string} state @param {string} change */
  function take(state, change) {
    mark = state;
    apply(JSON.parse(change));
  }

  function connect() {
    source?.close();
    asleep = false;
    streaming = false;
    const opened = new EventSource(`${at}/events?after=${known()}`);
    source = opened;
    heardAt = Date.now();
    opened.addEventListener('beat', alive);
    opened.addEventListener('change', (event) => {
      alive();
      take(event.lastEventId, event.data);
    });
    // Newer tabs needed the connection; this one comes back when it is looked at.
    opened.addEventListener('sleep', () => {
      opened.close();
      asleep = true;
      if (source === opened) source = undefined;
    });
    opened.addEventListener('error', () => {
      if (source !== opened) return;
      streaming = false;
      showConnection(true);
      if (opened.readyState !== EventSource.CLOSED) return;
      // The browser stops reconnecting after an answer that is no event stream.
      source = undefined;
      setTimeout(() => source ?? connect(), waitMs);
      waitMs = Math.min(waitMs * 2, 15_000);
    });
  }

  /** Asks once for what a stream would have brought. */
  async function ask() {
    if (asking) return;
    asking = true;
    try {
      const answer = await fetch(`${at}/changes?after=${known()}`, { signal: AbortSignal.timeout(15_000) });
      const state = answer.headers.get('etag');
      if (answer.status === 200 && state !== null) take(state.replaceAll('"', ''), await answer.text());
      if (answer.ok) showConnection(false);
    } catch {
      // The next one may get through.
    }
    asking = false;
  }

  function awake() {
    if (document.hidden) return;
    // A phone that slept has lost its stream, and may not know it yet.
    if (!source || Date.now() - heardAt > SILENCE_MS / 2) connect();
    lookedAt();
  }

  document.addEventListener('visibilitychange', awake);
  window.addEventListener('focus', () => (source ? lookedAt() : awake()));
  window.addEventListener('online', connect);
  setInterval(() => {
    if (!source || Date.now() - heardAt <= SILENCE_MS) return;
    showConnection(true);
    connect();
  }, 5000);
  setInterval(() => {
    if (!document.hidden && !asleep && !streaming) void ask();
  }, ASK_MS);

  connect();
  // A page that is still empty after this time says why.
  setTimeout(() => mark === '' && showConnection(true), SLOW_MS);
}
