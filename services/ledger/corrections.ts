/** Corrections: days that were posted to a chat, and whose figures have changed since. */
import type { Store } from '../accounts/store.ts';
import type { Tx } from '../database/database.ts';
import type { Figures, Ledger } from './ledger.ts';

/** A correction of a day that was posted before. */
export interface Correction {
  readonly day: string;
  readonly told: Figures;
  readonly now: Figures;
}

/** Finds the corrections of days before `day` whose rows have changed since `since`, ms. */
export async function correctionsOf(
  tx: Tx,
  ledger: Ledger,
  { store, chat, day, since }: { store: Store; chat: string; day: string; since: number },
): Promise<readonly Correction[]> {
  const found: Correction[] = [];
  for (const changed of await ledger.changedDays(tx, store.id, day, since)) {
    const row = await tx
      .selectFrom('posted_day')
      .select('figures')
      .where('store_id', '=', store.id)
      .where('chat_id', '=', chat)
      .where('business_day', '=', changed)
      .executeTakeFirst();
    if (!row) continue;
    const told = JSON.parse(row.figures) as Figures;
    const figures = await ledger.figures(store.id, changed, tx);
    if (JSON.stringify(told) !== JSON.stringify(figures)) found.push({ day: changed, told, now: figures });
  }
  return found;
}
