/** Reads commands: with a slash, by their own words, or as people ask for them: `/summary 昨天`, `日报 昨天`, 昨天收了多少. */
import { parseDay } from '../../services/time/business-day.ts';
import { readSpan } from '../../services/time/read-span.ts';
import { COMMANDS, restIsMeant, type CommandName, type Typed } from '../commands.ts';
import { ASKING, BESIDE_A_DAY, CHANGES, OF_A_DAY, PERIODS, PHRASES, POLITE, TRAIL, TRAIL_WORD } from './phrases.ts';
import { plainWords, without } from './plain-words.ts';

/** Characters of a message that may be a command. */
const LONGEST = 500;
/** Words behind a command's own: those that are certainly meant for it, and others, of which a sentence has more. */
const MOST_WORDS = 10;
const FEW_WORDS = 2;
/** Characters of a request in other words than a command's own. */
const LONGEST_SPOKEN = 60;

const SLASH = /^[/／]([\p{L}]{1,32})[。.!！?？,，~～…]*(?:\s+([\s\S]*))?$/u;
/** Marks that a phone's keyboard, or dictation, puts behind a sentence. */
const MARKS = /[\s。!！?？,，;；~～…]+$/;
const QUESTION = /[?？]\s*$/;
/** Without one nothing is asked for: a code alone. */
const LETTER = /\p{L}/u;
const HAN = /\p{Script=Han}/u;

const NAMES = new Map<string, CommandName>(COMMANDS.map(({ name }) => [name, name]));
const WORDS = new Map<string, CommandName>(COMMANDS.flatMap(({ name, words }) => words.map((word) => [word, name] as const)));
const SAID = new Map<string, CommandName>([
  ...COMMANDS.flatMap(({ name }) => (PHRASES[name] ?? []).map((phrase) => [phrase, name] as const)),
  ...WORDS,
]);

/** Reads the command in a message, if it is one. */
export function readCommand(text: string): Typed | undefined {
  const trimmed = text.trim();
  if (trimmed.length > LONGEST) return undefined;
  const [, called, given = ''] = SLASH.exec(trimmed) ?? [];
  if (called !== undefined) {
    const name = NAMES.get(called.toLowerCase()) ?? WORDS.get(plainWords(called));
    const rest = given.trim().replace(MARKS, '');
    if (name) return { name, rest, slash: true };
    return /^[a-z]+$/i.test(called) ? { name: 'unknown', rest, slash: true } : undefined;
  }
  const [first = '', ...rest] = trimmed.split(/\s+/);
  const name = first.length <= LONGEST_SPOKEN ? WORDS.get(plainWords(first)) : undefined;
  const typed = name ? { name, rest: rest.join(' ').replace(MARKS, ''), slash: false } : undefined;
  // `撤销？` asks somebody; in a group perhaps not the bot.
  if (typed && rest.length <= MOST_WORDS && restIsMeant(typed))
    return QUESTION.test(trimmed) ? { ...typed, spoken: true } : typed;
  const own = rest.length <= FEW_WORDS ? typed : undefined;
  const spoken = trimmed.length <= LONGEST_SPOKEN && LETTER.test(trimmed) ? readSpoken(plainWords(trimmed)) : undefined;
  if (spoken) return { ...spoken, slash: false, spoken: true };
  // The answer names what it does not understand. English words may be part of a sentence: `changes ok`.
  if (rest.length > 0 && rest.length <= FEW_WORDS && HAN.test(first) && TRAIL_SAID.has(plainWords(first)))
    return { name: 'history', rest: [TRAIL_WORD, ...rest].join(' ').replace(MARKS, ''), slash: false, spoken: true };
  return own;
}

const politely = without(POLITE);
const asking = without(ASKING);
const besideDay = without({ before: BESIDE_A_DAY, after: BESIDE_A_DAY });

type Read = Pick<Typed, 'rest'> & { readonly name: CommandName };

function readSpoken(said: string): Read | undefined {
  const polite = politely(said);
  const exact = polite.find((one) => SAID.has(one));
  if (exact !== undefined) return { name: SAID.get(exact)!, rest: '' };
  const plain = polite.at(-1)!;
  const asked = asking(plain).flatMap(politely);
  const wanted = asked.map((one) => SAID.get(one)).find((name) => name && !CHANGES.has(name));
  if (wanted) return { name: wanted, rest: '' };
  const period = [...polite, ...asked].map((one) => PERIODS.get(one)).find((days) => days !== undefined);
  if (period !== undefined) return { name: 'summary', rest: period };
  if ([...polite, ...asked].some((one) => TRAIL_SAID.has(one))) return { name: 'history', rest: TRAIL_WORD };
  return ofDay(plain) ?? ofDay(asked.at(-1)!) ?? ofCode(plain);
}

/** The phrases of a command, the longest first. */
const phrasesOf = (name: CommandName): readonly string[] =>
  [...SAID, ...(name === 'summary' ? [...PERIODS.keys()].map((period) => [period, name] as const) : [])]
    .flatMap(([phrase, of]) => (of === name ? [phrase] : []))
    .toSorted((a, b) => b.length - a.length);
const TRAIL_SAID = new Set(TRAIL);
/** The audit trail comes first: 操作记录 ends with 记录. */
const DAILY: readonly { readonly name: CommandName; readonly phrases: readonly string[]; readonly word?: string }[] = [
  { name: 'history', phrases: TRAIL.toSorted((a, b) => b.length - a.length), word: TRAIL_WORD },
  ...OF_A_DAY.map((name) => ({ name, phrases: phrasesOf(name) })),
];
const CODED = (['undo', 'history', 'link'] as const).map((name) => ({ name, phrases: phrasesOf(name) }));

/** Any day of reference tells a day from other words. */
const isDay = (text: string): boolean => parseDay(text, ANY_DAY) !== undefined;
const isSpan = (text: string): boolean => readSpan(text, ANY_DAY) !== undefined;
/** A day or several: not a part of one, of which there is no summary. */
const areDays = (text: string): boolean => {
  const span = readSpan(text, ANY_DAY);
  return isDay(text) || (span !== undefined && !span.clock);
};
const ANY_DAY = '2024-02-29';

/** Reads a request of a day, or of several: 昨天的日报, 日报上周五, 上周的记录, `report for yesterday`. Days alone ask for their summary. */
function ofDay(said: string): Read | undefined {
  if (!/\d/.test(said) && areDays(said)) return { name: 'summary', rest: said };
  for (const { name, phrases, word } of DAILY)
    for (const phrase of phrases) {
      const starts = said.startsWith(phrase);
      const ends = said.endsWith(phrase);
      // Nearly every message has none of them.
      if (!starts && !ends) continue;
      const rests = [...(starts ? [said.slice(phrase.length)] : []), ...(ends ? [said.slice(0, -phrase.length)] : [])];
      const day = rests.flatMap((rest) => besideDay(plainWords(rest))).find(name === 'summary' ? areDays : isSpan);
      if (day !== undefined) return { name, rest: word === undefined ? day : `${word} ${day}` };
    }
  return undefined;
}

const CODE = /^\d[\d -]{3,30}$/;

/** Reads a request about a code, or its end: 撤回 0616, `undo 0332808512`, 0332808512 撤销. */
function ofCode(said: string): Read | undefined {
  for (const { name, phrases } of CODED) {
    const before = phrases.find((one) => said.startsWith(one));
    const behind = phrases.find((one) => said.endsWith(one));
    const rests = [
      ...(before === undefined ? [] : [said.slice(before.length)]),
      ...(behind === undefined ? [] : [said.slice(0, -behind.length)]),
    ];
    const rest = rests.map(plainWords).find((one) => CODE.test(one));
    if (rest !== undefined) return { name, rest };
  }
  return undefined;
}
