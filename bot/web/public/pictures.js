// @ts-check
/** Uploads pictures that are chosen, dropped on a phone, or pasted; unchanged. */
import { newId, one, toast } from './elements.js';
import { words } from './words.js';

/** The server's size limit, bytes. */
const LARGEST = 10 * 1024 * 1024;

/** @param {HTMLElement} phone @param {import('./messages.js').Side} side @param {() => void} sent */
export function takePictures(phone, side, sent) {
  const button = one('.attach', phone);
  const chooser = /** @type {HTMLInputElement} */ (one('input[type=file]', phone));

  /** @param {File} file */
  async function send(file) {
    if (file.size > LARGEST) return toast(words.refusals.large);
    button.setAttribute('aria-disabled', 'true');
    const why = await post(file);
    button.removeAttribute('aria-disabled');
    if (why) toast(why);
    else sent();
  }

  /** @param {File} file @returns {Promise<string | undefined>} the reason of a failure, as a sentence */
  async function post(file) {
    try {
      const response = await fetch(`/photo?chat=${side}&id=${newId()}`, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream' },
        body: file,
        signal: AbortSignal.timeout(60_000),
      });
      if (response.ok) return undefined;
      const { error } = await response.json();
      return typeof error === 'string' ? error : words.notSent;
    } catch {
      return words.notSent;
    }
  }

  /** @param {DataTransfer | null} data */
  const picturesIn = (data) => [...(data?.files ?? [])].filter(({ type }) => type.startsWith('image/'));

  button.addEventListener('click', () => {
    if (button.getAttribute('aria-disabled') !== 'true') chooser.click();
  });
  chooser.addEventListener('change', () => {
    for (const file of chooser.files ?? []) void send(file);
    chooser.value = '';
  });
  phone.addEventListener('dragover', (event) => {
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    phone.dataset.dropping = 'yes';
  });
  phone.addEventListener('dragleave', () => delete phone.dataset.dropping);
  phone.addEventListener('drop', (event) => {
    delete phone.dataset.dropping;
    if (!event.dataTransfer?.types.includes('Files')) return;
    event.preventDefault();
    for (const file of picturesIn(event.dataTransfer)) void send(file);
  });
  phone.addEventListener('paste', (event) => {
    const pictures = picturesIn(event.clipboardData);
    if (pictures.length === 0) return;
    event.preventDefault();
    for (const file of pictures) void send(file);
  });
}
