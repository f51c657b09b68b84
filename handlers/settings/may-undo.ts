/** 谁能撤销: who may undo besides the owners. */
import { MAY_UNDO } from '../../services/accounts/store.ts';
import type { StoreSettings } from '../../services/accounts/store-settings.ts';
import { byPerson } from '../handler.ts';
import type { Setting, TellOthers } from './setting.ts';

export interface MayUndoParts {
  readonly storeSettings: Pick<StoreSettings, 'setMayUndo'>;
  readonly tellOthers: TellOthers;
}

export function createMayUndo({ storeSettings, tellOthers }: MayUndoParts): Setting {
  return {
    name: 'undo',
    widens: true,
    async view({ store, words }) {
      return await Promise.resolve({
        label: words.say('setting-may-undo'),
        value: words.say(`may-undo-${store.mayUndo}`),
        choices: MAY_UNDO.map((id) => ({ id, label: words.say(`may-undo-${id}`) })),
        chosen: store.mayUndo,
        about: words.say('setting-may-undo-about'),
      });
    },
    async set(value, asker) {
      const mayUndo = MAY_UNDO.find((one) => one === value);
      if (!mayUndo) return 'unknown';
      const { store, person } = asker;
      const tell = await tellOthers(asker, (words) => ({
        label: words.say('setting-may-undo'),
        value: words.say(`may-undo-${mayUndo}`),
      }));
      await storeSettings.setMayUndo(store, mayUndo, byPerson(person), tell);
      return {};
    },
  };
}
