/** Splits and clips text by UTF-8 bytes, as WeCom counts lengths, without halving a character. */

export const bytesOf = (text: string): number => Buffer.byteLength(text, 'utf8');

/**
 * Splits a text at line ends into as few pieces of at most `limit` bytes as possible; a longer line is cut between characters.
 */
export function pieces(text: string, limit: number): string[] {
  const found: string[] = [];
  let piece: string | undefined;
  for (const line of text.split('\n').flatMap((one) => chunks(one, limit))) {
    const longer: string = piece === undefined ? line : `${piece}\n${line}`;
    if (piece !== undefined && bytesOf(longer) > limit) {
      found.push(piece);
      piece = line;
    } else piece = longer;
  }
  return piece === undefined ? found : [...found, piece];
}

/** Clips a text to its bytes and marks the cut. */
export function clip(text: string, limit: number): string {
  if (bytesOf(text) <= limit) return text;
  return `${chunks(text, limit - bytesOf('…'))[0] ?? ''}…`;
}

function chunks(line: string, limit: number): string[] {
  if (bytesOf(line) <= limit) return [line];
  const found: string[] = [];
  let chunk = '';
  let size = 0;
  for (const character of line) {
    const more = bytesOf(character);
    if (size + more > limit) {
      found.push(chunk);
      [chunk, size] = ['', 0];
    }
    chunk += character;
    size += more;
  }
  return [...found, chunk];
}
