/** The fact of a move: what became of a verification, and the figures it stands with since. */
import type { VerificationTable } from '../../database/schema/tables.ts';
import type { By } from '../../facts/by.ts';
import type { NewFact } from '../../facts/facts.ts';
import type { Refusal } from '../../platforms/platform.ts';
import type { Event, State } from '../verification.ts';

/** `batch`: consumed or refused along with the first of its press. `day`: moved to another business day. */
export type Happening = Event | 'batch' | 'day';

/** `row` is the row after the move. The code stays in the row: a fact names the verification only. */
export function factOf(row: VerificationTable, happened: Happening, from: State | undefined, by: By | undefined): NewFact {
  const refusal = happened.includes('undo') ? row.undo_refusal : row.refusal;
  return {
    stream: `store:${row.store_id}`,
    kind: `verification.${happened}`,
    subject: row.id,
    from,
    to: row.state,
    by,
    at: row.changed_at,
    certainty: row.certainty ?? undefined,
    detail: {
      businessDay: row.business_day,
      product: row.title,
      count: row.count,
      amount: row.amount,
      ...(row.place === null ? {} : { place: row.place }),
      ...(row.confirmation === null ? {} : { confirmation: row.confirmation }),
      ...(refusal === null ? {} : { reason: (JSON.parse(refusal) as Refusal).reason }),
    },
  };
}
