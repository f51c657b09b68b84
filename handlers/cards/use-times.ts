/** Words when a coupon may be used: a platform says it, a person judges it. */
import type { Words } from '../../locales/index.ts';
import type { UseTimes } from '../../services/coupons/coupon.ts';
import type { Field } from '../message.ts';

const DAYS = ['weekday-1', 'weekday-2', 'weekday-3', 'weekday-4', 'weekday-5', 'weekday-6', 'weekday-7'] as const;
/** The most spans of dates on a card, the next ones. */
const MOST_DATES = 3;

export function useTimeFields(
  { hours = [], offDays = [], offDates = [] }: UseTimes,
  zone: string,
  words: Words,
): readonly Field[] {
  const times = hours.map(({ from, to, nextDay }) => words.say(nextDay ? 'hours-next-day' : 'hours', { from, to }));
  const days = offDays.flatMap((day) => {
    const key = DAYS[day - 1];
    return key === undefined ? [] : [words.say(key)];
  });
  const dates = offDates.slice(0, MOST_DATES).map(({ from, to }) => {
    const [first, last] = [words.moment(from, zone).slice(0, 10), words.moment(to, zone).slice(0, 10)];
    return first === last ? first : words.say('hours', { from: first, to: last });
  });
  const off = [...days, ...dates, ...(offDates.length > MOST_DATES ? ['…'] : [])];
  return [
    ...(times.length > 0 ? [{ label: words.say('field-hours'), value: times.join(words.say('list-comma')) }] : []),
    ...(off.length > 0 ? [{ label: words.say('field-off-days'), value: off.join(words.say('list-comma')) }] : []),
  ];
}
