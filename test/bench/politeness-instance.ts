/** One instance under load, as a process of its own: `node test/bench/politeness-instance.ts '<Load as JSON>'`. */
import { setTimeout as pause } from 'node:timers/promises';
import Bottleneck from 'bottleneck';
import { rateLimited, type RateLimitedPlatform } from '../../services/rate-limit/rate-limited.ts';
import type { Session } from '../../services/platforms/platform.ts';
import { ownSlots } from '../fixtures/own-slots.ts';
import { createSharedSlots } from '../../services/rate-limit/shared-slots.ts';
import { createUmember } from '../../services/platforms/umember/umember.ts';
import { createJsonHttp } from '../../services/platforms/json-http.ts';
import { openPostgres, openSqlite } from '../../services/database/database.ts';
import { systemTime } from '../../services/time/time.ts';

export interface Load {
  readonly url: string;
  readonly access: Session;
  readonly code: string;
  /** A SQLite file, or a PostgreSQL address and schema; none: the peer, Bottleneck's own spacing. */
  readonly database: { readonly file: string } | { readonly url: string; readonly schema: string } | null;
  readonly timeoutMs: number;
  readonly seconds: number;
}

/** As many as wait at any time: the line is never empty. */
const WAITING = 6;

async function keepAsking(load: Load): Promise<void> {
  const now = () => Date.now();
  const umember = createUmember({ http: createJsonHttp({ timeoutMs: load.timeoutMs }), baseUrl: load.url, now });
  const ask = await politeLookup(load, umember, now);
  const end = Date.now() + load.seconds * 1_000;
  const asker = async () => {
    while (Date.now() < end) await ask().catch(() => undefined);
  };
  await Promise.all(Array.from({ length: WAITING }, asker));
  // The last slots are given back after their answers.
  await pause(500);
  process.exit(0);
}

type Lookup = () => Promise<unknown>;

async function politeLookup(
  { database, access, code }: Load,
  umember: ReturnType<typeof createUmember>,
  now: () => number,
): Promise<Lookup> {
  if (!database) {
    const peer = new Bottleneck({ minTime: 500, maxConcurrent: 2 });
    return () => peer.schedule(() => umember.lookup(access, '5', code, 'meituan'));
  }
  const { db, embedded } =
    'file' in database ? await openSqlite(database.file) : await openPostgres(database.url, database.schema);
  const { monotonic, sleep } = systemTime;
  const polite: RateLimitedPlatform = rateLimited(umember, {
    slots: embedded ? ownSlots(db, now, monotonic) : createSharedSlots({ db, now, sleep }),
    now,
    sleep,
  });
  return () => polite.lookup({ account: 'bench', priority: 'lookup' }, access, '5', code, 'meituan');
}

if (import.meta.main) await keepAsking(JSON.parse(process.argv[2]!) as Load);
