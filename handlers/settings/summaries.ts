/** 日报图片 and 周报月报: what a chat receives beside the text of the daily summary. */
import type { Reports } from '../../services/ledger/reports.ts';
import { PICTURES } from '../../services/ledger/owner-groups.ts';
import { PERIODS } from '../../services/ledger/periods.ts';
import { byPerson } from '../handler.ts';
import type { Setting } from './setting.ts';

type Parts = { readonly reports: Pick<Reports, 'extras' | 'dress'> };

export function createPictureSetting({ reports }: Parts): Setting {
  return {
    name: 'picture',
    async view({ store, chat, words }) {
      const extras = await reports.extras(store.id, chat.id);
      return (
        extras && {
          label: words.say('setting-picture'),
          value: words.say(`setting-picture-${extras.picture}`),
          choices: PICTURES.map((id) => ({ id, label: words.say(`setting-picture-${id}`) })),
          chosen: extras.picture,
          about: words.say('setting-picture-about'),
        }
      );
    },
    async set(value, { store, chat, person }) {
      const picture = PICTURES.find((one) => one === value);
      return picture && (await reports.dress(store, chat.id, { picture }, byPerson(person))) ? {} : 'unknown';
    },
  };
}

export function createPeriodsSetting({ reports }: Parts): Setting {
  return {
    name: 'periods',
    async view({ store, chat, words }) {
      const extras = await reports.extras(store.id, chat.id);
      return (
        extras && {
          label: words.say('setting-periods'),
          value: words.say(`setting-periods-${extras.periods}`),
          choices: PERIODS.map((id) => ({ id, label: words.say(`setting-periods-${id}`) })),
          chosen: extras.periods,
          about: words.say('setting-periods-about'),
        }
      );
    },
    async set(value, { store, chat, person }) {
      const periods = PERIODS.find((one) => one === value);
      return periods && (await reports.dress(store, chat.id, { periods }, byPerson(person))) ? {} : 'unknown';
    },
  };
}
