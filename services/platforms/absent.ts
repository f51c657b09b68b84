/**
 * Stands in for a platform that this installation does not offer (any more). Its accounts stay, and every call says why it
 * fails.
 */
import { MARKETS } from '../coupons/markets.ts';
import { SIMULATED } from './names.ts';
import { PlatformAbsent, type Platform, type PlatformName } from './platform.ts';

export function createAbsent(name: PlatformName): Platform {
  const absent = (): Promise<never> =>
    Promise.reject(new PlatformAbsent(name === SIMULATED ? 'practice-off' : 'not-set-up', `${name} is not offered here`));
  return {
    name,
    perSecond: undefined,
    questions: [],
    rank: Number.MAX_SAFE_INTEGER,
    // Every code leads here too, so that the reason is told.
    markets: MARKETS,
    plainHttp: false,
    undoes: true,
    identity: () => '',
    login: absent,
    stores: absent,
    deals: absent,
    lookup: absent,
    verify: absent,
    query: absent,
    undo: absent,
    queryUndo: absent,
  };
}
