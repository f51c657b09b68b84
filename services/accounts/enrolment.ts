/** Enrolment: logins with unproven credentials, one at a time per person, with a rate limit per person and per account. */
import type { PlatformClients } from '../platforms/client.ts';
import { SIMULATED } from '../platforms/names.ts';
import type { Credentials, PlatformName } from '../platforms/platform.ts';
import { isPaused, type Attempt, type AttemptLimit, type Attempts, type Paused } from '../database/attempts.ts';
import type { Time } from '../time/time.ts';
import type { Accounts } from './accounts.ts';

const MINUTE_MS = 60_000;
const PAUSE = { firstPauseMs: MINUTE_MS, longestPauseMs: 30 * MINUTE_MS };
const PERSON: AttemptLimit = { failures: 5, ...PAUSE };
/** For people who do not own the account. */
const ACCOUNT: AttemptLimit = { failures: 10, ...PAUSE };
/**
 * While an account pauses, one person per minute without failures is let through: guessing does not lock out a merchant who
 * binds for the first time.
 */
const NEWCOMER: AttemptLimit = { failures: 1, firstPauseMs: MINUTE_MS, longestPauseMs: MINUTE_MS };
/** Failures after which the owners are warned; fewer may be an owner's own in another chat app. */
const TELL_OWNERS = 5;
/** The longest wait in the queue for a login, ms. */
const PATIENCE_MS = 20_000;

export type Enrolled = Awaited<ReturnType<PlatformClients['enrol']>>;

export interface Enrolment {
  /**
   * `PlatformClients.enrol` for a person; `under-way` while another login of that person runs, `owned` where somebody else owns an
   * account that anybody can name. Throws `PlatformFault`.
   */
  enrol(
    platform: PlatformName,
    credentials: Credentials,
    person: string,
  ): Promise<Enrolled | Paused | { readonly kind: 'under-way' } | { readonly kind: 'owned' }>;
}

export interface EnrolmentParts {
  readonly clients: Pick<PlatformClients, 'enrol' | 'identity' | 'proves'>;
  readonly accounts: Pick<Accounts, 'find' | 'owners'>;
  readonly attempts: Pick<Attempts, 'begin'>;
  readonly timeout: Time['timeout'];
  /** Called once per series of failed logins at an account that is kept here. */
  readonly onGuessing: (account: { readonly id: string; readonly identity: string }) => Promise<void>;
}

export function createEnrolment({ clients, accounts, attempts, timeout, onGuessing }: EnrolmentParts): Enrolment {
  /** People with a running login. */
  const underWay = new Set<string>();

  /** Counts an attempt at the account; nothing for a newcomer that its pause lets through. */
  const atAccount = async (key: string, own: Attempt): Promise<Attempt | Paused | undefined> => {
    const shared = await attempts.begin(`login:${key}`, ACCOUNT);
    if (!isPaused(shared) || own.failures > 1) return shared;
    const newcomer = await attempts.begin(`newcomer:${key}`, NEWCOMER);
    return isPaused(newcomer) ? { kind: 'paused', ms: Math.min(shared.ms, newcomer.ms) } : undefined;
  };

  const prove = async (
    platform: PlatformName,
    credentials: Credentials,
    person: string,
  ): Promise<Enrolled | Paused | { readonly kind: 'owned' }> => {
    const own = await attempts.begin(`login:${person}`, PERSON);
    if (isPaused(own)) return own;
    const identity = clients.identity(platform, credentials);
    const account = await accounts.find(platform, identity);
    const owners = account ? await accounts.owners(account.id) : [];
    const owns = owners.some(({ id }) => id === person);
    // Its name is no secret: whoever knows it has proved nothing, and is invited by an owner.
    if (owners.length > 0 && !owns && !clients.proves(platform)) return { kind: 'owned' };
    const shared = owns ? undefined : await atAccount(`${platform}:${identity}`, own);
    if (shared && isPaused(shared)) {
      await own.passed();
      return shared;
    }
    const passed = () => Promise.all([own.passed(), shared?.passed()]);
    const waiting = { signal: timeout(PATIENCE_MS) };
    const enrolled = await clients.enrol(platform, credentials, waiting).catch(async (fault: unknown) => {
      await passed();
      throw fault;
    });
    if (enrolled.kind === 'enrolled') await passed();
    else if (account && shared && shared.failures >= TELL_OWNERS && (await shared.announce())) await onGuessing(account);
    return enrolled;
  };

  return {
    async enrol(platform, credentials, person) {
      // Practice accounts have no password to guess.
      if (platform === SIMULATED) return await clients.enrol(platform, credentials);
      if (underWay.has(person)) return { kind: 'under-way' };
      underWay.add(person);
      try {
        return await prove(platform, credentials, person);
      } finally {
        underWay.delete(person);
      }
    },
  };
}
