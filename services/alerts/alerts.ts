/** The table of alerts: each cause once, since when it is known, when it was told, and when it was over. */
import { sql, type Db, type Tx } from '../database/database.ts';
import type { AlertTable } from '../database/schema/alert-tables.ts';
import { ALERT_KINDS, type Alert, type AlertKind, type AlertName } from './alert.ts';

/** An alert that was noted. ms. */
export type NotedAlert = Alert & { readonly since: number };

type Write = (tx: Tx) => Promise<void>;

interface Noting {
  readonly tell?: Write;
  readonly tellAt: number;
  readonly also?: Write;
}

export interface Alerts {
  /** Whether it was noted and is not over. */
  isOpen(name: AlertName): Promise<boolean>;
  /**
   * Notes an alert, unless it is known and not over. `tell` writes the messages in the same transaction; without it the alert
   * waits to be told, until `tellAt` at least. `also` is written with it in any case.
   */
  note(tx: Tx, alert: Alert, how: Noting): Promise<void>;
  /** Ends it: what comes after is told anew. One that was not told yet never is. */
  over(name: AlertName, tx?: Tx): Promise<void>;
  /** The open ones of a kind. */
  open(kind: AlertKind): Promise<readonly NotedAlert[]>;
  /** Those that wait to be told, the oldest first. */
  untold(): Promise<readonly NotedAlert[]>;
  /** Marks them as told, with the messages of `tell` in the same transaction; nothing where one of them was told or is over. */
  told(alerts: readonly AlertName[], tell: Write): Promise<boolean>;
  /** Deletes those that were over, or for kinds that nobody ends noted, this long ago. */
  sweep(): Promise<void>;
}

/** How long an alert that is over is kept, ms. */
export const KEPT_MS = 90 * 86_400_000;
const AT_ONCE = 200;

export function createAlerts({ db, now }: { db: Db; now: () => number }): Alerts {
  /** Since when one that nobody ends is still the same. */
  const freshSince = (kind: AlertKind): number => {
    const { lastsMs } = ALERT_KINDS[kind];
    return lastsMs === undefined ? 0 : now() - lastsMs;
  };
  const named = ({ kind, key }: AlertName, on: Db | Tx = db) =>
    on.updateTable('alert').where('kind', '=', kind).where('cause', '=', key);

  return {
    async isOpen({ kind, key }) {
      const row = await db
        .selectFrom('alert')
        .select('since')
        .where('kind', '=', kind)
        .where('cause', '=', key)
        .where('over_at', 'is', null)
        .where('since', '>', freshSince(kind))
        .executeTakeFirst();
      return row !== undefined;
    },
    async note(tx, { kind, key, accountId, storeIds, facts }, { tell, tellAt, also }) {
      const row: Omit<AlertTable, 'kind' | 'cause'> = {
        account_id: accountId ?? null,
        stores: JSON.stringify(storeIds),
        facts: JSON.stringify(facts),
        since: now(),
        tell_at: tellAt,
        told_at: tell ? now() : null,
        over_at: null,
      };
      const noted = await tx
        .insertInto('alert')
        .values({ kind, cause: key, ...row })
        .onConflict((c) =>
          c
            .columns(['kind', 'cause'])
            .doUpdateSet(row)
            .where((e) => e.or([e('alert.over_at', 'is not', null), e('alert.since', '<=', freshSince(kind))])),
        )
        .returning('since')
        .executeTakeFirst();
      if (!noted) return;
      await tell?.(tx);
      await also?.(tx);
    },
    async over(name, tx) {
      await named(name, tx).set({ over_at: now() }).where('over_at', 'is', null).execute();
    },
    async open(kind) {
      const rows = await db.selectFrom('alert').selectAll().where('kind', '=', kind).where('over_at', 'is', null).execute();
      return rows.map(readAlert);
    },
    async untold() {
      const rows = await db
        .selectFrom('alert')
        .selectAll()
        .where('told_at', 'is', null)
        .where('over_at', 'is', null)
        .where('tell_at', '<=', now())
        .orderBy('since')
        .orderBy('cause')
        .limit(sql.lit(AT_ONCE))
        .execute();
      return rows.map(readAlert);
    },
    told: (alerts, tell) =>
      db
        .transaction()
        .execute(async (tx) => {
          for (const alert of alerts) {
            const { numUpdatedRows } = await named(alert, tx)
              .set({ told_at: now() })
              .where('told_at', 'is', null)
              .where('over_at', 'is', null)
              .executeTakeFirstOrThrow();
            if (numUpdatedRows === 0n) throw new Overtaken();
          }
          await tell(tx);
          return true;
        })
        .catch((error: unknown) => {
          if (error instanceof Overtaken) return false;
          throw error;
        }),
    async sweep() {
      const before = now() - KEPT_MS;
      const ending = Object.entries(ALERT_KINDS).flatMap(([kind, { lastsMs }]) => (lastsMs === undefined ? [] : [kind]));
      await db.deleteFrom('alert').where('over_at', '<', before).execute();
      await db.deleteFrom('alert').where('kind', 'in', ending).where('since', '<', before).execute();
    },
  };
}

/** Another instance told one of them meanwhile, or its cause is over. */
class Overtaken extends Error {}

/** Reads a row. It is written by this file only. */
const readAlert = (row: AlertTable): NotedAlert =>
  ({
    kind: row.kind,
    key: row.cause,
    accountId: row.account_id ?? undefined,
    storeIds: JSON.parse(row.stores) as string[],
    facts: JSON.parse(row.facts) as unknown,
    since: row.since,
  }) as NotedAlert;

/** Deletes alerts whose causes are mended or gone, in that transaction: what was not told never is, and what comes again is. */
export async function deleteAlertsOf(tx: Tx, kind: AlertKind, causes: readonly string[]): Promise<void> {
  if (causes.length > 0) await tx.deleteFrom('alert').where('kind', '=', kind).where('cause', 'in', causes).execute();
}

/** Deletes the alerts of an account. */
export async function deleteAlerts(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('alert').where('account_id', '=', accountId).execute();
}
