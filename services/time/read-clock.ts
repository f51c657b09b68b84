/** Reads a time of day as people write and say it: 05:00, 5点, 凌晨5点半, 晚上十点, 5am, `10:30 pm`. */

const DIGITS = '零一二三四五六七八九十';
const HOUR = String.raw`\d{1,2}|[零一二两三四五六七八九]|十[一二]?`;
const SPOKEN = new RegExp(
  `^(凌晨|半夜|早上|早晨|清晨|上午|中午|下午|傍晚|晚上|夜里)? ?(?:(${HOUR}) ?[点點时時] ?(?:(半|一刻|\\d{1,2})分?|钟|整)?|(\\d{1,2}):(\\d{2}))$`,
);
const LATIN = /^(\d{1,2})(?::(\d{2}))? ?(am|pm)$/;
/** Parts of the day whose hours up to eleven are those after noon. */
const LATE: ReadonlySet<string> = new Set(['下午', '傍晚', '晚上', '夜里']);

/** The time as `HH:MM`; undefined for any other text. 24点 and midnight are `00:00`. Never throws. */
export function readClock(text: string): string | undefined {
  if (text.length > 20) return undefined;
  const said = text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim();
  const [, hour, minute = '0', half] = LATIN.exec(said) ?? [];
  if (hour !== undefined)
    return Number(hour) < 1 || Number(hour) > 12
      ? undefined
      : written((Number(hour) % 12) + (half === 'pm' ? 12 : 0), Number(minute));
  if (/^(?:半夜|午夜|零点|midnight)$/.test(said)) return '00:00';
  const [, part = '', spoken, after = '', hours, minutes] = SPOKEN.exec(said) ?? [];
  const at = spoken === undefined ? Number(hours ?? NaN) : hourOf(spoken);
  const past = spoken === undefined ? Number(minutes ?? NaN) : after === '半' ? 30 : after === '一刻' ? 15 : Number(after || 0);
  return written(part === '中午' && at < 3 ? at + 12 : LATE.has(part) && at < 12 ? at + 12 : at === 24 ? 0 : at, past);
}

const hourOf = (said: string): number =>
  /^\d/.test(said)
    ? Number(said)
    : said.startsWith('十') && said.length > 1
      ? 10 + DIGITS.indexOf(said.slice(1))
      : DIGITS.indexOf(said.replace('两', '二'));

const written = (hour: number, minute: number): string | undefined =>
  hour < 24 && minute < 60 ? `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}` : undefined;
