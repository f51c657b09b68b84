/** What a platform's no comes to: a refusal, or a fault that leaves open what it did. The one place where that is told apart. */
import { parseTime } from '../time/platform-time.ts';
import { FINAL_NOES, type FinalNo, type Refusal, type RefusalReason, type Write } from './refusals.ts';
import { meaningOf, type Meaning } from './phrases.ts';
import { PlatformFault } from './platform.ts';

/** A no: its words, and what it means where a code says so rather than they. `code` is told to operators only. */
export interface No {
  readonly words: string;
  readonly meaning?: Meaning | undefined;
  readonly code?: string;
}

/** A read's no. Words nobody has seen are the refusal `other`, which says nothing against a coupon. */
export function refuseRead({ words, meaning = meaningOf(words), code }: No): Refusal {
  if (meaning === 'busy') throw slowDown();
  if (meaning === 'temporary') throw new PlatformFault('busy', 'not-done', `out of order for the moment${shown(code)}`);
  return refuse(meaning, words);
}

/**
 * A write's no. Only a meaning on the white list of `FINAL_NOES` ends it; whatever else was answered, gateways say it when
 * they do not know themselves what became of the call: the outcome is unknown, and the platform is asked.
 */
export function refuseWrite<W extends Write>(write: W, { words, meaning = meaningOf(words), code }: No): Refusal<FinalNo<W>> {
  if (meaning === 'busy') throw slowDown();
  if (isFinal(write, meaning)) return refuse(meaning, words);
  const [kind, what] = meaning === 'temporary' ? (['busy', 'out of order'] as const) : (['nonsense', 'no reason known'] as const);
  throw unknownNo(kind, `${what}${shown(code)}`, words);
}

/** A write that was answered in these words, from which nothing follows. */
export const unknownNo = (kind: 'busy' | 'nonsense', what: string, words: string): PlatformFault =>
  new PlatformFault(kind, 'unknown', what, undefined, hideCodes(cleanWords(words)));

const isFinal = <W extends Write>(write: W, meaning: Meaning): meaning is FinalNo<W> =>
  (FINAL_NOES[write] as readonly Meaning[]).includes(meaning);

const slowDown = (): PlatformFault => new PlatformFault('busy', 'not-done', 'asked to slow down');

/** Long digits may be a coupon's code. */
export const hideCodes = (words: string): string => words.replace(/\d{6,}/g, '…');

const shown = (code: string | undefined): string => (code === undefined ? '' : ` (code ${hideCodes(code).slice(0, 40)})`);

/** A refusal with the platform's words, and the moment of use where they tell it. */
export function refuse<R extends RefusalReason>(reason: R, words = ''): Refusal<R> {
  const clean = cleanWords(words);
  const time = reason === 'used' ? /\d{4}[-/]\d{1,2}[-/]\d{1,2}[ T]\d{1,2}:\d{2}(:\d{2})?/.exec(words)?.[0] : undefined;
  const at = parseTime(time);
  return { kind: 'refused', reason, ...(at ? { used: { at } } : {}), ...(clean ? { words: clean } : {}) };
}

const LONGEST = 100;
/** Longer words are no reason that a platform gives, characters; the patterns below take more than linear time over them. */
const LONGEST_READ = 500;
const CONTROL = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]+/gu;
const LINK =
  /(?:https?:\/\/|www\.)[^\s，。；、！）)】]*|\b[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:com|cn|net|org|top|vip|xyz|cc|me|io|shop)\b(?:\/[^\s，。；、！）)】]*)?/giu;

/** A platform's words as they may be shown in a chat: one line, no links, no invisible characters, at most 100 characters. */
export function cleanWords(words: string): string {
  const text = words.slice(0, LONGEST_READ).replace(CONTROL, ' ').replace(LINK, '').replace(/\s+/g, ' ').trim();
  const characters = Array.from(text);
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join('')}…` : text;
}
