/** Reads what somebody asks of the audit trail: `操作 上周`, 昨天的操作记录, `changes last week`. */
import { readSpan } from '../time/read-span.ts';
import { previousDay } from '../time/business-day.ts';
import type { Days } from './trail.ts';

/** The days of a trail for which none are said. */
export const USUAL_DAYS = 30;

/** The longest text that is looked at, characters. */
const LONGEST = 100;

export type AskedTrail =
  /** `said`: the days were named. */
  | { readonly days: Days; readonly said: boolean }
  /** `unknown`: the text beside the word, which names no day. */
  | { readonly unknown: string };

const WORD = '(?:操作|变更|變更)(?:记录|記錄|紀錄|日志|日誌|历史|歷史)?|audit(?: trail| log)?|changes|change log';
/** The word with what is behind it, and with what is before it. */
const FIRST = new RegExp(`^(?:${WORD})(?<between>[\\s:：,，、的]*)(?<rest>.*)$`, 'is');
const LAST = new RegExp(`^(?<rest>.*?)(?<between>[\\s,，、的]*)(?:${WORD})$`, 'is');
/** Words between, which mean nothing. */
const OF = /^(?:of|for|on|from|in) /i;

/** Whether the trail is asked for at all. Any day of reference tells a day from a name: 操作台 may be a product. */
export const asksTrail = (text: string): boolean => readTrail(text, '2024-02-29') !== undefined;

/** Reads what is asked of the trail, seen from the business day `today`; undefined for a search of the records. Never throws. */
export function readTrail(text: string, today: string): AskedTrail | undefined {
  if (text.length > LONGEST) return undefined;
  for (const pattern of [FIRST, LAST]) {
    const { between, rest } = pattern.exec(text.trim())?.groups ?? {};
    if (rest === undefined) continue;
    if (rest === '') return { days: { from: before(today, USUAL_DAYS - 1), to: today }, said: false };
    const span = readSpan(rest.replace(OF, ''), today);
    if (span && !span.clock) return { days: { from: span.from, to: span.to }, said: true };
    if (between !== '' && pattern === FIRST) return { unknown: rest };
  }
  return undefined;
}

function before(day: string, days: number): string {
  let first = day;
  for (let back = 0; back < days; back++) first = previousDay(first);
  return first;
}
