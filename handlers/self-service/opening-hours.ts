/** 开放时间: the hours of working days, weekends and holidays, and single days that differ, set by buttons or in short words. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import { ALL_DAY, DAY_GROUPS, withGroup } from '../../services/self-service/hours.ts';
import type { SelfServiceRules } from '../../services/self-service/rules.ts';
import { nextDay, realDay } from '../../services/time/business-day.ts';
import { hasHolidays, knowsHolidays, nextHoliday } from '../../services/time/holidays.ts';
import { wallTime } from '../../services/time/wall-clock.ts';
import { byPerson, whisper, type Asker, type Handler, type Presses } from '../handler.ts';
import type { Button, Reply } from '../message.ts';
import type { HoursVerb } from '../verb.ts';
import { hoursText, usualLines } from './hours-text.ts';
import type { TypedAnswers } from './typed.ts';

/** Days that have hours of their own, as many as get a button each. */
const MOST_BUTTONS = 8;

export interface OpeningHours {
  screen(store: Store, asker: Asker): Promise<Reply>;
  readonly presses: Presses<HoursVerb>;
}

export function createOpeningHours(parts: {
  rules: Pick<SelfServiceRules, 'of' | 'setUsual' | 'setDays'>;
  typed: Pick<TypedAnswers, 'ask' | 'cancel'>;
  /** Runs where the presser owns the store, now. */
  ofStore: (run: (store: Store, asker: Asker, rest: string) => AsyncIterable<Reply>) => Handler;
  now: () => number;
}): OpeningHours {
  const { rules, typed, ofStore, now } = parts;
  const today = ({ zone }: Store): string => wallTime(now(), zone).day;
  const button = (verb: HoursVerb, id: string, label: string): Button => ({ verb, id, label });

  /** What is known of the holidays to come; nothing where the calendar is not followed. */
  const calendarLines = (store: Store, words: Words): string[] => {
    const day = today(store);
    const year = Number(day.slice(0, 4));
    if (!hasHolidays(store.zone)) return [words.say('self-no-calendar', { zone: store.zone })];
    const next = nextHoliday(day, store.zone);
    const soon = day.slice(5) >= '12';
    const unknown = [year, ...(soon ? [year + 1] : [])].find((one) => !knowsHolidays(one, store.zone));
    return [
      ...(next ? [words.say('self-next-holiday', { name: next.name[words.locale], first: next.first, last: next.last })] : []),
      ...(unknown === undefined ? [] : [words.say('self-unknown-year', { year: String(unknown) })]),
    ];
  };

  async function screen(store: Store, { words }: Asker): Promise<Reply> {
    const { hours } = await rules.of(store.id);
    const days = Object.entries(hours.days).map(([day, spans]) => `${day} ${hoursText(spans, words)}`);
    return {
      kind: 'say',
      text: [
        words.say('self-hours-title', { store: store.name }),
        ...usualLines(hours, words),
        ...(hours.holidays ? calendarLines(store, words) : []),
        ...days,
      ].join('\n'),
      buttons: [
        [
          button('self-week', store.id, words.say('button-self-week')),
          button('self-days', store.id, words.say('button-self-days')),
        ],
        [
          { verb: 'closed', id: store.id, label: words.say('button-closed') },
          { verb: 'self', id: store.id, label: words.say('button-self-back') },
        ],
      ],
    };
  }

  /** Each single day that can be set by a press: today and tomorrow closed, and days that have hours of their own as usual again. */
  const dayButtons = async (store: Store, words: Words): Promise<Button[][]> => {
    const { days } = (await rules.of(store.id)).hours;
    const first = today(store);
    const id = (day: string, how: 'off' | 'std'): string => `${store.id}-${day.replaceAll('-', '')}-${how}`;
    const closed = [first, nextDay(first)].map((day, n) =>
      button('self-day', id(day, 'off'), words.say(n === 0 ? 'button-self-today-off' : 'button-self-tomorrow-off')),
    );
    const own = Object.keys(days).filter((day) => day >= first);
    return [
      closed,
      ...own
        .slice(0, MOST_BUTTONS)
        .map((day) => [button('self-day', id(day, 'std'), words.say('button-self-day-usual', { day: day.slice(5) }))]),
    ];
  };

  return {
    screen,
    presses: {
      'self-hours': ofStore(async function* hours(store, asker) {
        yield await screen(store, asker);
      }),
      'self-week': ofStore(async function* week(store, asker) {
        const { words } = asker;
        yield await typed.ask({ what: 'week', storeId: store.id }, asker, [
          DAY_GROUPS.map((group) => button('self-group', `${store.id}-${group}`, words.say(`button-self-${group}`))),
        ]);
      }),
      'self-days': ofStore(async function* days(store, asker) {
        yield await typed.ask({ what: 'days', storeId: store.id }, asker, await dayButtons(store, asker.words));
      }),
      /** `<store>-weekdays`. */
      'self-group': ofStore(async function* ask(store, asker, rest) {
        const { words } = asker;
        const group = DAY_GROUPS.find((one) => one === rest);
        if (!group) return yield whisper(words.say('card-gone'));
        const set = (how: 'all' | 'off' | 'std', label: string): Button =>
          button('self-set', `${store.id}-${group}-${how}`, label);
        yield await typed.ask({ what: group, storeId: store.id }, asker, [
          [set('all', words.say('self-all-day')), set('off', words.say('self-closed-day'))],
          ...(group === 'holidays' ? [[set('std', words.say('button-self-usual'))]] : []),
        ]);
      }),
      /** `<store>-holidays-off`. */
      'self-set': ofStore(async function* set(store, asker, rest) {
        const [named, how = ''] = rest.split('-');
        const group = DAY_GROUPS.find((one) => one === named);
        if (!group || !/^(?:all|off|std)$/.test(how)) return yield whisper(asker.words.say('card-gone'));
        await typed.cancel(asker);
        const spans = how === 'std' ? undefined : how === 'all' ? ALL_DAY : [];
        await rules.setUsual(store.id, (before) => withGroup(before, group, spans), byPerson(asker.person));
        yield await screen(store, asker);
      }),
      /** `<store>-20261225-off`, `-std` for as usual. A day that is over by now stays as it was. */
      'self-day': ofStore(async function* set(store, asker, rest) {
        const match = /^(\d{4})(\d\d)(\d\d)-(off|std)$/.exec(rest);
        const day = match && realDay(Number(match[1]), Number(match[2]), Number(match[3]));
        if (!day || day < today(store)) return yield whisper(asker.words.say('card-gone'));
        await typed.cancel(asker);
        const spans = match[4] === 'off' ? [] : undefined;
        await rules.setDays(store.id, { days: [day], spans }, today(store), byPerson(asker.person));
        yield await screen(store, asker);
      }),
    },
  };
}
