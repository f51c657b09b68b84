/** 安静时段: from when to when alerts that can wait are kept. */
import type { AlertSettings } from '../../services/alerts/alert-settings.ts';
import { readQuietHours } from '../../services/alerts/quiet-hours.ts';
import { byPerson } from '../handler.ts';
import type { Setting } from './setting.ts';

/** The hours that have a button; shops that are open late have owners who sleep late. */
const OFFERED = ['22:00-08:00', '00:00-09:00', '03:00-11:00'] as const;
const OFF = 'off';
const NONE = /^(?:关闭|关|无|不要|off|none)$/i;

const idOf = (quiet: string): string => quiet.replaceAll(/\D/g, '');

export function createQuietHours({ alertSettings }: { alertSettings: Pick<AlertSettings, 'of' | 'setQuiet'> }): Setting {
  return {
    name: 'quiet',
    async view({ store, words }) {
      const { quiet } = await alertSettings.of(store.id);
      return {
        label: words.say('setting-quiet'),
        value: quiet ?? words.say('setting-off'),
        choices: [{ id: OFF, label: words.say('setting-off') }, ...OFFERED.map((span) => ({ id: idOf(span), label: span }))],
        chosen: quiet === undefined ? OFF : idOf(quiet),
        about: words.say('setting-quiet-about'),
      };
    },
    async set(value, { store, person }) {
      const [, h1, m1, h2, m2] = /^(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(value) ?? [];
      const quiet = value === OFF ? undefined : readQuietHours(`${h1}:${m1}-${h2}:${m2}`);
      if (value !== OFF && quiet === undefined) return 'unknown';
      await alertSettings.setQuiet(store.id, quiet, byPerson(person));
      return {};
    },
    typed(text) {
      if (NONE.test(text.trim())) return { value: OFF };
      const quiet = readQuietHours(text);
      return quiet === undefined ? undefined : { value: idOf(quiet) };
    },
  };
}
