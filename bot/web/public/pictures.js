// @ts-check
/** Uploads pictures that are chosen, dropped on a phone, or pasted; unchanged. */
import { deliver, newId, toast } from './elements.js';
import { words } from './words.js';

/** The server's size limit, bytes. */
const LARGEST = 10 * 1024 * 1024;

/** @param {HTMLElement} phone @param {import('./messages.js').Side} side @param {() => void} sent */
export function takePictures(phone, side, sent) {
  /** @type {NodeListOf<HTMLButtonElement>} */
  const buttons = phone.querySelectorAll('.attach');

  /** @param {File} file */
  async function send(file) {
    if (file.size > LARGEST) return toast(words.refusals.large);
    for (const button of buttons) button.setAttribute('aria-disabled', 'true');
    const why = await post(file);
    for (const button of buttons) button.removeAttribute('aria-disabled');
    if (why) toast(why);
    else sent();
  }

  /** @param {File} file */
  const post = (file) =>
    deliver(`/photo?chat=${side}&id=${newId()}`, { headers: { 'content-type': 'application/octet-stream' }, body: file }, 60_000);

  /** @param {DataTransfer | null} data */
  const picturesIn = (data) => [...(data?.files ?? [])].filter(({ type }) => type.startsWith('image/'));

  for (const button of buttons) {
    // The chooser of the device's pictures, or its camera.
    const chooser = /** @type {HTMLInputElement} */ (button.nextElementSibling);
    button.disabled = false;
    button.addEventListener('click', () => {
      if (button.getAttribute('aria-disabled') !== 'true') chooser.click();
    });
    chooser.addEventListener('change', () => {
      for (const file of chooser.files ?? []) void send(file);
      chooser.value = '';
    });
  }
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
