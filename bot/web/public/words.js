// @ts-check
/** The page's own words in the chosen language; what the bot says comes worded. */

/** All there before anything is drawn. @type {any} */
export let words;
/** @type {'zh-CN' | 'en'} */
export let locale = 'zh-CN';

/** Words and samples as the server has them now. @returns {Promise<{ samples: { code: string, label: string }[] }>} */
export async function askWords() {
  const given = await (await fetch('/page/words')).json();
  ({ words, locale } = given);
  return given;
}
