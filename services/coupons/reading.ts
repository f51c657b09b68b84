/** How a code was read from what somebody sent: whether a machine may take it at its word, or a person looks first. Pure. */
import type { PhotoReading } from './read-photo/photo-reading.ts';
import type { CodesInText } from './read-text.ts';

/**
 * `typed`: the one code of a message that holds nothing else. `scanned`: the one barcode or QR code of a picture. All others are
 * for a person to look at: `printed` digits of a picture, an unusual spelling or a doubt, several codes, other words or a number
 * of uses beside it, a link, a quoted or edited message, a button.
 */
export type Reading =
  'typed' | 'scanned' | 'printed' | 'doubtful' | 'several' | 'worded' | 'linked' | 'quoted' | 'edited' | 'chosen';

/** Whether there is no doubt about it. */
export const isSure = (reading: Reading | undefined): boolean => reading === 'typed' || reading === 'scanned';

/** How the message came about, where that is not plain typing. */
export interface Heard {
  readonly edited?: true | undefined;
  readonly quoted?: true | undefined;
}

/** Classifies what was read in a text. */
export function readingOfText({ codes, doubtful, bare, linked, uses }: CodesInText, heard: Heard): Reading {
  if (codes.length + doubtful.length > 1) return 'several';
  if (codes.length !== 1) return 'doubtful';
  if (heard.quoted) return 'quoted';
  if (heard.edited) return 'edited';
  if (linked) return 'linked';
  return bare && uses === undefined ? 'typed' : 'worded';
}

/** Classifies what was read in a picture, and in the words that came with it. */
export function readingOfPhoto(
  { sure, unsure, scanned }: Pick<Extract<PhotoReading, { kind: 'read' }>, 'sure' | 'unsure' | 'scanned'>,
  caption: string,
  heard: Heard,
): Reading {
  if (sure.length + unsure.length > 1) return 'several';
  if (sure.length !== 1) return unsure[0]?.why === 'digits' ? 'printed' : 'doubtful';
  // Beside the code there is another that only a platform can read: perhaps of another coupon.
  if (scanned !== undefined) return 'doubtful';
  if (heard.quoted) return 'quoted';
  if (heard.edited) return 'edited';
  return caption.trim() === '' ? 'scanned' : 'worded';
}
