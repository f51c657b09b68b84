/** Words why a customer may not verify now, and the hours of a day. */
import type { Words } from '../../locales/index.ts';
import type { Obstacle } from '../../services/self-service/admission.ts';
import { DAY_MINUTES, type Span } from '../../services/self-service/hours.ts';

const two = (n: number): string => String(n).padStart(2, '0');
const clock = (minute: number): string => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;

/** `10:00–22:00`; after midnight `18:00–次日 02:00`; several with a comma. */
export function hoursText(spans: readonly Span[], words: Words): string {
  if (spans.length === 0) return words.say('self-closed-day');
  return spans
    .map(({ from, to }) => {
      if (from === 0 && to === DAY_MINUTES) return words.say('self-all-day');
      const end = to <= DAY_MINUTES ? clock(to) : words.say('self-next-day', { time: clock(to - DAY_MINUTES) });
      return `${clock(from)}–${end}`;
    })
    .join('、');
}

export function obstacleText(why: Obstacle, store: string, words: Words): string {
  switch (why.kind) {
    case 'off':
      return words.say('self-is-off', { store });
    case 'closed': {
      const today = words.say('self-is-closed', { store, hours: hoursText(why.today, words) });
      if (!why.next) return today;
      return `${today}${words.say('self-opens', { day: why.next.day, time: clock(why.next.minute) })}`;
    }
    case 'limit':
      return words.say(why.of === 'person' ? 'self-limit-person' : 'self-limit-place', { count: why.most });
  }
}
