/** Makes one line of a name that somebody else chose, so that it forges no line beside it. */

/** Most characters of a name; longer ones are cut. */
const LONGEST_NAME = 40;

/** Format characters turn text round, or are not seen. One of them joins emoji and stays. */
const FORMAT = /(?!\u200D)\p{Cf}|\0/gu;
/** Line breaks of every kind, other controls, halves of characters, and characters that nobody has defined. */
const BREAKS = /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\s]+/gu;

/** The text as one line, without invisible characters. */
export const oneLine = (text: string): string => text.replaceAll(FORMAT, '').replaceAll(BREAKS, ' ').trim();

/** The name as one line of at most 40 characters. */
export function nameOf(text: string): string {
  // Linear in what is kept, not in what somebody sent.
  const characters = Array.from(oneLine(text.slice(0, 20 * LONGEST_NAME)));
  return characters.length > LONGEST_NAME ? `${characters.slice(0, LONGEST_NAME - 1).join('')}…` : characters.join('');
}
