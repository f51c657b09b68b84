// @ts-check
/** Keeps an unsent text of each chat through a reload of the page. */
import { at } from './words.js';

/**
 * Keeps an unsent text while the tab is open, with its id if it was tried: a reload loses nothing and sends nothing twice.
 * Secrets are never kept.
 * @param {import('./messages.js').Side} side
 */
export function draftsOf(side) {
  const key = `draft-${side}${at}`;
  return {
    /** @param {string} text @param {string} [id] */
    keep(text, id) {
      try {
        if (text.trim() === '') sessionStorage.removeItem(key);
        else sessionStorage.setItem(key, JSON.stringify({ text, id }));
      } catch {
        // Storage may be full or forbidden: the text is still in the box.
      }
    },
    /** @returns {{ text: string, id?: string } | undefined} */
    kept() {
      try {
        return JSON.parse(sessionStorage.getItem(key) ?? 'null') ?? undefined;
      } catch {
        return undefined;
      }
    },
  };
}
