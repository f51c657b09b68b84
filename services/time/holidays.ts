/** Public holidays, and the weekend days worked in exchange for them (调休), as the government of China publishes them year by year. */
import table from 'chinese-days/dist/chinese-days.json' with { type: 'json' };

/** A day that is no ordinary weekday: `off` for a holiday, else worked in exchange for one (调休). */
export interface SpecialDay {
  readonly off: boolean;
  readonly name: { readonly 'zh-CN': string; readonly en: string };
}

/** A holiday and its days, one after the other. */
export interface Holiday {
  readonly name: SpecialDay['name'];
  readonly first: string;
  readonly last: string;
}

/** The zones of China. Elsewhere no table is known, and every day is an ordinary one. */
const CHINA: ReadonlySet<string> = new Set([
  'Asia/Shanghai',
  'Asia/Urumqi',
  'Asia/Chongqing',
  'Asia/Chungking',
  'Asia/Harbin',
  'Asia/Kashgar',
  'PRC',
]);

const HOLIDAYS: Readonly<Record<string, string>> = table.holidays;
const WORKDAYS: Readonly<Record<string, string>> = table.workdays;

/** Reads `National Day,国庆节,3`: the name in English and in Chinese, and the statutory days. */
function nameOf(written: string): SpecialDay['name'] {
  const [en = '', zh = ''] = written.split(',');
  return { 'zh-CN': zh, en };
}

/** What is special about a date `YYYY-MM-DD` in a zone; undefined for an ordinary day, and for a year that is not known. */
export function specialDay(day: string, zone: string): SpecialDay | undefined {
  if (!CHINA.has(zone)) return undefined;
  const [holiday, workday] = [HOLIDAYS[day], WORKDAYS[day]];
  if (holiday !== undefined) return { off: true, name: nameOf(holiday) };
  return workday === undefined ? undefined : { off: false, name: nameOf(workday) };
}

/** Whether a zone has a table at all. */
export const hasHolidays = (zone: string): boolean => CHINA.has(zone);

/** Whether the table of a year is known. Each is published as a whole in the November before, and comes with an update of the program. */
export const knowsHolidays = (year: number, zone: string): boolean => specialDay(`${year}-10-01`, zone)?.off === true;

/** The holiday on this date, or the next one; undefined where none is known any more. */
export function nextHoliday(from: string, zone: string): Holiday | undefined {
  if (!CHINA.has(zone)) return undefined;
  const first = SORTED.find((day) => day >= from);
  const written = first === undefined ? undefined : HOLIDAYS[first];
  if (first === undefined || written === undefined) return undefined;
  const days = SORTED.filter((day) => HOLIDAYS[day] === written && day >= first && day.slice(0, 4) === first.slice(0, 4));
  return { name: nameOf(written), first, last: days.at(-1) ?? first };
}

const SORTED: readonly string[] = Object.keys(HOLIDAYS).toSorted();
