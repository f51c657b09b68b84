/** Reads what a day's zeros do not say: coupons that nobody confirmed, times without the program or without answers, and a store that no chat is bound to. */
import type { Store } from '../accounts/store.ts';
import type { Db, Tx } from '../database/database.ts';
import { dayBounds } from '../time/business-day.ts';
import { silentPlatformsOn, type SilentPlatform } from './platform-days.ts';
import { unconfirmedOn } from './unconfirmed.ts';
import { gapsIn, type Gap } from './uptime.ts';

export interface Silence {
  /** The last four digits of codes that were looked up and never confirmed. */
  readonly unconfirmed: readonly string[];
  /** When the program did not run. */
  readonly gaps: readonly Gap[];
  /** Platforms that were asked and never answered. */
  readonly platforms: readonly SilentPlatform[];
  /** No chat is bound to the store now. */
  readonly unbound: boolean;
}

export async function silenceOf(on: Db | Tx, store: Store, day: string): Promise<Silence> {
  const bound = await on.selectFrom('chat').select('id').where('store_id', '=', store.id).limit(1).execute();
  return {
    unconfirmed: await unconfirmedOn(on, store.id, day),
    gaps: await gapsIn(on, dayBounds(day, store.zone, store.dayEnd)),
    platforms: await silentPlatformsOn(on, store.id, day),
    unbound: bound.length === 0,
  };
}
