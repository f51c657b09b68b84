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

/** How far the chat was told last: the number of the store's last fact, or where that is not known, when, ms. */
export interface LastTold {
  readonly fact: number | null;
  readonly at: number;
}

/** Finds the corrections of days before `day` whose rows have changed since. */
export async function correctionsOf(
  tx: Tx,
  ledger: Ledger,
  { store, chat, day, last }: { store: Store; chat: string; day: string; last: LastTold },
): Promise<readonly Correction[]> {
  const found: Correction[] = [];
  const { fact, at } = last;
  const changedDays =
    fact === null ? await ledger.changedDays(tx, store.id, day, at) : await ledger.changedAfter(tx, store.id, day, fact);
  for (const changed of changedDays) {
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
