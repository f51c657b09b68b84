/** Recognises words that ask about the quoted message: a code or picture that a customer sent before. */

const ABOUT_THE_QUOTE = /^(?:核销|验券|查券|验|查)?$/;

/** No words at all count as well: the bot was only mentioned. */
export const asksAboutQuote = (text: string): boolean => ABOUT_THE_QUOTE.test(text.trim());
