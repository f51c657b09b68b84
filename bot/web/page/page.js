// @ts-check
/** The practice page: shows two chats as the server has them, and sends what is typed and pressed. */

/**
 * @typedef {'store' | 'owners'} Side
 * @typedef {{ label: string, verb: string, id: string, style?: 'primary' | 'danger' }} Button
 * @typedef {{ title: string, fields: { label: string, value: string }[], note?: string, tone?: string, buttons: Button[][] }} Card
 * @typedef {{ id: string, at: number, rev: number, kind: 'mine' | 'said' | 'card' | 'whisper', text: string, card: Card, buttons?: Button[][] }} Message
 * @typedef {{ full: boolean, chats: Record<Side, { messages: Message[], ask: 'text' | 'secret' | null }> }} Change
 * @typedef {{ chat: Side, text: string, id: string }} Said
 */

/** @type {Side[]} */
const SIDES = ['store', 'owners'];
/** As many as the server keeps. */
const KEPT = 200;
/** A silence longer than two and a half beats of the server, ms: the connection is dead without having said so. */
const SILENCE_MS = 40_000;
/** A time is shown above a message that comes this long after the one before, ms. */
const PAUSE_MS = 5 * 60_000;
/** How long a pressed button waits for its card to change before it may be pressed again, ms. */
const PRESSED_MS = 4000;
/** How long a clicked sample or quick word waits, ms: a double click is one click. */
const CLICKED_MS = 800;

/** The page's words, all there before anything is drawn. @type {any} */
let words;
/** @type {'zh-CN' | 'en'} */
let locale = 'zh-CN';

// ---- small things -------------------------------------------------------------------------------------------------

/** @param {string} selector @param {ParentNode} [within] @returns {HTMLElement} */
const one = (selector, within = document) => /** @type {HTMLElement} */ (within.querySelector(selector));

/** An element with a class and text; never markup. @param {string} tag @param {string} [name] @param {string} [text] */
function element(tag, name, text) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}

/** An id of our own for one event: sent twice it still is one. `randomUUID` is missing on plain http addresses. */
function newId() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {string} path @param {object} body @returns {Promise<string | undefined>} the sentence that says why not */
async function post(path, body) {
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
function toast(text) {
  const shown = element('p', 'toast', text);
  one('[data-role=toasts]').append(shown);
  setTimeout(() => shown.remove(), 5000);
}

/** Ignores further clicks for a moment without taking the focus away. @param {HTMLElement} button @param {number} ms */
function rest(button, ms) {
  button.setAttribute('aria-disabled', 'true');
  setTimeout(() => button.removeAttribute('aria-disabled'), ms);
}

/** @param {EventTarget | null} button */
const resting = (button) => button instanceof HTMLElement && button.getAttribute('aria-disabled') === 'true';

// ---- messages -----------------------------------------------------------------------------------------------------

/** @param {Side} side @param {Message} message @param {Button[][] | undefined} rows */
function buttonsOf(side, message, rows) {
  const box = element('div', 'buttons');
  /** The event of a press that did not get through: pressed again it is the same one. @type {Map<string, string>} */
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
 * All buttons of the message rest until it changes: neither a second press nor another button can slip in between.
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
function messageOf(side, message, before) {
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
    bubble.append(text);
    if (message.kind === 'whisper') bubble.append(element('p', 'only', words.onlyYou));
    if (message.buttons) bubble.append(buttonsOf(side, message, message.buttons));
    body.append(bubble);
  }
  line.append(body);
  shown.append(line);
  return shown;
}

// ---- a phone ------------------------------------------------------------------------------------------------------

/** One chat with its box to type in. @param {Side} side */
function createPhone(side) {
  const fragment = /** @type {HTMLTemplateElement} */ (one('#phone')).content.cloneNode(true);
  const phone = one('.phone', /** @type {DocumentFragment} */ (fragment));
  const log = one('.log', phone);
  const quick = one('.quick', phone);
  const unsent = one('.unsent', phone);
  const form = /** @type {HTMLFormElement} */ (one('form', phone));
  const area = /** @type {HTMLTextAreaElement} */ (one('textarea', phone));
  const secret = /** @type {HTMLInputElement} */ (one('input', phone));
  phone.id = side;
  phone.setAttribute('aria-labelledby', `${side}-name`);
  one('h2', phone).id = `${side}-name`;
  one('main').append(phone);

  /** @type {Message[]} */
  let messages = [];
  /** What could not be sent, to be sent again under the same id. @type {Said | undefined} */
  let failed;
  let sending = false;
  let seen = false;
  let unread = 0;
  let secretWanted = false;

  const box = () => (secret.hidden ? area : secret);
  let end = true;
  const toEnd = () => void (log.scrollTop = log.scrollHeight);
  // Who is at the end stays there, whatever grows: messages, the box, a keyboard on the screen.
  log.addEventListener('scroll', () => (end = log.scrollHeight - log.scrollTop - log.clientHeight < 60), { passive: true });
  new ResizeObserver(() => end && toEnd()).observe(log);
  const visible = () => !document.hidden && log.offsetParent !== null;

  function grow() {
    area.style.height = 'auto';
    area.style.height = `${Math.min(area.scrollHeight + 2, 130)}px`;
  }

  function showUnread() {
    const tab = one(`.tabs [data-side=${side}]`);
    const badge = one('.unread', tab);
    badge.textContent = unread > 0 ? String(Math.min(unread, 99)) : '';
    badge.setAttribute('aria-label', unread > 0 ? words.unread.replace('{n}', String(unread)) : '');
    badge.hidden = unread === 0;
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
    const refused = await post('/say', { chat: side, text, id });
    from.readOnly = false;
    sending = false;
    delete phone.dataset.sending;
    if (refused) {
      failed = { chat: side, text, id };
      showUnsent(refused);
      return;
    }
    failed = undefined;
    unsent.replaceChildren();
    if (from.value === text) from.value = '';
    grow();
    showAsk();
    toEnd();
  }

  function submit() {
    if (sending) return;
    const text = box().value;
    void send(text, failed?.text === text ? failed.id : undefined);
  }

  /** The box hides what is typed while a secret is wanted; not while something typed before is still in it. */
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
    // Never onto a button: a second Enter must not press what came in its place.
    if (held) (fresh.querySelector('article') ?? log).focus({ preventScroll: true });
  }

  function drawAll() {
    // Nothing new: nothing to read out.
    log.setAttribute('aria-busy', 'true');
    log.replaceChildren();
    messages.forEach((message, i) => draw(message, messages[i - 1]));
    log.setAttribute('aria-busy', String(!seen));
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
  });
  area.addEventListener('input', grow);
  area.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });

  return {
    send,
    focus: () => box().focus(),
    read() {
      unread = 0;
      showUnread();
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
      showUnread();
    },
    /** Puts all words in, also those of messages that are there. */
    word() {
      one('h2', phone).textContent = words[side];
      one('header p', phone).textContent = words[`${side}About`];
      log.setAttribute('aria-label', words[side]);
      area.placeholder = side === 'store' ? words.type : words.typeOwners;
      area.setAttribute('aria-label', area.placeholder);
      secret.placeholder = words.secret;
      secret.setAttribute('aria-label', words.secret);
      quick.replaceChildren(
        ...words.quickWords.map((/** @type {string} */ text) => {
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
      showUnread();
    },
  };
}

/** @type {Record<Side, ReturnType<typeof createPhone>>} */
const phones = { store: createPhone('store'), owners: createPhone('owners') };

// ---- the frame ----------------------------------------------------------------------------------------------------

/** @param {Side} side */
function show(side) {
  document.body.dataset.side = side;
  for (const tab of document.querySelectorAll('.tabs button')) {
    tab.setAttribute('aria-pressed', String(/** @type {HTMLElement} */ (tab).dataset.side === side));
  }
  phones[side].read();
}

/** @param {boolean} open */
function showSamples(open) {
  document.body.dataset.samples = open ? 'open' : '';
  one('.samples-open').setAttribute('aria-expanded', String(open));
}

for (const side of SIDES) {
  const tab = element('button');
  tab.dataset.side = side;
  tab.setAttribute('aria-controls', side);
  tab.append(element('span', 'name'), element('span', 'unread'));
  one('.unread', tab).hidden = true;
  tab.addEventListener('click', () => show(side));
  one('.tabs').append(tab);
}

/** @param {{ code: string, label: string }[]} samples */
function drawSamples(samples) {
  one('.samples ul').replaceChildren(
    ...samples.map(({ code, label }) => {
      const item = element('li');
      const button = element('button', 'sample');
      const shown = element('code', '', code);
      button.append(shown, element('span', '', label));
      button.addEventListener('click', () => {
        if (resting(button)) return;
        rest(button, CLICKED_MS);
        showSamples(false);
        show('store');
        void phones.store.send(shown.textContent).then(renewSamples);
      });
      item.append(button);
      return item;
    }),
  );
  const open = element('button', 'chip samples-open', words.samples);
  open.setAttribute('aria-controls', 'samples');
  open.setAttribute('aria-expanded', 'false');
  open.addEventListener('click', () => showSamples(document.body.dataset.samples !== 'open'));
  one('#store .quick').prepend(open);
}

const ask = async () => (await fetch('/page/words')).json();

/** A used code is no sample of an unused one: the server may have others now. The buttons stay, and the focus with them. */
async function renewSamples() {
  const { samples } = await ask().catch(() => ({ samples: [] }));
  document.querySelectorAll('.sample code').forEach((shown, i) => (shown.textContent = samples[i]?.code ?? shown.textContent));
}

async function word() {
  const given = await ask();
  ({ locale, words } = given);
  document.documentElement.lang = locale;
  document.title = `${words.title} · ${words.practice}`;
  for (const place of document.querySelectorAll('[data-word]')) {
    place.textContent = words[/** @type {HTMLElement} */ (place).dataset.word ?? ''];
  }
  for (const place of document.querySelectorAll('[data-label]')) {
    place.setAttribute('aria-label', words[/** @type {HTMLElement} */ (place).dataset.label ?? '']);
  }
  for (const button of document.querySelectorAll('.languages button')) {
    button.setAttribute('aria-pressed', String(/** @type {HTMLElement} */ (button).dataset.locale === locale));
  }
  for (const side of SIDES) {
    one(`.tabs [data-side=${side}] .name`).textContent = words[side];
    phones[side].word();
  }
  drawSamples(given.samples);
}

for (const button of document.querySelectorAll('.languages button')) {
  button.addEventListener('click', () => {
    const chosen = /** @type {HTMLElement} */ (button).dataset.locale;
    document.cookie = `hexiao_locale=${chosen}; path=/; max-age=31536000; samesite=lax`;
    void word().catch(() => toast(words.notSent));
  });
}
one('[data-role=samples-close]').addEventListener('click', () => showSamples(false));
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') showSamples(false);
});

// ---- the connection -----------------------------------------------------------------------------------------------

/** @type {EventSource | undefined} */
let source;
/** The state of the page that is shown, as the server names it. */
let mark = '';
let heardAt = 0;
let waitMs = 1000;

/** @param {boolean} lost */
function showConnection(lost) {
  const bar = one('[data-role=connection]');
  bar.textContent = lost ? words.connecting : '';
  bar.classList.toggle('shown', lost);
}

function alive() {
  heardAt = Date.now();
  waitMs = 1000;
  showConnection(false);
}

function connect() {
  source?.close();
  const opened = new EventSource(`/events?after=${encodeURIComponent(mark)}`);
  source = opened;
  heardAt = Date.now();
  opened.addEventListener('beat', alive);
  opened.addEventListener('change', (event) => {
    alive();
    mark = event.lastEventId;
    /** @type {Change} */
    const change = JSON.parse(event.data);
    for (const side of SIDES) phones[side].apply(change);
  });
  // Newer tabs needed the connection; this one comes back when it is looked at.
  opened.addEventListener('sleep', () => {
    opened.close();
    if (source === opened) source = undefined;
  });
  opened.addEventListener('error', () => {
    if (source !== opened) return;
    showConnection(true);
    if (opened.readyState !== EventSource.CLOSED) return;
    // The browser gave up (an answer that was no event stream); we do not.
    source = undefined;
    setTimeout(() => source ?? connect(), waitMs);
    waitMs = Math.min(waitMs * 2, 15_000);
  });
}

function lookedAt() {
  if (document.hidden) return;
  if (!source) connect();
  phones[/** @type {Side} */ (document.body.dataset.side)].read();
}

document.addEventListener('visibilitychange', lookedAt);
window.addEventListener('focus', lookedAt);
window.addEventListener('online', connect);
setInterval(() => {
  if (source && Date.now() - heardAt > SILENCE_MS) {
    showConnection(true);
    connect();
  }
}, 5000);

await word();
show('store');
connect();
if (matchMedia('(min-width: 721px)').matches) phones.store.focus();
