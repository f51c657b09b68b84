// @ts-check
/** The page's own texts in the chosen language; the bot's texts come from the server as they are. */

/** @typedef {{ at: string, locale: 'zh-CN' | 'en', words: any, samples: { code: string, label: string }[] }} Given */

/** The texts and sample codes that came with the page. @type {Given} */
const given = JSON.parse(document.querySelector('#given')?.textContent ?? '');
/** All texts by key. */
export let words = given.words;
export let locale = given.locale;
/** Begins the addresses that the page asks. */
export const at = given.at;

export const givenSamples = given.samples;

/** Loads texts and sample codes anew: the language may be another one, and used samples are replaced. @returns {Promise<Given>} */
export async function askWords() {
  const response = await fetch('/page/words');
  if (!response.ok) throw new Error(`the words were refused: ${response.status}`);
  /** @type {Given} */
  const renewed = await response.json();
  ({ words, locale } = renewed);
  return renewed;
}
