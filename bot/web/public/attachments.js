// @ts-check
/** Renders pictures and files in a chat, as long as the server has them. */
import { element } from './elements.js';
import { locale, words } from './words.js';

/** @typedef {import('./messages.js').Message} Message */

/** The picture that the visitor sent; the text replaces it once it has expired. @param {Message} message @param {HTMLElement} text */
export function pictureOf(message, text) {
  const picture = /** @type {HTMLImageElement} */ (element('img', 'picture'));
  picture.src = `/photo/${message.picture}`;
  picture.alt = message.text;
  picture.addEventListener('error', () => picture.replaceWith(text), { once: true });
  return picture;
}

/** The bot's attachment: a picture that opens in a tab of its own for printing, or a file to download. @param {Message} message */
export function attachedOf(message) {
  const link = /** @type {HTMLAnchorElement} */ (element('a', message.kind === 'picture' ? 'opens' : 'file'));
  link.href = `/attachment/${message.id}`;
  if (message.kind === 'picture') {
    link.target = '_blank';
    const picture = /** @type {HTMLImageElement} */ (element('img', 'picture'));
    picture.src = link.href;
    picture.alt = words.openPicture;
    picture.addEventListener('error', () => link.replaceWith(element('p', 'only', words.pictureGone)), { once: true });
    link.append(picture);
  } else {
    link.download = message.name;
    const name = element('span', 'name', message.name);
    name.dir = 'auto';
    link.append(name, element('span', 'only', sizeOf(message.bytes)));
    link.setAttribute('aria-label', words.saveFile.replace('{name}', message.name).replace('{size}', sizeOf(message.bytes)));
  }
  return link;
}

/** @param {number} bytes */
function sizeOf(bytes) {
  const [amount, unit] =
    bytes < 1024 ? [bytes, 'byte'] : bytes < 1024 * 1024 ? [bytes / 1024, 'kilobyte'] : [bytes / 1024 / 1024, 'megabyte'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, maximumSignificantDigits: 2 }).format(amount);
}
