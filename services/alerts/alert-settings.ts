/** What a store's owners want to be told by itself, and when not: the table `alert_setting`. */
import { createAccountFacts } from '../accounts/account-facts.ts';
import type { Db, Tx } from '../database/database.ts';
import type { By } from '../facts/by.ts';
import { ALERT_KINDS, ALERT_NAMES, type AlertKind } from './alert.ts';
import { isQuiet } from './quiet-hours.ts';

export interface AlertSetting {
  /** Kinds that are not told. */
  readonly off: readonly AlertKind[];
  /** `HH:MM-HH:MM` in the store's zone. */
  readonly quiet: string | undefined;
}

export interface AlertSettings {
  of(storeId: string): Promise<AlertSetting>;
  /** Turns a kind on or off. */
  turn(storeId: string, kind: AlertKind, on: boolean, by: By): Promise<void>;
  setQuiet(storeId: string, quiet: string | undefined, by: By): Promise<void>;
  /**
   * Judges an alert about these stores now: `told`, `held` while each store that wants it has its quiet hours, or `off` where
   * none wants it.
   */
  judge(kind: AlertKind, storeIds: readonly string[]): Promise<'told' | 'held' | 'off'>;
}

const NONE: AlertSetting = { off: [], quiet: undefined };

export function createAlertSettings({ db, now }: { db: Db; now: () => number }): AlertSettings {
  const facts = createAccountFacts({ db, now });

  const read = async (on: Db | Tx, storeId: string): Promise<AlertSetting> => {
    const row = await on.selectFrom('alert_setting').selectAll().where('store_id', '=', storeId).executeTakeFirst();
    return row ? { off: readOff(row.off), quiet: row.quiet ?? undefined } : NONE;
  };

  /** Changes a setting with its fact; nothing where it is so already. */
  const change = (
    storeId: string,
    by: By,
    kind: 'alerts.kinds' | 'alerts.quiet-hours',
    changed: (before: AlertSetting) => AlertSetting,
  ): Promise<void> =>
    db.transaction().execute(async (tx) => {
      // The row is there before it is read, so that of two changes the second sees the first one's.
      await tx
        .insertInto('alert_setting')
        .values({ store_id: storeId, off: '[]', quiet: null })
        .onConflict((c) => c.column('store_id').doUpdateSet((e) => ({ off: e.ref('alert_setting.off') })))
        .execute();
      const before = await read(tx, storeId);
      const after = changed(before);
      const [from, to] = kind === 'alerts.kinds' ? [before, after].map(({ off }) => off.join(' ')) : [before.quiet, after.quiet];
      if (from === to) return;
      await tx
        .updateTable('alert_setting')
        .set({ off: JSON.stringify(after.off), quiet: after.quiet ?? null })
        .where('store_id', '=', storeId)
        .execute();
      await facts.recordAt(tx, storeId, { kind, subject: storeId, by, from, to });
    });

  return {
    of: (storeId) => read(db, storeId),
    turn: (storeId, kind, on, by) =>
      change(storeId, by, 'alerts.kinds', (before) => ({
        ...before,
        off: ALERT_NAMES.filter((one) => (one === kind ? !on : before.off.includes(one))),
      })),
    setQuiet: (storeId, quiet, by) => change(storeId, by, 'alerts.quiet-hours', (before) => ({ ...before, quiet })),
    async judge(kind, storeIds) {
      if (storeIds.length === 0 || ALERT_KINDS[kind].urgent) return 'told';
      const rows = await db
        .selectFrom('store')
        .leftJoin('alert_setting', 'alert_setting.store_id', 'store.id')
        .select(['store.time_zone as zone', 'alert_setting.off', 'alert_setting.quiet'])
        .where('store.id', 'in', storeIds)
        .execute();
      const wanting = rows.filter(({ off }) => !readOff(off).includes(kind));
      if (rows.length > 0 && wanting.length === 0) return 'off';
      const held = wanting.length > 0 && wanting.every(({ quiet, zone }) => isQuiet(now(), quiet ?? undefined, zone));
      return held ? 'held' : 'told';
    },
  };
}

/** Reads the kinds that are off; one that was written by a later program is left out. */
const readOff = (text: string | null): readonly AlertKind[] => {
  const names = JSON.parse(text ?? '[]') as readonly string[];
  return ALERT_NAMES.filter((kind) => names.includes(kind));
};

/** Deletes the settings of an account's stores. */
export async function deleteAlertSettings(tx: Tx, accountId: string): Promise<void> {
  const stores = tx.selectFrom('store').select('id').where('account_id', '=', accountId);
  await tx.deleteFrom('alert_setting').where('store_id', 'in', stores).execute();
}
