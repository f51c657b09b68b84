/** Recognises words that ask about the quoted message: a code or picture that a customer sent before. */
import { plainWords } from '../../handlers/spoken/plain-words.ts';

const ABOUT_THE_QUOTE =
  /^(?:请|麻烦|帮我|帮忙|please )?(?:核销|核一下|核销一下|验券|验一下|查券|查|查一下|查查|验|核|verify|check|redeem)(?: (?:this|it))?(?: please)?$/;

/** Characters of such words. */
const LONGEST = 30;

/** No words at all count as well: the bot was only mentioned. A mark or a face alone does not. */
export const asksAboutQuote = (text: string): boolean =>
  text.trim() === '' || (text.length <= LONGEST && ABOUT_THE_QUOTE.test(plainWords(text)));
