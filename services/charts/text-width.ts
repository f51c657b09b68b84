/** About how wide a text is, in parts of its size: a Chinese character is a square, a Latin one about six tenths of it. */
export const widthOf = (text: string): number =>
  Array.from(text).reduce((sum, character) => sum + (character.codePointAt(0)! > 0x2e80 ? 1 : 0.6), 0);
