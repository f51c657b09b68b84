// @ts-check
/** DOM elements, toasts, and POST requests. */
import { at, words } from './words.js';

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

/** Pauses before the retries of a POST, ms: a slow or broken line is often back within seconds. */
const RETRIES_MS = [400, 1200, 3000];

/**
 * Posts one event until the server has it, with the same id each time: the server takes it once. Gives up after the last
 * retry, or at once where the server refuses it. `failed` is called before each retry.
 * @param {string} path @param {RequestInit} request @param {number} timeoutMs @param {() => void} [failed]
 * @returns {Promise<string | undefined>} the reason of a failure, as a sentence
 */
export async function deliver(path, request, timeoutMs, failed = () => undefined) {
  for (const pause of [...RETRIES_MS, undefined]) {
    const { done, why } = await tried(path, { method: 'POST', ...request, signal: AbortSignal.timeout(timeoutMs) });
    if (done || pause === undefined) return why;
    failed();
    await new Promise((resume) => setTimeout(resume, pause));
  }
  return words.notSent;
}

/** @param {string} path @param {RequestInit} request @returns {Promise<{ done: boolean, why?: string }>} */
async function tried(path, request) {
  try {
    const response = await fetch(at + path, request);
    if (response.ok) return { done: true };
    const { error } = await response.json();
    return { done: response.status < 500, why: typeof error === 'string' ? error : words.notSent };
  } catch {
    return { done: false, why: words.notSent };
  }
}

/** @param {string} path @param {object} body @param {() => void} [failed] @returns {Promise<string | undefined>} the reason of a failure, as a sentence */
export const post = (path, body, failed) =>
  deliver(path, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }, 15_000, failed);

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
