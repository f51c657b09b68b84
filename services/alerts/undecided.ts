/** Notes in the transaction of an outcome that somebody has to decide it; the owners are told where nobody did for a while. */
import type { Tx } from '../database/database.ts';
import type { Alerts } from './alerts.ts';

/** Whoever confirmed it stands at the card, and mostly decides within a minute. ms. */
export const UNDECIDED_MS = 10 * 60_000;

export async function noteUndecided(
  tx: Tx,
  alerts: Pick<Alerts, 'note'>,
  { id: verification, storeId }: { readonly id: string; readonly storeId: string },
  at: number,
): Promise<void> {
  const store = await tx.selectFrom('store').select(['name', 'account_id']).where('id', '=', storeId).executeTakeFirst();
  if (!store) return;
  const facts = { store: store.name, verification, since: at };
  const alert = { kind: 'decision', key: verification, accountId: store.account_id, storeIds: [storeId], facts } as const;
  await alerts.note(tx, alert, { tellAt: at + UNDECIDED_MS });
}
