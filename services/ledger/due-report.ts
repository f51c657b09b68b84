/** A summary that is due: what it says of its day, and of days that were posted before and changed since. */
import type { Store } from '../accounts/stores.ts';
import type { Tx } from '../database/database.ts';
import type { Figures, Ledger } from './ledger.ts';
import type { PictureChoice } from './owner-groups.ts';
import type { PeriodReport } from './periods.ts';
import type { Perspective } from './perspective.ts';

/** A correction of a day that was posted before. */
export interface Correction {
  readonly day: string;
  readonly told: Figures;
  readonly now: Figures;
}

/** A due summary: `day` has ended and was not posted yet. */
export interface DueReport {
  readonly store: Store;
  readonly chat: string;
  /** The topic of the chat that it goes to, where the chat has topics. */
  readonly topic: string | undefined;
  readonly day: string;
  readonly figures: Figures;
  readonly perspective: Perspective;
  readonly corrections: readonly Correction[];
  readonly picture: PictureChoice;
  /** The weeks and months that ended with the day, where the chat receives them; `before` is the one before. */
  readonly periods: readonly PeriodReport[];
}

/** The days before `day` that were posted to the chat and are no longer what was told; rows are looked at from `since` on. */
export async function correctionsOf(
  tx: Tx,
  ledger: Pick<Ledger, 'changedDays' | 'figures'>,
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
