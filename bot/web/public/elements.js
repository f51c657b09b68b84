// @ts-check
/** DOM elements, toasts, and POST requests. */
import { words } from './words.js';

/** Debounce of a clicked sample or quick word, ms: a double click counts once. */
export const CLICKED_MS = 800;

/** @param {string} selector @param {ParentNode} [within] @returns {HTMLElement} */
export const one = (selector, within = document) => /** @type {HTMLElement} */ (within.querySelector(selector));

/** Creates an element with a class and text; the text is never parsed as markup. @param {string} tag @param {string} [name] @param {string} [text] */
export function element(tag, name, text) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** An idempotency key for one event: a retry keeps it. `randomUUID` is missing on plain http addresses. */
export function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {string} path @param {object} body @returns {Promise<string | undefined>} the reason of a failure, as a sentence */
export async function post(path, body) {
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(15_000),
    });
    if (response.ok) return undefined;
    const { error } = await response.json();
    return typeof error === 'string' ? error : words.notSent;
  } catch {
    return words.notSent;
  }
}

/** @param {string} text */
export function toast(text) {
  const shown = element('p', 'toast', text);
  one('[data-role=toasts]').append(shown);
  setTimeout(() => shown.remove(), 5000);
}

/** Disables a button for `ms`; unlike `disabled` it keeps the focus. @param {HTMLElement} button @param {number} ms */
export function rest(button, ms) {
  button.setAttribute('aria-disabled', 'true');
  setTimeout(() => button.removeAttribute('aria-disabled'), ms);
}

/** @param {EventTarget | null} button */
export const resting = (button) => button instanceof HTMLElement && button.getAttribute('aria-disabled') === 'true';
