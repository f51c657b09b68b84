/** 群里的券码: how coupon codes are shown in groups. */
import { GROUP_CODES } from '../../services/accounts/store.ts';
import type { StoreSettings } from '../../services/accounts/store-settings.ts';
import { byPerson } from '../handler.ts';
import type { Setting } from './setting.ts';

export function createGroupCodes({ storeSettings }: { storeSettings: Pick<StoreSettings, 'setGroupCodes'> }): Setting {
  return {
    name: 'codes',
    async view({ store, words }) {
      return await Promise.resolve({
        label: words.say('setting-group-codes'),
        value: words.say(`group-codes-${store.groupCodes}`),
        choices: GROUP_CODES.map((id) => ({ id, label: words.say(`group-codes-${id}`) })),
        chosen: store.groupCodes,
        about: words.say('setting-group-codes-about'),
      });
    },
    async set(value, { store, person }) {
      const groupCodes = GROUP_CODES.find((one) => one === value);
      if (!groupCodes) return 'unknown';
      await storeSettings.setGroupCodes(store, groupCodes, byPerson(person));
      return {};
    },
  };
}
