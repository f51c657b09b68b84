// @ts-check
/** Renders one message: a bubble or a card, with its buttons. Text from the server is never parsed as markup. */
import { attachedOf, pictureOf } from './attachments.js';
import { element, newId, post, toast } from './elements.js';
import { locale, words } from './words.js';

/**
 * @typedef {'store' | 'owners'} Side
 * @typedef {{ label: string, verb: string, id: string, style?: 'primary' | 'danger' }} Button
 * @typedef {{ title: string, fields: { label: string, value: string }[], note?: string, tone?: string, buttons: Button[][] }} Card
 * @typedef {{ id: string, at: number, rev: number, kind: 'mine' | 'said' | 'card' | 'picture' | 'file' | 'whisper', text: string, picture?: string, name: string, bytes: number, card: Card, buttons?: Button[][] }} Message
 */

/** Pause between two messages after which a time is shown, ms. */
const PAUSE_MS = 5 * 60_000;
/** Buttons are enabled again after this time when their card has not changed, ms. */
const PRESSED_MS = 4000;

/** @param {Side} side @param {Message} message @param {Button[][] | undefined} rows */
function buttonsOf(side, message, rows) {
  const box = element('div', 'buttons');
  /** Idempotency keys of failed presses: a retry of the same button reuses its key. @type {Map<string, string>} */
  const events = new Map();
  for (const row of rows ?? []) {
    const line = element('div', 'row');
    for (const { label, verb, id, style } of row) {
      const button = /** @type {HTMLButtonElement} */ (element('button', style ?? '', label));
      button.type = 'button';
      button.addEventListener('click', () => void press(side, message, `${verb}:${id}`, box, events));
      line.append(button);
    }
    box.append(line);
  }
  return box;
}

/**
 * Sends a press and disables all buttons of the message until it changes: no second press can slip in between.
 * @param {Side} side @param {Message} message @param {string} action @param {HTMLElement} box @param {Map<string, string>} events
 */
async function press(side, message, action, box, events) {
  if (box.dataset.resting) return;
  box.dataset.resting = 'yes';
  const buttons = box.querySelectorAll('button');
  for (const button of buttons) button.setAttribute('aria-disabled', 'true');
  const id = events.get(action) ?? newId();
  events.set(action, id);
  const refused = await post('/press', { chat: side, message: message.id, action, id });
  if (refused) toast(refused);
  else events.delete(action);
  setTimeout(
    () => {
      delete box.dataset.resting;
      for (const button of buttons) button.removeAttribute('aria-disabled');
    },
    refused ? 0 : PRESSED_MS,
  );
}

/** @param {Side} side @param {Message} message */
function cardOf(side, message) {
  const { title, fields, note, tone, buttons } = message.card;
  const card = element('article', `card ${tone ?? ''}`);
  card.tabIndex = -1;
  const head = element('header');
  if (tone) {
    const icon = element('span', 'tone');
    icon.setAttribute('role', 'img');
    icon.setAttribute('aria-label', words.tones[tone] ?? '');
    head.append(icon);
  }
  const heading = element('h3', '', title);
  heading.dir = 'auto';
  heading.id = `title-${side}-${message.id}`;
  card.setAttribute('aria-labelledby', heading.id);
  head.append(heading);
  card.append(head);
  if (fields.length > 0) {
    const list = element('dl');
    for (const { label, value } of fields) {
      const line = element('div');
      const shown = element('dd', '', value);
      shown.dir = 'auto';
      line.append(element('dt', '', label), shown);
      list.append(line);
    }
    card.append(list);
  }
  if (note) {
    const shown = element('p', 'note', note);
    shown.dir = 'auto';
    card.append(shown);
  }
  if (buttons.length > 0) card.append(buttonsOf(side, message, buttons));
  return card;
}

/** @param {Side} side @param {Message} message @param {Message | undefined} before */
export function messageOf(side, message, before) {
  const shown = element('div', `message ${message.kind === 'mine' ? 'mine' : 'theirs'} ${message.kind}`);
  shown.dataset.id = message.id;
  if (!before || message.at - before.at > PAUSE_MS) {
    const at = new Date(message.at);
    const today = at.toDateString() === new Date().toDateString();
    const time = element(
      'time',
      '',
      at.toLocaleString(locale, { hour: '2-digit', minute: '2-digit', ...(today ? {} : { month: 'short', day: 'numeric' }) }),
    );
    time.setAttribute('datetime', at.toISOString());
    shown.append(time);
  }
  const line = element('div', 'line');
  const avatar = element('span', 'avatar');
  avatar.setAttribute('aria-hidden', 'true');
  line.append(avatar);
  const body = element('div', 'body');
  body.append(
    element(
      'span',
      message.kind === 'mine' ? 'unseen' : side === 'owners' ? 'who' : 'unseen',
      message.kind === 'mine' ? words.me : words.bot,
    ),
  );
  if (message.kind === 'card') {
    body.append(cardOf(side, message));
  } else {
    const bubble = element('div', 'bubble');
    const text = element('p', 'text', message.text);
    text.dir = 'auto';
    if (message.kind === 'picture' || message.kind === 'file') bubble.append(attachedOf(message));
    if (message.text !== '') bubble.append(text);
    if (message.picture) text.replaceWith(pictureOf(message, text));
    if (message.kind === 'whisper') bubble.append(element('p', 'only', words.onlyYou));
    if (message.buttons) bubble.append(buttonsOf(side, message, message.buttons));
    body.append(bubble);
  }
  line.append(body);
  shown.append(line);
  return shown;
}
