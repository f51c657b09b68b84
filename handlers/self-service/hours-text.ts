/** Words opening hours: of a day, of a week, and of holidays. */
import type { Words } from '../../locales/index.ts';
import { DAY_MINUTES, type DayHours, type Span, type UsualHours, type Week } from '../../services/self-service/hours.ts';

const two = (n: number): string => String(n).padStart(2, '0');
export const clock = (minute: number): string => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;

/** `10:00–22:00`; after midnight `18:00–次日 02:00`; several with a comma. */
export function hoursText(spans: readonly Span[], words: Words): string {
  if (spans.length === 0) return words.say('self-closed-day');
  return spans
    .map(({ from, to }) => {
      if (from === 0 && to === DAY_MINUTES) return words.say('self-all-day');
      const end = to <= DAY_MINUTES ? clock(to) : words.say('self-next-day', { time: clock(to - DAY_MINUTES) });
      return `${clock(from)}–${end}`;
    })
    .join(words.say('list-comma'));
}

/** Today's hours, with the holiday they follow from: `国庆节：不开放`. */
export function todayText({ spans, special }: DayHours, words: Words): string {
  const hours = hoursText(spans, words);
  if (!special) return hours;
  return words.say(special.off ? 'self-on-holiday' : 'self-on-make-up', { name: special.name[words.locale], hours });
}

/** The lines of a week, and one for holidays where they have hours of their own. */
export const usualLines = ({ week, holidays }: UsualHours, words: Words): string[] => [
  ...weekLines(week, words),
  ...(holidays ? [words.say('self-holidays', { hours: hoursText(holidays, words) })] : []),
];

/** `周一至周五 10:00–22:00`: weekdays with the same hours that follow each other, in one line. */
function weekLines(week: Week, words: Words): string[] {
  const texts = week.map((spans: readonly Span[]) => hoursText(spans, words));
  if (new Set(texts).size === 1) return [`${words.say('self-every-day')} ${texts[0] ?? ''}`];
  const name = (n: number): string => words.say('self-weekday', { day: n });
  const lines: string[] = [];
  for (let from = 0; from < texts.length;) {
    let to = from;
    while (to + 1 < texts.length && texts[to + 1] === texts[from]) to += 1;
    const days = from === to ? name(from) : words.say('self-weekdays', { from: name(from), to: name(to) });
    lines.push(`${days} ${texts[from] ?? ''}`);
    from = to + 1;
  }
  return lines;
}
