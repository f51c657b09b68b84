/** Puts the API for merchants' own systems together: its calls, and the routes that take them. */
import { createLookupCoupon } from '../../handlers/api/lookup-coupon.ts';
import { createReadLedger } from '../../handlers/api/read-ledger.ts';
import { createRepeatable } from '../../handlers/api/repeatable.ts';
import { createShow } from '../../handlers/api/show.ts';
import { createUndoVerification } from '../../handlers/api/undo-verification.ts';
import { createVerifyCoupon } from '../../handlers/api/verify-coupon.ts';
import { words } from '../../locales/index.ts';
import type { Config } from '../config/config.ts';
import { createApi } from '../http/api/api.ts';
import type { Bodies } from '../http/body.ts';
import type { Notices } from './notices.ts';
import type { Services } from './services.ts';

export interface ApiRoutesParts {
  readonly config: Pick<Config, 'locale'>;
  readonly services: Services;
  readonly notices: Pick<Notices, 'raise'>;
  readonly bodies: Bodies;
  readonly now: () => number;
  readonly version: string;
}

export function createApiRoutes({ config, services, notices, bodies, now, version }: ApiRoutesParts) {
  const { stores } = services;
  const show = createShow(services);
  const lookups = createLookupCoupon({ ...services, ...notices, show, touch: (store) => stores.touch(store) });
  const calls = { ...services, lookups, show, repeatable: createRepeatable(services), now };
  return createApi({
    ...services,
    words: words(config.locale),
    lookups,
    verify: createVerifyCoupon(calls),
    undo: createUndoVerification(calls),
    ledger: createReadLedger(calls),
    bodies,
    now,
    version,
  });
}
