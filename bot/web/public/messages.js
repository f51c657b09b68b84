// @ts-check
/** Draws messages in a chat, and sends the presses of their buttons. */
import { element, newId, post, toast } from './elements.js';
import { classOf, messageHtml } from './message-html.js';
import { at, locale, words } from './words.js';

/**
 * @typedef {'store' | 'owners'} Side
 * @typedef {import('./message-html.js').Message} Message
 */

/** Pause between two messages after which a time is shown, ms. */
const PAUSE_MS = 5 * 60_000;
/** Buttons are enabled again after this time when their card has not changed, ms. */
const PRESSED_MS = 4000;

/** Idempotency keys of failed presses, by message and action: a retry of the same button reuses its key. @type {Map<string, string>} */
const events = new Map();

/**
 * Sends a press and disables all buttons of the message until it changes: no second press can slip in between.
 * @param {Side} side @param {string} message @param {string} action @param {HTMLElement} box
 */
async function press(side, message, action, box) {
  if (box.dataset.resting) return;
  box.dataset.resting = 'yes';
  const buttons = box.querySelectorAll('button');
  for (const button of buttons) button.setAttribute('aria-disabled', 'true');
  const key = `${side} ${message} ${action}`;
  const id = events.get(key) ?? newId();
  events.set(key, id);
  const refused = await post('/press', { chat: side, message, action, id });
  if (refused) toast(refused);
  else events.delete(key);
  setTimeout(
    () => {
      delete box.dataset.resting;
      for (const button of buttons) button.removeAttribute('aria-disabled');
    },
    refused ? 0 : PRESSED_MS,
  );
}

/** Has the buttons of a chat pressed, drawn here or by the server. @param {Side} side @param {HTMLElement} log */
export function takePresses(side, log) {
  log.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('button') : null;
    const box = /** @type {HTMLElement | null | undefined} */ (button?.closest('.buttons'));
    const message = /** @type {HTMLElement | null | undefined} */ (button?.closest('.message'))?.dataset.id;
    if (!button || !box || message === undefined) return;
    event.preventDefault();
    void press(side, message, button.value, box);
  });
}

/** The time over a message that comes after a pause. @param {number} ms */
function timeOf(ms) {
  const sent = new Date(ms);
  const today = sent.toDateString() === new Date().toDateString();
  const day = today ? {} : /** @type {const} */ ({ month: 'short', day: 'numeric' });
  const time = element('time', '', sent.toLocaleString(locale, { hour: '2-digit', minute: '2-digit', ...day }));
  time.setAttribute('datetime', sent.toISOString());
  return time;
}

/** Draws a message. @param {Side} side @param {Message} message @param {Message | undefined} before */
export function messageOf(side, message, before) {
  const shown = element('div', classOf(message));
  shown.dataset.id = message.id;
  // Every text of it is escaped.
  shown.innerHTML = messageHtml(message, { words, locale, at, side });
  if (!before || message.at - before.at > PAUSE_MS) shown.prepend(timeOf(message.at));
  const picture = shown.querySelector('img.picture');
  // Pictures and files are kept for a while: words take their place then.
  const instead = () => (message.picture ? element('p', 'text', message.text) : element('p', 'only', words.pictureGone));
  picture?.addEventListener('error', () => (picture.closest('a') ?? picture).replaceWith(instead()), { once: true });
  return shown;
}
