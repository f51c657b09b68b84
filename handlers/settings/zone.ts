/** 时区: by which clock a store's business days and times go. */
import type { Words } from '../../locales/index.ts';
import type { StoreCalendars } from '../../services/ledger/store-calendar.ts';
import { readZone, looksLikeZone } from '../../services/time/zones.ts';
import { byPerson } from '../handler.ts';
import { runningDay } from './day-end.ts';
import type { Setting, TellOthers } from './setting.ts';

/** The zones that have a button, by the ids of the buttons. */
const OFFERED = {
  shanghai: 'Asia/Shanghai',
  hongkong: 'Asia/Hong_Kong',
  taipei: 'Asia/Taipei',
  singapore: 'Asia/Singapore',
  bangkok: 'Asia/Bangkok',
  tokyo: 'Asia/Tokyo',
  seoul: 'Asia/Seoul',
  sydney: 'Australia/Sydney',
  london: 'Europe/London',
  newyork: 'America/New_York',
  la: 'America/Los_Angeles',
} as const;
type Offered = keyof typeof OFFERED;
const IDS = Object.keys(OFFERED) as Offered[];

/** Names a zone as its button does, or as it is typed. */
export const zoneName = (zone: string, words: Words): string => {
  const id = IDS.find((one) => OFFERED[one] === zone);
  return id ? words.say(`zone-${id}`) : zone;
};

export interface ZoneParts {
  readonly calendars: Pick<StoreCalendars, 'setZone'>;
  readonly tellOthers: TellOthers;
  readonly now: () => number;
}

export function createZone({ calendars, tellOthers, now }: ZoneParts): Setting {
  return {
    name: 'zone',
    async view({ store: { zone }, words }) {
      return await Promise.resolve({
        label: words.say('setting-zone'),
        value: zoneName(zone, words),
        choices: IDS.map((id) => ({ id, label: words.say(`zone-${id}`) })),
        chosen: IDS.find((id) => OFFERED[id] === zone),
        about: words.say('setting-zone-about'),
      });
    },
    async set(value, asker) {
      const zone = readZone(IDS.some((id) => id === value) ? OFFERED[value as Offered] : value);
      if (zone === undefined) return 'unknown';
      const { store, person, words } = asker;
      const tell = await tellOthers(asker, (theirs) => ({ label: theirs.say('setting-zone'), value: zoneName(zone, theirs) }));
      const after = await calendars.setZone(store, zone, byPerson(person), tell);
      return { note: [runningDay(after, now(), words), words.say('zone-before')].join('\n') };
    },
    typed(text, { words }) {
      const named = IDS.find((id) => words.say(`zone-${id}`).toLowerCase() === text.trim().toLowerCase());
      const zone = named ? OFFERED[named] : readZone(text);
      if (zone !== undefined) return { value: zone };
      return looksLikeZone(text) ? { wrong: words.say('zone-unknown') } : undefined;
    },
  };
}
