/** Turns a platform's no into a refusal, or into a fault of unknown outcome. No other file makes this distinction. */
import { parseTime } from '../time/platform-time.ts';
import { FINAL_NOES, type FinalNo, type Refusal, type RefusalReason, type Write } from './refusals.ts';
import { meaningOf, type Meaning } from './phrases.ts';
import { PlatformFault } from './platform.ts';

/** A no: its words, and its meaning where a code tells it. `code` is shown to operators only. */
export interface No {
  readonly words: string;
  readonly meaning?: Meaning | undefined;
  readonly code?: string;
}

/** Judges a read's no. Unknown words are the refusal `other`, which says nothing against a coupon. */
export function refuseRead({ words, meaning = meaningOf(words), code }: No): Refusal {
  if (meaning === 'busy') throw slowDown();
  if (meaning === 'temporary') throw new PlatformFault('busy', 'not-done', `out of order for the moment${shown(code)}`);
  return refuse(meaning, words);
}

/**
 * Judges a write's no. Only a meaning on the white list of `FINAL_NOES` ends the write. Gateways give other answers also when
 * they do not know what became of the call, so its outcome is unknown, and the platform is asked.
 */
export function refuseWrite<W extends Write>(write: W, { words, meaning = meaningOf(words), code }: No): Refusal<FinalNo<W>> {
  if (meaning === 'busy') throw slowDown();
  if (isFinal(write, meaning)) return refuse(meaning, words);
  const [kind, what] = meaning === 'temporary' ? (['busy', 'out of order'] as const) : (['nonsense', 'no reason known'] as const);
  throw unknownNo(kind, `${what}${shown(code)}`, words);
}

/** The fault of a write that was answered in words without a known meaning. */
export const unknownNo = (kind: 'busy' | 'nonsense', what: string, words: string): PlatformFault =>
  new PlatformFault(kind, 'unknown', what, undefined, hideCodes(cleanWords(words)));

const isFinal = <W extends Write>(write: W, meaning: Meaning): meaning is FinalNo<W> =>
  (FINAL_NOES[write] as readonly Meaning[]).includes(meaning);

const slowDown = (): PlatformFault => new PlatformFault('busy', 'not-done', 'asked to slow down');

/** Masks long digits, which may be a coupon's code. */
export const hideCodes = (words: string): string => words.replace(/\d{6,}/g, '…');

const shown = (code: string | undefined): string => (code === undefined ? '' : ` (code ${hideCodes(code).slice(0, 40)})`);

/** Builds a refusal with the platform's words, and the time of use where they contain it. */
export function refuse<R extends RefusalReason>(reason: R, words = ''): Refusal<R> {
  const clean = cleanWords(words);
  const time = reason === 'used' ? /\d{4}[-/]\d{1,2}[-/]\d{1,2}[ T]\d{1,2}:\d{2}(:\d{2})?/.exec(words)?.[0] : undefined;
  const at = parseTime(time);
  return { kind: 'refused', reason, ...(at ? { used: { at } } : {}), ...(clean ? { words: clean } : {}) };
}

const LONGEST = 100;
/** The most characters that are read; the patterns below take more than linear time. */
const LONGEST_READ = 500;
const CONTROL = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]+/gu;
const LINK =
  /(?:https?:\/\/|www\.)[^\s，。；、！）)】]*|\b[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:com|cn|net|org|top|vip|xyz|cc|me|io|shop)\b(?:\/[^\s，。；、！）)】]*)?/giu;

/** Cleans a platform's words for a chat: one line, no links, no invisible characters, at most 100 characters. */
export function cleanWords(words: string): string {
  const text = words.slice(0, LONGEST_READ).replace(CONTROL, ' ').replace(LINK, '').replace(/\s+/g, ' ').trim();
  const characters = Array.from(text);
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join('')}…` : text;
}
