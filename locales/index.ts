/** Sentences in each language, with typed keys: a missing sentence or argument does not compile. */
import { readFileSync } from 'node:fs';
import { FluentBundle, FluentResource } from '@fluent/bundle';
import type { Sentences } from './keys.ts';

export type { Sentences } from './keys.ts';
export type Locale = 'zh-CN' | 'en';
export const LOCALES: readonly Locale[] = ['zh-CN', 'en'];

/** Tells whether a text names a supported language. */
export const isLocale = (text: unknown): text is Locale => LOCALES.some((locale) => locale === text);

type Arguments<K extends keyof Sentences> = Sentences[K] extends null ? [] : [Sentences[K]];

/** One language: its messages, and its formats of money and times. */
export interface Words {
  readonly locale: Locale;
  say<K extends keyof Sentences>(key: K, ...args: Arguments<K>): string;
  /** Formats a number of things as `1,234`. */
  number(count: number): string;
  /** Formats fen as `¥49.00`. */
  money(fen: number): string;
  /** Formats date and time in a zone, `2026-11-22 18:30` (24 hours, the same in every language: no guessing on a receipt). */
  moment(at: number, zone: string): string;
  /** Formats the time of day in a zone, `18:30`. */
  clock(at: number, zone: string): string;
}

/** The words of a language. Formatting happens here, never in the .ftl files: Fluent ignores zones and currencies there. */
export function words(locale: Locale): Words {
  return WORDS[locale];
}

function load(locale: Locale): Words {
  const bundle = new FluentBundle(locale, { useIsolating: false });
  const faults = bundle.addResource(new FluentResource(readFileSync(new URL(`${locale}.ftl`, import.meta.url), 'utf8')));
  if (faults.length > 0) throw faults[0];
  const number = new Intl.NumberFormat(locale);
  const currency = new Intl.NumberFormat(locale, { style: 'currency', currency: 'CNY', currencyDisplay: 'narrowSymbol' });
  const parts = (at: number, zone: string) => formatter(zone).format(at).replace(',', '');
  return {
    locale,
    say(key, ...args) {
      const pattern = bundle.getMessage(key)?.value;
      if (!pattern) throw new Error(`no sentence ${key} in ${locale}`);
      return bundle.formatPattern(pattern, args[0] ?? null);
    },
    number: (count) => number.format(count),
    // A decimal text keeps every fen exact; a division would not.
    money: (fen) => currency.format(decimal(fen)),
    moment: (at, zone) => parts(at, zone),
    clock: (at, zone) => parts(at, zone).slice(11),
  };
}

const decimal = (fen: number): Intl.StringNumericLiteral => {
  const text = Math.abs(fen).toString().padStart(3, '0');
  return `${fen < 0 ? '-' : ''}${text.slice(0, -2)}.${text.slice(-2)}` as Intl.StringNumericLiteral;
};

const formatters = new Map<string, Intl.DateTimeFormat>();
function formatter(zone: string): Intl.DateTimeFormat {
  let found = formatters.get(zone);
  if (!found) {
    found = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
    formatters.set(zone, found);
  }
  return found;
}

const WORDS: Readonly<Record<Locale, Words>> = { 'zh-CN': load('zh-CN'), en: load('en') };
