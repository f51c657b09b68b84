/** Every call of the contract goes through every layer, and what a platform lacks has one answer. */
import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { PLATFORM_CALLS, type AnyCall, type CallName } from '../../../services/platforms/calls.ts';
import { createPlatformClients, type PlatformClient } from '../../../services/platforms/client.ts';
import { instrumented } from '../../../services/platforms/instrumented.ts';
import { PlatformFault, type Platform, type Session } from '../../../services/platforms/platform.ts';
import { rateLimited } from '../../../services/rate-limit/rate-limited.ts';
import { FINAL_NOES } from '../../../services/platforms/refusals.ts';
import { openSqlite, type Database } from '../../../services/database/database.ts';
import { createCollections } from '../../../services/database/collections.ts';
import { createLeases } from '../../../services/database/locks/leases.ts';
import { createSeal } from '../../../services/database/seal.ts';
import { scriptedPlatform } from '../../doubles/scripted-platform.ts';
import { systemTime } from '../../../services/time/time.ts';

const NOW = 1_734_278_764_000;
const now = () => NOW;
const SESSION = { token: 'a token', expiresAt: NOW + 86_400_000 };
const calls = Object.entries(PLATFORM_CALLS) as [CallName, (typeof PLATFORM_CALLS)[CallName]][];
const ofClients = calls
  .filter(([name]) => name !== 'login')
  .map(([name, traits]) => ({ name, paged: 'paged' in traits, ...traits }));

let database: Database;
/** Calls as they arrive at the platform, and as they are counted. */
let arrived: unknown[][];
let counted: string[];
let refusesLogin: boolean;
beforeEach(async () => {
  database = await openSqlite(':memory:');
  arrived = [];
  counted = [];
  refusesLogin = false;
});
afterEach(() => database.close());

/** A client of a platform that has these calls, each answering with its name, below the layers of the program. */
function clientOf(names: readonly string[]): Record<CallName, AnyCall> & PlatformClient {
  const made = Object.fromEntries(
    names.map((name) => [
      name,
      async (...args: unknown[]) => {
        arrived.push([name, ...args]);
        return name;
      },
    ]),
  );
  const login = async () => (refusesLogin ? { kind: 'refused', reason: 'unauthorised' } : SESSION);
  const platform = { ...scriptedPlatform(now).platform, identity: () => 'me', ...made, login } as Platform;
  const watched = instrumented(platform, {
    observe: (_, call) => void counted.push(call),
    log: { warn: () => undefined },
    monotonic: systemTime.monotonic,
  });
  // The double lacks what is not among the names, whatever it may throw otherwise.
  const present = Object.fromEntries(Object.entries(watched).filter(([key]) => !(key in PLATFORM_CALLS) || names.includes(key)));
  const slots = { take: () => Promise.resolve({ isOver: () => false, release: () => Promise.resolve() }) };
  const polite = rateLimited({ ...present, login: watched.login, perSecond: undefined } as Platform, {
    slots,
    now,
    sleep: systemTime.sleep,
  });
  const logins = createCollections(database.db, createSeal(randomBytes(32)), () => Date.now())<Session>('logins', 86_400_000);
  const leases = createLeases(database.db, now);
  const clients = createPlatformClients({ platforms: () => polite, logins, now, sleep: systemTime.sleep, leases, me: 'here' });
  const holder = { platform: 'umember', identity: 'me', credentials: () => ({}), renewed: () => Promise.resolve() } as const;
  return clients.forAccount(holder) as Record<CallName, AnyCall> & PlatformClient;
}
const make = (client: Record<CallName, AnyCall>, name: CallName, ...args: unknown[]): Promise<unknown> =>
  (client[name] as (...all: unknown[]) => Promise<unknown>)(...args);

describe.each(ofClients)('$name', ({ name, takes, timed, paged, refuses }) => {
  const own = Array.from({ length: takes }, (_, n) => `argument ${n}`);

  test('arrives with the session before its arguments, and the time after them where it needs that', async () => {
    const client = clientOf(calls.map(([each]) => each));
    expect(await make(client, name, ...own, { priority: 'background' })).toBe(name);
    const after = paged ? [expect.any(Function)] : timed ? [NOW] : [];
    expect(arrived).toEqual([[name, SESSION, ...own, ...after]]);
    expect(counted).toEqual(['login', name]);
  });

  test('waits no longer than its caller', async () => {
    const client = clientOf(calls.map(([each]) => each));
    await expect(make(client, name, ...own, { signal: AbortSignal.abort() })).rejects.toMatchObject({ kind: 'busy' });
    expect(arrived).toEqual([]);
  });

  test('ends a refused login as its answers allow', async () => {
    refusesLogin = true;
    const ended = await make(clientOf([name]), name, ...own).catch((error: unknown) => error);
    if (refuses) expect(ended).toMatchObject({ kind: 'refused', reason: 'unauthorised' });
    else expect(ended).toBeInstanceOf(PlatformFault);
    expect(arrived).toEqual([]);
  });
});

const optional = calls.flatMap(([name, traits]) =>
  'without' in traits ? [{ name, takes: traits.takes, answer: traits.without }] : [],
);

test.each(optional)('$name has an answer where the platform lacks it', async ({ name, takes, answer }) => {
  const lacking = calls.map(([each]) => each).filter((each) => each !== name);
  const own = Array.from({ length: takes }, () => 'argument');
  expect(await make(clientOf(lacking), name, ...own)).toEqual(answer);
  expect([arrived, counted]).toEqual([[], []]);
});

test('the calls that write are those whose final noes are listed', () => {
  expect(calls.filter(([, { writes }]) => writes).map(([name]) => name)).toEqual(Object.keys(FINAL_NOES));
});
