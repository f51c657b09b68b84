// @ts-check
/** One of the two phones: a chat in sync with the server, and its input box. */
import { draftsOf } from './drafts.js';
import { CLICKED_MS, element, newId, one, post, rest, resting, toast } from './elements.js';
import { messageOf, takePresses } from './messages.js';
import { takePictures } from './pictures.js';
import { words } from './words.js';

/**
 * @typedef {import('./messages.js').Side} Side
 * @typedef {import('./messages.js').Message} Message
 * @typedef {{ full: boolean, chats: Record<Side, { messages: Message[], ask: 'text' | 'secret' | null }> }} Change
 * @typedef {{ chat: Side, text: string, id: string }} Said
 */

/** Messages on screen; the server keeps as many. */
const KEPT = 200;

/**
 * Brings one phone of the page to life. `unseen` is told how many messages nobody has looked at.
 * @param {Side} side @param {(count: number) => void} [unseen]
 */
export function createPhone(side, unseen = () => undefined) {
  const phone = one(`#${side}`);
  const log = one('.log', phone);
  const quick = one('.quick', phone);
  const unsent = one('.unsent', phone);
  const form = /** @type {HTMLFormElement} */ (one('form', phone));
  const area = /** @type {HTMLTextAreaElement} */ (one('textarea', phone));
  const secret = /** @type {HTMLInputElement} */ (one('input[type=password]', phone));

  /** @type {Message[]} */
  let messages = [];
  /** The unsent message; a retry keeps its id. @type {Said | undefined} */
  let failed;
  let sending = false;
  let seen = false;
  let unread = 0;
  let secretWanted = !secret.hidden;
  const drafts = draftsOf(side);

  const box = () => (secret.hidden ? area : secret);
  let end = true;
  const toEnd = () => void (log.scrollTop = log.scrollHeight);
  // A log scrolled to its end stays at the end, whatever grows: messages, the box, an on-screen keyboard.
  let lastTop = 0;
  const scrolled = () => {
    // Content that grows below does not leave the end; only scrolling up does.
    end = log.scrollHeight - log.scrollTop - log.clientHeight < 60 || (end && log.scrollTop >= lastTop);
    lastTop = log.scrollTop;
  };
  log.addEventListener('scroll', scrolled, { passive: true });
  new ResizeObserver(() => end && toEnd()).observe(log);
  // Pictures get their height only when loaded.
  log.addEventListener('load', () => end && toEnd(), true);
  const visible = () => !document.hidden && log.offsetParent !== null;

  function grow() {
    area.style.height = 'auto';
    area.style.height = `${Math.min(area.scrollHeight + 2, 130)}px`;
  }

  function showUnsent(/** @type {string} */ why) {
    const again = element('button', 'primary', words.resend);
    const drop = element('button', 'plain', words.dismiss);
    again.addEventListener('click', () => failed && void send(failed.text, failed.id));
    drop.addEventListener('click', () => {
      failed = undefined;
      unsent.replaceChildren();
      box().focus();
    });
    unsent.replaceChildren(element('p', '', why), again, drop);
  }

  /** @param {string} text @param {string} [id] */
  async function send(text, id = newId()) {
    if (sending) return toast(words.sending);
    if (text.trim() === '') return;
    sending = true;
    phone.dataset.sending = 'yes';
    const from = box();
    from.readOnly = true;
    const refused = await post('/say', { chat: side, text, id }, () => unsent.replaceChildren(element('p', '', words.retrying)));
    from.readOnly = false;
    sending = false;
    delete phone.dataset.sending;
    if (refused) {
      failed = { chat: side, text, id };
      if (from === area && area.value === text) drafts.keep(text, id);
      showUnsent(refused);
      return;
    }
    failed = undefined;
    unsent.replaceChildren();
    if (from.value === text) from.value = '';
    drafts.keep(area.value);
    grow();
    showAsk();
    toEnd();
  }

  function submit() {
    if (sending) return;
    const text = box().value;
    void send(text, failed?.text === text ? failed.id : undefined);
  }

  /** Switches between the text box and the password box, and empties the one that was in use. */
  function showAsk() {
    const focused = document.activeElement === area || document.activeElement === secret;
    if (secret.hidden !== secretWanted) return;
    if (!secretWanted) secret.value = '';
    else area.value = '';
    secret.hidden = !secretWanted;
    area.hidden = secretWanted;
    if (focused) box().focus();
  }

  /** @param {Message} message @param {Message | undefined} before */
  function draw(message, before) {
    const fresh = messageOf(side, message, before);
    const old = log.querySelector(`[data-id="${CSS.escape(message.id)}"]`);
    if (!old) return log.append(fresh);
    const held = old.contains(document.activeElement);
    old.replaceWith(fresh);
    // Focus the card, never a button: a second Enter must not press the new button in the old one's place.
    if (held) (fresh.querySelector('article') ?? log).focus({ preventScroll: true });
  }

  function drawAll() {
    // A redraw is no news: screen readers stay silent.
    log.setAttribute('aria-busy', 'true');
    log.replaceChildren();
    messages.forEach((message, i) => draw(message, messages[i - 1]));
    log.setAttribute('aria-busy', String(!seen));
  }

  takePresses(side, log);
  takePictures(phone, side, toEnd);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });
  area.addEventListener('input', () => {
    grow();
    drafts.keep(area.value, failed?.text === area.value ? failed.id : undefined);
  });
  area.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });

  /** Takes up what was typed before this script was there, or before a reload. */
  function ready() {
    const draft = secretWanted ? undefined : drafts.kept();
    if (draft && area.value === '') {
      area.value = draft.text;
      if (draft.id) failed = { chat: side, text: draft.text, id: draft.id };
    }
    grow();
    // Enter was pressed: without the script it made a line.
    if (!secretWanted && area.value.endsWith('\n') && area.value.trim() !== '') {
      area.value = area.value.replace(/\n+$/, '');
      submit();
    }
  }

  return {
    send,
    ready,
    focus: () => box().focus(),
    read() {
      unread = 0;
      unseen(unread);
      if (end) toEnd();
    },
    /** @param {Change} change */
    apply({ full, chats }) {
      const { messages: news, ask } = chats[side];
      let mine = false;
      if (full) {
        const kept = new Set(news.map(({ id }) => id));
        for (const { id } of messages) if (!kept.has(id)) log.querySelector(`[data-id="${CSS.escape(id)}"]`)?.remove();
        messages = messages.filter(({ id }) => kept.has(id));
      }
      for (const message of news) {
        const i = messages.findIndex(({ id }) => id === message.id);
        if (i >= 0 && messages[i]?.rev === message.rev) continue;
        if (i >= 0) messages[i] = message;
        else messages.push(message);
        draw(message, i >= 0 ? messages[i - 1] : messages.at(-2));
        if (!seen || i >= 0) continue;
        if (message.kind === 'mine') mine = true;
        else if (!visible()) unread += 1;
        if (message.kind === 'whisper') toast(message.text);
      }
      for (const { id } of messages.splice(0, Math.max(0, messages.length - KEPT))) {
        log.querySelector(`[data-id="${CSS.escape(id)}"]`)?.remove();
      }
      secretWanted = ask === 'secret';
      if (!sending) showAsk();
      if (end || mine || !seen) toEnd();
      seen = true;
      log.setAttribute('aria-busy', 'false');
      unseen(unread);
    },
    /** Sets all words in the chosen language and redraws the messages. */
    word() {
      one('h2', phone).textContent = words[side];
      one('header p', phone).textContent = words[`${side}About`];
      log.setAttribute('aria-label', words[side]);
      area.placeholder = side === 'store' ? words.type : words.typeOwners;
      area.setAttribute('aria-label', area.placeholder);
      secret.placeholder = words.secret;
      secret.setAttribute('aria-label', words.secret);
      quick.replaceChildren(
        ...words.quickWords[side].map((/** @type {string} */ text) => {
          const button = element('button', 'chip', text);
          button.addEventListener('click', () => {
            if (resting(button)) return;
            rest(button, CLICKED_MS);
            void send(text);
          });
          return button;
        }),
      );
      if (failed) showUnsent(words.notSent);
      drawAll();
      if (end) toEnd();
      unseen(unread);
    },
  };
}
