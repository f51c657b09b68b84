/** 提醒: which alerts the store's owners get. */
import { ALERT_KINDS, ALERT_NAMES, type AlertKind } from '../../services/alerts/alert.ts';
import type { AlertSettings } from '../../services/alerts/alert-settings.ts';
import { byPerson } from '../handler.ts';
import type { Setting } from './setting.ts';

/** A customer may be standing there, so that one cannot be turned off. */
type Optional = Exclude<AlertKind, 'decision'>;
/** Those that owners turn off. */
export const OPTIONAL = ALERT_NAMES.filter((kind): kind is Optional => !ALERT_KINDS[kind].urgent);

export function createAlertKinds({ alertSettings }: { alertSettings: Pick<AlertSettings, 'of' | 'turn'> }): Setting {
  return {
    name: 'alerts',
    stays: true,
    async view({ store, words }) {
      const { off } = await alertSettings.of(store.id);
      const label = (kind: Optional): string => words.say(`alert-kind-${kind}`);
      return {
        label: words.say('setting-alerts'),
        value: off.length === 0 ? words.say('setting-alerts-all') : words.say('setting-alerts-off', { count: off.length }),
        choices: OPTIONAL.map((kind) => ({
          id: kind,
          label: words.say(off.includes(kind) ? 'setting-alert-off' : 'setting-alert-on', { alert: label(kind) }),
        })),
        chosen: undefined,
        about: words.say('setting-alerts-about'),
      };
    },
    async set(value, { store, person }) {
      const kind = OPTIONAL.find((one) => one === value);
      if (!kind) return 'unknown';
      const { off } = await alertSettings.of(store.id);
      await alertSettings.turn(store.id, kind, off.includes(kind), byPerson(person));
      return {};
    },
  };
}
