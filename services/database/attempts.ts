/** Rate limit for attempts that may fail (codes, passwords): after a number of failures a pause that doubles, kept in the database. */
import type { RawBuilder } from 'kysely';
import { sql, type Db } from './database.ts';
import { hasCome, ownClock, type ClaimClock } from './queues/claim.ts';
import { prepared } from './prepared.ts';

/** The first pause begins with this many failures; it doubles with each further one up to the longest. */
export interface AttemptLimit {
  readonly failures: number;
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
}

/** An attempt, counted as a failure in advance. */
export interface Attempt {
  /** Failures so far, this one included. */
  readonly failures: number;
  /** Takes the failure back, with a pause that began with it. */
  passed(): Promise<void>;
  /** True for the first caller of all instances, until a day has passed without a failure. */
  announce(): Promise<boolean>;
}

export interface Paused {
  readonly kind: 'paused';
  /** ms until an attempt is allowed again. */
  readonly ms: number;
}

export interface Attempts {
  /** Counts an attempt atomically among all instances: concurrent attempts cannot get past the limit. */
  begin(key: string, limit: AttemptLimit): Promise<Attempt | Paused>;
  /** Reads how many failures there are, or the pause. Counts nothing. */
  standing(key: string, limit: AttemptLimit): Promise<{ readonly failures: number } | Paused>;
  /** Takes one failure off; a pause goes on. */
  forgive(key: string): Promise<void>;
  /** Deletes expired counts. */
  sweep(): Promise<void>;
}

/** Counts expire after a day without a failure. */
const FORGOTTEN_MS = 24 * 3_600_000;

/** No pause ends then. */
const NEVER = -1;

export const isPaused = (begun: object): begun is Paused => 'kind' in begun && begun.kind === 'paused';

/** The pause after this many failures, ms, as SQL. */
function pauseOf(count: RawBuilder<number>, { failures, firstPauseMs, longestPauseMs }: AttemptLimit): RawBuilder<number> {
  const cases = [sql`when ${count} < ${sql.lit(failures)} then 0`];
  for (let [n, ms] = [failures, firstPauseMs]; ms < longestPauseMs; n += 1, ms *= 2)
    cases.push(sql`when ${count} = ${sql.lit(n)} then ${sql.lit(ms)}`);
  return sql<number>`case ${sql.join(cases, sql` `)} else ${sql.lit(longestPauseMs)} end`;
}

interface Values {
  key: string;
  ours: number;
}

/** `clock` counts the pauses; this process's own where it is left out. */
export function createAttempts({ db, now, clock = ownClock }: { db: Db; now: () => number; clock?: ClaimClock }): Attempts {
  // A count that a power cut loses lets somebody guess a few times more.
  const counting = (limit: AttemptLimit) => {
    const query = (values: Values) => {
      const at = clock(values.ours);
      const expires = sql<number>`${at} + ${sql.lit(FORGOTTEN_MS)}`;
      const count = sql<number>`case when attempt.expires <= ${at} then 1 else attempt.failures + 1 end`;
      return sql<{ failures: number; until: number }>`
        insert into attempt (key, failures, until, announced, expires)
        values (${values.key}, 1, ${at} + ${pauseOf(sql<number>`1`, limit)}, 0, ${expires})
        on conflict (key) do update set
          failures = ${count},
          until = ${at} + ${pauseOf(sql`(${count})`, limit)},
          announced = case when attempt.expires <= ${at} then 0 else attempt.announced end,
          expires = excluded.expires
        where ${hasCome('attempt.until', at, limit.longestPauseMs)} or attempt.expires <= ${at}
        returning failures, until`;
    };
    return prepared(db, query, 'relaxed');
  };
  const reading = ({ longestPauseMs }: AttemptLimit) =>
    prepared(db, ({ key, ours }: Values) => {
      const at = clock(ours);
      return sql<{ failures: number; ms: number }>`
        select failures, case when ${hasCome('until', at, longestPauseMs)} then 0 else until - ${at} end as ms
        from attempt where key in (${key}) and expires > ${at}`;
    });
  const readings = new Map<AttemptLimit, ReturnType<typeof reading>>();
  const countings = new Map<AttemptLimit, ReturnType<typeof counting>>();
  const takeOff = prepared(
    db,
    ({ key, until }: { key: string; until: number }) => sql`
      update attempt set
        failures = case when failures > 1 then failures - 1 else 0 end,
        announced = case when failures > 1 then announced else 0 end,
        until = case when until = ${until} then 0 else until end
      where key = ${key} and failures > 0`,
    'relaxed',
  );

  return {
    async begin(key, limit) {
      const count = countings.get(limit) ?? counting(limit);
      countings.set(limit, count);
      const ours = now();
      const [row] = (await count({ key, ours })).rows;
      if (!row) {
        const left = sql<number>`until - ${clock(ours)}`.as('ms');
        const kept = await db.selectFrom('attempt').select(left).where('key', '=', key).executeTakeFirst();
        return { kind: 'paused', ms: Math.max(1, kept?.ms ?? 0) };
      }
      return {
        failures: row.failures,
        async passed() {
          await takeOff({ key, until: row.until });
        },
        async announce() {
          const { numUpdatedRows } = await db
            .updateTable('attempt')
            .set({ announced: 1 })
            .where('key', '=', key)
            .where('announced', '=', 0)
            .executeTakeFirstOrThrow();
          return numUpdatedRows === 1n;
        },
      };
    },
    async standing(key, limit) {
      const read = readings.get(limit) ?? reading(limit);
      readings.set(limit, read);
      const [row] = (await read({ key, ours: now() })).rows;
      if (!row) return { failures: 0 };
      return row.ms > 0 ? { kind: 'paused', ms: row.ms } : { failures: row.failures };
    },
    async forgive(key) {
      await takeOff({ key, until: NEVER });
    },
    async sweep() {
      await db.deleteFrom('attempt').where('expires', '<=', clock(now())).execute();
    },
  };
}
