/** Puts together what is served whichever channels there are: platforms' messages, the API for merchants' systems, the books. */
import { Hono } from 'hono';
import { createLookupCoupon } from '../../handlers/api/lookup-coupon.ts';
import { createReadLedger } from '../../handlers/api/read-ledger.ts';
import { createRepeatable } from '../../handlers/api/repeatable.ts';
import { createShow } from '../../handlers/api/show.ts';
import { createUndoVerification } from '../../handlers/api/undo-verification.ts';
import { createVerifyCoupon } from '../../handlers/api/verify-coupon.ts';
import { createBooks } from '../../handlers/books/books.ts';
import { createOpenFile } from '../../handlers/files/open-file.ts';
import { createRights } from '../../handlers/rights.ts';
import { words } from '../../locales/index.ts';
import type { Charts } from '../../services/charts/charts.ts';
import type { Log } from '../../services/log.ts';
import type { Platform } from '../../services/platforms/platform.ts';
import type { Time } from '../../services/time/time.ts';
import { createTakeNews } from '../../services/verification/outside-news.ts';
import type { Config } from '../config/config.ts';
import { createApi } from '../http/api/api.ts';
import type { Bodies } from '../http/body.ts';
import { createPlatformMessages } from '../http/platform-messages.ts';
import { createBookRoutes } from '../web/books/routes.ts';
import { createFileRoutes } from '../web/file-routes.ts';
import { createThrottle } from '../web/throttle.ts';
import type { Notices } from './notices.ts';
import type { Services } from './services.ts';

export interface RoutesParts extends Pick<Time, 'now' | 'sleep'> {
  readonly config: Pick<Config, 'locale' | 'publicUrl'>;
  readonly services: Services;
  readonly notices: Pick<Notices, 'raise' | 'outsideNews'>;
  readonly platforms: readonly Platform[];
  readonly bodies: Bodies;
  /** Left out: nothing is drawn. */
  readonly charts?: Pick<Charts, 'bars'>;
  readonly newId: () => string;
  readonly log: Log;
  readonly version: string;
}

export function createRoutes(parts: RoutesParts): Hono {
  const { services, notices, now } = parts;
  const take = createTakeNews({ ...services, now, notifier: notices.outsideNews });
  return new Hono()
    .route('/', createPlatformMessages({ ...services, ...parts, take }))
    .route('/', createApiRoutes(parts))
    .route('/', createBookPages(parts))
    .route('/', createFilePages(parts));
}

function createApiRoutes({ config, services, notices, bodies, now, version }: RoutesParts): Hono {
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

const createBookPages = ({ config, services, charts, now, sleep }: RoutesParts) =>
  createBookRoutes({
    ...services,
    publicUrl: config.publicUrl,
    books: createBooks({ ...services, now, sleep }),
    charts,
    throttle: createThrottle({ now }),
  });

const createFilePages = ({ config, services, now }: RoutesParts) =>
  createFileRoutes({
    publicUrl: config.publicUrl,
    openFile: createOpenFile({ ...services, rights: createRights({ ...services, visits: services.selfService.visits }) }),
    throttle: createThrottle({ now }),
  });
