/** 营业日截止: when the business day of a store ends. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { StoreCalendars } from '../../services/ledger/store-calendar.ts';
import { endsNextDate } from '../../services/time/business-day.ts';
import { boundsOf, dayAt } from '../../services/time/calendar.ts';
import { readClock } from '../../services/time/read-clock.ts';
import { byPerson } from '../handler.ts';
import type { Setting } from './setting.ts';

/** The ends that have a button: midnight, and for shops that are open late. */
const OFFERED = ['00:00', '02:00', '05:00'] as const;

/** Words an end: `02:00`, on the next date or on the same. */
export const endOf = (dayEnd: string, words: Words): string =>
  dayEnd === '00:00' ? dayEnd : words.say(endsNextDate(dayEnd) ? 'settings-next-date' : 'settings-same-date', { time: dayEnd });

const idOf = (time: string): string => time.replace(':', '');

/** Says from when to when the running business day is. */
export function runningDay(store: Store, now: number, words: Words): string {
  const day = dayAt(now, store);
  const { from, to } = boundsOf(day, store);
  return words.say('settings-running-day', { day, from: words.moment(from, store.zone), to: words.moment(to, store.zone) });
}

export function createDayEnd({ calendars, now }: { calendars: Pick<StoreCalendars, 'setDayEnd'>; now: () => number }): Setting {
  return {
    name: 'dayend',
    async view({ store: { dayEnd }, words }) {
      return await Promise.resolve({
        label: words.say('setting-day-end'),
        value: endOf(dayEnd, words),
        choices: OFFERED.map((time) => ({ id: idOf(time), label: endOf(time, words) })),
        chosen: idOf(dayEnd),
        about: words.say('setting-day-end-about'),
      });
    },
    async set(value, { store, person, words }) {
      const [, hours, minutes] = /^(\d\d)(\d\d)$/.exec(value) ?? [];
      const dayEnd = `${hours}:${minutes}`;
      if (readClock(dayEnd) !== dayEnd) return 'unknown';
      return { note: runningDay(await calendars.setDayEnd(store, dayEnd, byPerson(person)), now(), words) };
    },
    typed(text) {
      const time = readClock(text);
      return time === undefined ? undefined : { value: idOf(time) };
    },
  };
}
