/**
 * Reads what somebody searches for: `上周 小王 四小时`, `昨天退款失败`, `0616`, `last friday refunded`. Words are times, outcomes,
 * digits of a code, or parts of names; a word that is none of these in this store is named, never guessed at.
 */
import type { Store } from '../accounts/store.ts';
import { previousDay } from '../time/business-day.ts';
import { dayAt } from '../time/calendar.ts';
import { readSpan } from '../time/read-span.ts';
import { clockRuns, formatSpan, type Span } from '../time/spans.ts';
import type { KnownWords } from './names.ts';
import { readOutcome } from './outcome-words.ts';
import type { Outcome, Search } from './search.ts';

/** How far back customers' names and notes are searched where no time is said. */
const SAID_DAYS = 92;
/** The longest text that is looked at, characters. */
const LONGEST = 200;
/** The most blank-separated words of one phrase: `from nov 1 to nov 5`. */
const MOST_IN_PHRASE = 7;
/** The most characters of words that are written together: 昨天小王. */
const MOST_TOGETHER = 16;
/** Characters of which every time and outcome that is written together with a name has one. */
const CERTAIN = /[天日号號月年周週期拜晚早晨午夜间今昨前傍核撤退通败敗成拒认認判过過存店重用足到效\d]/;

/** What a word, or several together, certainly mean. */
type Meaning = { readonly text: string } & (
  | { readonly kind: 'span'; readonly span: Span }
  | { readonly kind: 'outcome'; readonly outcome: Outcome }
  | { readonly kind: 'code'; readonly digits: string }
);

/** A text as meanings and the name that they leave; an empty name leaves nothing. */
interface Way {
  readonly meanings: readonly Meaning[];
  readonly name: string;
}

/** A part of the text, with the ways to understand it: a meaning has one, a name may also be one beside a time. */
export interface Part {
  readonly text: string;
  readonly ways: readonly Way[];
}

export interface Reading {
  readonly search: Search;
  /** What was understood, in words: the days, and the rest as it was typed. */
  readonly said: readonly string[];
  /** The words that were not. */
  readonly unknown: readonly string[];
  /** The days that were named. */
  readonly span: Span | undefined;
}

function meaningOf(text: string, today: string): Meaning | undefined {
  const span = readSpan(text, today);
  if (span) return { text, kind: 'span', span };
  const outcome = readOutcome(text);
  if (outcome) return { text, kind: 'outcome', outcome };
  const plain = text.normalize('NFKC');
  const digits = plain.replaceAll(/[ -]/g, '');
  return /^(?:[\d ]+|[\d-]+)$/.test(plain) && /^\d{4,20}$/.test(digits) ? { text, kind: 'code', digits } : undefined;
}

/** Splits a text into its parts, the longest phrases first. Pure, and total. */
export function readParts(text: string, today: string): readonly Part[] {
  const words = text
    .slice(0, LONGEST)
    .split(/[\s,，、;；。]+/)
    .filter(Boolean);
  const parts: Part[] = [];
  for (let at = 0; at < words.length;) {
    let taken = Math.min(MOST_IN_PHRASE, words.length - at);
    let meaning: Meaning | undefined;
    for (; taken > 0 && !meaning; taken--) meaning = meaningOf(words.slice(at, at + taken).join(' '), today);
    const phrase = meaning?.text ?? words[at]!;
    parts.push({ text: phrase, ways: meaning ? [{ meanings: [meaning], name: '' }] : waysOf(phrase, today) });
    at += meaning ? taken + 1 : 1;
  }
  return parts;
}

/** Whether the first words certainly mean something: a time, an outcome, a code. */
export const beginsMeant = (text: string, today: string): boolean => readParts(text, today)[0]?.ways[0]?.name === '';

/** 3号 may be the beginning of a table's name, and is no day where something is written behind it. */
const SHORT_DAY = /^\d{1,2}[日号號]$/;
const LEAST_NAME = 2;

/** The ways to understand words that are written together: as a name, or as one with times and outcomes at its ends. */
function waysOf(text: string, today: string): readonly Way[] {
  const asName: Way = { meanings: [], name: text };
  if (text.length > MOST_TOGETHER) return [asName];
  if (!CERTAIN.test(text)) return [asName];
  const seen = new Map<string, Meaning | undefined>();
  const certain = (end: string): Meaning | undefined => {
    if (!CERTAIN.test(end) || SHORT_DAY.test(end)) return undefined;
    if (!seen.has(end)) seen.set(end, meaningOf(end, today));
    const meaning = seen.get(end);
    return meaning?.kind === 'code' ? undefined : meaning;
  };
  const once = ({ meanings, name }: Way): readonly Way[] =>
    Array.from({ length: Math.max(0, name.length - 1) }, (_, n) => n + 1).flatMap((length) =>
      [
        { end: name.slice(0, length), rest: name.slice(length).replace(/^的/, '') },
        { end: name.slice(-length), rest: name.slice(0, -length).replace(/的$/, '') },
      ].flatMap(({ end, rest }) => {
        const meaning = certain(end);
        return meaning ? [{ meanings: [...meanings, meaning], name: rest }] : [];
      }),
    );
  const first = once(asName);
  const whole = first.flatMap(({ meanings, name }): Way[] => {
    const last = certain(name);
    return last ? [{ meanings: [...meanings, last], name: '' }] : [];
  });
  const partly = [...first, ...first.flatMap(once)].toSorted((a, b) => a.name.length - b.name.length);
  return [...whole.slice(0, 1), asName, ...partly.filter(({ name }) => name.length >= LEAST_NAME)];
}

const NUMERALS = '零一二三四五六七八九十';

/** A word, and the same with its numbers the other way: 四小时 is 4小时. */
export function spellingsOf(word: string): readonly string[] {
  const inDigits = word.replaceAll(/(?<![一二三四五六七八九十])(十|[一二两三四五六七八九])(?![一二三四五六七八九十])/g, (one) =>
    String(NUMERALS.indexOf(one === '两' ? '二' : one)),
  );
  const inWords = word.replaceAll(/(?<!\d)(10|[1-9])(?!\d)/g, (one) => NUMERALS[Number(one)]!);
  return [...new Set([word, inDigits, inWords])];
}

/** Reads a search in a store's ledger, as of the moment `now`, ms. */
export async function readSearch(
  text: string,
  store: Pick<Store, 'id' | 'zone' | 'dayEnd'>,
  { now, known }: { readonly now: number; readonly known: KnownWords },
): Promise<Reading> {
  const today = dayAt(now, store);
  const parts = readParts(text, today);
  const names = [...new Set(parts.flatMap(({ ways }) => ways.map(({ name }) => name)).filter((name) => name !== ''))];
  const days = parts.reduce<Span | undefined>((span, { ways }) => withAll(span, ways[0]!.meanings, today) ?? span, undefined);
  const since = saidSince(days, today);
  const found = await known(store.id, names.map(spellingsOf), { from: days?.from, to: days?.to, saidSince: since });
  return resolve(parts, new Set(names.filter((_, n) => found[n])), store, today);
}

function saidSince(span: Span | undefined, today: string): string | undefined {
  if (span) return undefined;
  let since = today;
  for (let back = 0; back < SAID_DAYS; back++) since = previousDay(since);
  return since;
}

/** Makes a search of the parts, where these names are known. */
function resolve(
  parts: readonly Part[],
  known: ReadonlySet<string>,
  { zone, dayEnd }: Pick<Store, 'zone' | 'dayEnd'>,
  today: string,
): Reading {
  const meanings: Meaning[] = [];
  const words: string[] = [];
  const unknown: string[] = [];
  let span: Span | undefined;
  for (const { text, ways } of parts) {
    const way = ways.find(({ name }) => name === '' || known.has(name));
    const more = way?.meanings ?? [];
    const coded = [...meanings, ...more].filter(({ kind }) => kind === 'code').length;
    const days = withAll(span, more, today);
    if (!way || coded > 1 || (days === undefined && more.some(({ kind }) => kind === 'span'))) {
      unknown.push(text);
      continue;
    }
    span = days;
    meanings.push(...more);
    if (way.name !== '') words.push(way.name);
  }
  const outcomes = meanings.flatMap((meaning) => (meaning.kind === 'outcome' ? [meaning.outcome] : []));
  const code = meanings.find((meaning) => meaning.kind === 'code');
  const others = meanings.flatMap((meaning) => {
    if (meaning.kind === 'span') return [];
    // The whole code stands in its row, as far as this chat may see it.
    return [meaning.kind === 'code' ? `…${meaning.digits.slice(-4)}` : meaning.text];
  });
  return {
    search: {
      ...(span && { from: span.from, to: span.to }),
      ...(span?.clock && { clock: clockRuns({ ...span, clock: span.clock }, zone, dayEnd) }),
      ...(outcomes.length > 0 && { outcomes }),
      ...(code && { codeEnd: code.digits }),
      ...(words.length > 0 && { words: words.map(spellingsOf), saidSince: saidSince(span, today) }),
    },
    said: [...(span ? [formatSpan(span)] : []), ...others, ...words],
    unknown,
    span,
  };
}

/** The span with those of the meanings added; undefined for none, and where they do not go together. */
function withAll(span: Span | undefined, meanings: readonly Meaning[], today: string): Span | undefined {
  let all = span;
  for (const meaning of meanings) {
    if (meaning.kind !== 'span') continue;
    const next = all ? together(all, meaning.span, today) : meaning.span;
    if (!next) return undefined;
    all = next;
  }
  return all;
}

/**
 * The span that two mean together. From one day to another; of a range and what lies within it the narrower; 晚上, said apart from
 * its day, is a part of that. Undefined for two that say different things: 上周 本月初.
 */
function together(one: Span, other: Span, today: string): Span | undefined {
  const isPart = ({ from, to, clock }: Span): boolean => clock !== undefined && from === today && to === today;
  if (isPart(other) && !one.clock) return { ...one, clock: other.clock! };
  if (isPart(one) && !other.clock) return { ...other, clock: one.clock! };
  if (one.clock || other.clock) return undefined;
  const [from, to] = [one.from < other.from ? one.from : other.from, one.to > other.to ? one.to : other.to];
  if (one.from === one.to && other.from === other.to) return { from, to };
  const wide = [one, other].find((span) => span.from === from && span.to === to);
  return wide && (wide === one ? other : one);
}
