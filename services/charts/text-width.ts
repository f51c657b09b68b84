/** About how wide a text is, in parts of its size: a Chinese character is a square, a Latin one about six tenths of it. */
export const widthOf = (text: string): number =>
  Array.from(text).reduce((sum, character) => sum + (character.codePointAt(0)! > 0x2e80 ? 1 : 0.6), 0);

/** Cuts off a text that is wider than so many times its size. */
export function fitting(text: string, room: number): string {
  if (widthOf(text) <= room) return text;
  const kept = Array.from(text);
  while (kept.length > 0 && widthOf(kept.join('')) + ELLIPSIS > room) kept.pop();
  return `${kept.join('').trimEnd()}…`;
}

const ELLIPSIS = 1;
