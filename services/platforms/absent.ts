/** A platform that is not offered here (any more): what was bound with it is kept, and every call says why nothing comes of it. */
import { PlatformAbsent, type Platform, type PlatformName } from './platform.ts';

export function createAbsent(name: PlatformName): Platform {
  const absent = (): Promise<never> =>
    Promise.reject(new PlatformAbsent(name === 'practice' ? 'practice-off' : 'not-set-up', `${name} is not offered here`));
  return {
    name,
    perSecond: undefined,
    questions: [],
    // Whatever code is sent, this platform is asked, and so the reason is told.
    markets: ['meituan', 'dianping', 'dining', 'douyin'],
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
