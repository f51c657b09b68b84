// @ts-check
/** The page's own texts in the chosen language; the bot's texts come from the server as they are. */

/** All texts by key; loaded before anything is rendered. @type {any} */
export let words;
/** @type {'zh-CN' | 'en'} */
export let locale = 'zh-CN';

/** Loads texts and sample codes from the server. @returns {Promise<{ samples: { code: string, label: string }[] }>} */
export async function askWords() {
  const given = await (await fetch('/page/words')).json();
  ({ words, locale } = given);
  return given;
}
