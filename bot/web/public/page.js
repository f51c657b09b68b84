// @ts-check
/** The practice page: two phones, sample codes, and the event stream that keeps them in sync with the server. */
import { CLICKED_MS, element, one, post, rest, resting, toast } from './elements.js';
import { follow } from './live.js';
import { createPhone } from './phone.js';
import { askWords, givenSamples, locale, words } from './words.js';

/** @typedef {import('./messages.js').Side} Side */

/** @type {Side[]} */
const SIDES = ['store', 'owners'];

/** Shows how many messages of a chat nobody has looked at. @param {Side} side @returns {(count: number) => void} */
const badge = (side) => (count) => {
  const shown = one(`.tabs [data-side=${side}] .unread`);
  shown.textContent = count > 0 ? String(Math.min(count, 99)) : '';
  shown.setAttribute('aria-label', count > 0 ? words.unread.replace('{n}', String(count)) : '');
  shown.hidden = count === 0;
};

/** @type {Record<Side, ReturnType<typeof createPhone>>} */
const phones = { store: createPhone('store', badge('store')), owners: createPhone('owners', badge('owners')) };

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

/** Refreshes the sample codes, since a used code shows "unused" no longer. The buttons stay, and so does the focus. */
async function renewSamples() {
  const { samples } = await askWords().catch(() => ({ samples: [] }));
  document.querySelectorAll('.sample code').forEach((shown, i) => (shown.textContent = samples[i]?.code ?? shown.textContent));
}

/** Sets all words in the chosen language. @param {{ code: string, label: string }[]} samples */
function word(samples) {
  document.documentElement.lang = locale;
  document.title = `${words.title} · ${words.practice}`;
  for (const place of document.querySelectorAll('[data-word]')) {
    place.textContent = words[/** @type {HTMLElement} */ (place).dataset.word ?? ''];
  }
  for (const place of document.querySelectorAll('[data-label]')) {
    place.setAttribute('aria-label', words[/** @type {HTMLElement} */ (place).dataset.label ?? '']);
  }
  for (const button of document.querySelectorAll('.languages button')) {
    button.setAttribute('aria-pressed', String(/** @type {HTMLButtonElement} */ (button).value === locale));
  }
  for (const side of SIDES) {
    one(`.tabs [data-side=${side}] .name`).textContent = words[side];
    phones[side].word();
  }
  drawSamples(samples);
}

one('.languages').addEventListener('submit', (event) => {
  event.preventDefault();
  const chosen = /** @type {HTMLButtonElement} */ (event.submitter).value;
  void post('/language', { locale: chosen })
    .then(async (refused) => (refused ? toast(refused) : word((await askWords()).samples)))
    .catch(() => toast(words.notSent));
});
one('[data-role=samples-close]').addEventListener('click', () => showSamples(false));
document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') showSamples(false);
});

word(givenSamples);
show(/** @type {Side} */ (document.body.dataset.side));
follow(
  (change) => {
    for (const side of SIDES) phones[side].apply(change);
  },
  () => phones[/** @type {Side} */ (document.body.dataset.side)].read(),
);
for (const side of SIDES) phones[side].ready();
if (matchMedia('(min-width: 1024px), (min-width: 721px) and (min-height: 560px)').matches) phones.store.focus();
