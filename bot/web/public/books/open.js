/** Opens the books at once where a person is looking: a robot that follows links in chats runs no scripts and opens nothing. */

const form = document.getElementById('open');

function enter() {
  if (document.visibilityState === 'visible' && form instanceof HTMLFormElement) form.requestSubmit();
}

if (document.prerendering) document.addEventListener('prerenderingchange', enter, { once: true });
else enter();
