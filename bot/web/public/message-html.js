// @ts-check
/** Renders a message as HTML, for the server and the browser alike: a bubble or a card, with its buttons. */

/**
 * @typedef {{ label: string, verb: string, id: string, style?: 'primary' | 'danger' }} Button
 * @typedef {{ title: string, fields: { label: string, value: string }[], note?: string, tone?: string, buttons: Button[][] }} Card
 * @typedef {{ id: string, at: number, rev: number, kind: 'mine' | 'said' | 'card' | 'picture' | 'file' | 'whisper', text: string, picture?: string, name: string, bytes: number, card: Card, buttons?: Button[][] }} Message
 * @typedef {{ words: any, locale: string, at: string, side: string, form?: string }} Frame `at` begins the page's addresses. `form` is the id of the event that a button posts without a script.
 */

/** @type {Record<string, string>} */
const ENTITIES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes a text for HTML, in elements and in quoted attributes. @param {string} text */
export const escapeHtml = (text) => text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

/**
 * A template whose values are escaped, unless they are arrays: those are HTML already, made by this very function.
 * @param {TemplateStringsArray} parts @param {(string | string[])[]} values
 */
const markup = (parts, ...values) =>
  parts.reduce((all, part, i) => {
    const value = values[i - 1] ?? '';
    return all + (Array.isArray(value) ? value.join('') : escapeHtml(value)) + part;
  });

/** The inside of a message. Every text of it is escaped. @param {Message} message @param {Frame} frame */
export function messageHtml(message, frame) {
  const { words, side } = frame;
  const mine = message.kind === 'mine';
  const inside = message.kind === 'card' ? cardHtml(message, frame) : bubbleHtml(message, frame);
  const who = markup`<span class="${!mine && side === 'owners' ? 'who' : 'unseen'}">${mine ? words.me : words.bot}</span>`;
  return markup`<div class="line"><span class="avatar" aria-hidden="true"></span><div class="body">${[who, inside]}</div></div>`;
}

/** The classes of a message's element. @param {Message} message */
export const classOf = ({ kind }) => `message ${kind === 'mine' ? 'mine' : 'theirs'} ${kind}`;

/** @param {Message} message @param {Frame} frame */
function cardHtml(message, frame) {
  const { title, fields, note, tone, buttons } = message.card;
  const id = `title-${frame.side}-${message.id}`;
  const sign = tone ? markup`<span class="tone" role="img" aria-label="${frame.words.tones[tone] ?? ''}"></span>` : '';
  const head = markup`<header>${[sign]}<h3 dir="auto" id="${id}">${title}</h3></header>`;
  const lines = fields.map(({ label, value }) => markup`<div><dt>${label}</dt><dd dir="auto">${value}</dd></div>`);
  const list = lines.length > 0 ? markup`<dl>${lines}</dl>` : '';
  const below = note ? markup`<p class="note" dir="auto">${note}</p>` : '';
  const inside = [head, list, below, buttonsHtml(message, buttons, frame)];
  return markup`<article class="card ${tone ?? ''}" tabindex="-1" aria-labelledby="${id}">${inside}</article>`;
}

/** @param {Message} message @param {Frame} frame */
function bubbleHtml(message, frame) {
  const { text, kind, picture } = message;
  const attached = kind === 'picture' || kind === 'file' ? attachedHtml(message, frame) : '';
  const words = text === '' ? '' : markup`<p class="text" dir="auto">${kind === 'mine' ? text : linked(text)}</p>`;
  const said = picture ? markup`<img class="picture" src="${frame.at}/photo/${picture}" alt="${text}" />` : words;
  const only = kind === 'whisper' ? markup`<p class="only">${frame.words.onlyYou}</p>` : '';
  return markup`<div class="bubble">${[attached, said, only, buttonsHtml(message, message.buttons ?? [], frame)]}</div>`;
}

/** An address, without the punctuation behind it. */
const ADDRESS = /(https?:\/\/[\w.:/?#@!$&*+,;=%~-]*[\w/#=&%-])/;

/** A text of the bot, whose addresses can be tapped. @param {string} text */
const linked = (text) =>
  text
    .split(ADDRESS)
    .map((part, n) =>
      n % 2 === 0 ? escapeHtml(part) : markup`<a href="${part}" target="_blank" rel="noopener noreferrer">${part}</a>`,
    );

/** The bot's attachment: a picture that opens in a tab of its own for printing, or a file to download. @param {Message} message @param {Frame} frame */
function attachedHtml({ id, kind, name, bytes }, { at, words, locale }) {
  const address = `${at}/attachment/${id}`;
  if (kind === 'picture') {
    const picture = markup`<img class="picture" src="${address}" alt="${words.openPicture}" />`;
    return markup`<a class="opens" href="${address}" target="_blank">${[picture]}</a>`;
  }
  const size = sizeOf(bytes, locale);
  const label = words.saveFile.replace('{name}', name).replace('{size}', size);
  const inside = markup`<span class="name" dir="auto">${name}</span><span class="only">${size}</span>`;
  return markup`<a class="file" href="${address}" download="${name}" aria-label="${label}">${[inside]}</a>`;
}

/** Buttons that a script presses; with `form` they post by themselves where there is none. @param {Message} message @param {Button[][]} rows @param {Frame} frame */
function buttonsHtml(message, rows, { at, side, form }) {
  if (rows.length === 0) return '';
  const type = form ? 'submit' : 'button';
  const lines = rows.map((row) => {
    const buttons = row.map(
      ({ label, verb, id, style }) =>
        markup`<button type="${type}" class="${style ?? ''}" name="action" value="${verb}:${id}">${label}</button>`,
    );
    return markup`<div class="row">${buttons}</div>`;
  });
  if (!form) return markup`<div class="buttons">${lines}</div>`;
  /** @type {[string, string][]} */
  const told = [
    ['chat', side],
    ['message', message.id],
    ['id', form],
  ];
  const hidden = told.map(([name, value]) => markup`<input type="hidden" name="${name}" value="${value}" />`);
  return markup`<form class="buttons" method="post" action="${at}/form/press">${hidden}${lines}</form>`;
}

/** @param {number} bytes @param {string} locale */
function sizeOf(bytes, locale) {
  const [amount, unit] =
    bytes < 1024 ? [bytes, 'byte'] : bytes < 1024 * 1024 ? [bytes / 1024, 'kilobyte'] : [bytes / 1024 / 1024, 'megabyte'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, maximumSignificantDigits: 2 }).format(amount);
}
