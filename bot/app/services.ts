/** Puts the services together: the clients of the platforms behind their rate limits, and the desk that verifies. */
import { createEnrolment, type EnrolmentParts } from '../../services/accounts/enrolment.ts';
import { createAutomation } from '../../services/automation/automation.ts';
import type { Charts } from '../../services/charts/charts.ts';
import { storeFinder, type StoreAccount } from '../../services/accounts/stores.ts';
import { createOwnStores } from '../../services/books/own-stores.ts';
import type { Log } from '../../services/log.ts';
import { createAbsent } from '../../services/platforms/absent.ts';
import { createPlatformHealth } from '../../services/alerts/platform-health.ts';
import { createPlatformClients, type PlatformClient, type PlatformClientsParts } from '../../services/platforms/client.ts';
import { OPERATOR_NAME_MS, withOperatorNames } from '../../services/platforms/operator-names.ts';
import type { OperatorName, Platform, Session } from '../../services/platforms/platform.ts';
import { rateLimited } from '../../services/rate-limit/rate-limited.ts';
import type { Seal } from '../../services/database/seal.ts';
import { createReconcile, hasLists } from '../../services/reconciliation/reconcile.ts';
import { createSelfService } from '../../services/self-service/self-service.ts';
import { createPlatformDays } from '../../services/silence/platform-days.ts';
import type { Time } from '../../services/time/time.ts';
import { createSteps } from '../../services/verification/countdown.ts';
import { createDesk } from '../../services/verification/desk.ts';
import type { Notify } from '../../services/verification/settle.ts';
import type { OutsideNewsParts } from '../../services/verification/outside-news.ts';
import { createRefundFound } from '../../services/reconciliation/refund-found.ts';
import { createGuessLimiter } from '../../services/verification/guess-limiter.ts';
import { OPEN_MS, type OpenCard } from '../../services/verification/verification.ts';
import type { Repositories } from './repositories.ts';

export interface ServicesParts {
  readonly repositories: Repositories;
  /** The platforms offered at binding, in this order. */
  readonly platforms: readonly Platform[];
  readonly onLogin: NonNullable<PlatformClientsParts['onLogin']>;
  readonly onGuessing: EnrolmentParts['onGuessing'];
  readonly notifyOutcome: Notify;
  readonly announce: Notify;
  readonly outsideNews: OutsideNewsParts['notifier'];
  readonly charts: Pick<Charts, 'bars' | 'picture'> | undefined;
  readonly log: Log;
  readonly time: Time;
  readonly newId: () => string;
  readonly seal: Seal;
  readonly random: (bytes: number) => Buffer;
}

/** Longer than any login is used, ms. */
const LOGIN_MS = 40 * 24 * 3_600_000;

export function createServices(parts: ServicesParts) {
  const { repositories, platforms, onLogin, onGuessing, notifyOutcome, announce, outsideNews } = parts;
  const { charts, log, time, newId, seal, random } = parts;
  const { now, sleep, timeout } = time;
  const { db, clock, collections, accounts, stores, attempts, leases, slots, repository, idempotency } = repositories;
  const onDefect = (error: unknown): void => log.error('a defect with a verification', { error });

  const limited = new Map(platforms.map((platform) => [platform.name, rateLimited(platform, { slots, now, sleep })]));
  const clients = createPlatformClients({
    platforms: (name) => limited.get(name) ?? rateLimited(createAbsent(name), { slots, now, sleep }),
    logins: collections<Session>('login', LOGIN_MS),
    now,
    sleep,
    leases,
    me: newId(),
    onLogin,
  });

  const health = createPlatformHealth(now);
  const names = collections<OperatorName>('operator-name', OPERATOR_NAME_MS);
  // An account's platform and identity never change, so its client is made once; credentials are read when a login is due.
  const known = new Map<string, PlatformClient>();
  const clientOf = async (accountId: string): Promise<PlatformClient> => {
    const found = known.get(accountId);
    if (found) return found;
    const account = (await accounts.get(accountId)) ?? missing('the account of a store');
    const plain = health.watch(
      accountId,
      clients.forAccount({
        ...account,
        credentials: () => accounts.credentials(account.id),
        renewed: (credentials) => accounts.renew(account.id, credentials),
      }),
    );
    const lists = limited.get(account.platform)?.operatorName !== undefined;
    const made = lists ? withOperatorNames(plain, { account: account.id, names, onDefect }) : plain;
    known.set(account.id, made);
    return made;
  };
  const client = ({ accountId }: Pick<StoreAccount, 'accountId'>): Promise<PlatformClient> => clientOf(accountId);
  const storeOf = storeFinder(stores);

  const cards = collections<OpenCard>('card', OPEN_MS, { relaxed: true });
  const selfService = createSelfService({ db, stores, collections, seal, random, now, newId });
  const automation = createAutomation({ db, now, newId });
  return {
    charts,
    ...repositories,
    /** The platforms this installation is set up for, behind their rate limits. */
    platforms: [...limited.values()],
    clients,
    clientOf,
    client,
    storeOf,
    enrolment: createEnrolment({ clients, accounts, attempts, timeout, onGuessing }),
    desk: createDesk({
      db,
      repository,
      idempotency,
      cards,
      client,
      store: storeOf,
      stores,
      now,
      sleep,
      timeout,
      obstacle: selfService.obstacle,
      staffObstacle: selfService.staffObstacle,
      ruleFor: automation.ruleFor,
      notify: notifyOutcome,
      announce,
      newId,
      onDefect,
    }),
    steps: createSteps({ db, now, clock, onDefect }),
    guessLimiter: createGuessLimiter(attempts),
    reconcile: createReconcile({
      db,
      stores,
      client,
      onRefund: createRefundFound({ db, accounts, repository, now, notifier: outsideNews }),
      now,
    }),
    /** Whether some platform of a store has a list to compare the ledger with. */
    hasLists: async (storeId: string) => hasLists({ stores, client }, await storeOf(storeId)),
    selfService,
    automation,
    health,
    platformDays: createPlatformDays({ db, takeCalls: health.takeCalls, now, sleep }),
    ownStores: createOwnStores({ accounts, stores }),
    onDefect,
  };
}

export type Services = ReturnType<typeof createServices>;

function missing(what: string): never {
  throw new Error(`${what} is missing`);
}
