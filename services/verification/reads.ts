/** Reads of verifications: by id, by code, by press. */
import { sql, type Db, type Tx } from '../database/database.ts';
import { prepared } from '../database/prepared.ts';
import type { VerificationState } from '../database/tables.ts';
import { read } from './row-mapping.ts';
import type { Verification } from './verification.ts';

export interface Reads {
  get(id: string, on?: Db | Tx): Promise<Verification | undefined>;
  /** The latest verification of a code in a store, refused and dropped ones left out. */
  latest(on: Db | Tx, storeId: string, code: string): Promise<Verification | undefined>;
  /** The verification of a code in a store that is in flight. */
  inFlight(on: Db | Tx, storeId: string, code: string): Promise<Verification | undefined>;
  /** The verifications of one press, the one whose card was pressed first. */
  batchOf(verification: Verification, on?: Db | Tx): Promise<readonly Verification[]>;
}

export function createReads(db: Db): Reads {
  const one = prepared(db, ({ id }: { id: string }) => db.selectFrom('verification').selectAll().where('id', '=', id));
  const ofCode = ({ storeId, code }: { storeId: string; code: string }) =>
    db.selectFrom('verification').selectAll().where('store_id', 'in', [storeId]).where('code', 'in', [code]);
  const latest = prepared(db, (values: Parameters<typeof ofCode>[0]) =>
    ofCode(values)
      .where('state', 'not in', sql<VerificationState>`('dropped', 'refused')`)
      .orderBy('submitted_at', 'desc')
      .limit(sql.lit(1)),
  );
  const inFlight = prepared(db, (values: Parameters<typeof ofCode>[0]) =>
    // Must match the condition of its partial index literally.
    ofCode(values).where(sql<boolean>`state in ('submitting', 'unsure', 'person', 'undoing', 'undo-unsure')`),
  );
  return {
    async get(id, on) {
      const [row] = (await one({ id }, on)).rows;
      return row && read(row);
    },
    async latest(on, storeId, code) {
      const [row] = (await latest({ storeId, code }, on)).rows;
      return row && read(row);
    },
    async inFlight(on, storeId, code) {
      const [row] = (await inFlight({ storeId, code }, on)).rows;
      return row && read(row);
    },
    async batchOf(v, on = db) {
      if (v.items === 1 && v.confirmation === undefined) return [v];
      const pressed = v.confirmation ?? v.id;
      const found = await on
        .selectFrom('verification')
        .selectAll()
        .where((e) => e.or([e('id', '=', pressed), e('confirmation', '=', pressed)]))
        .execute();
      const numberOf = ({ id }: Verification): number => Number(id.slice(pressed.length + 1));
      return found.map(read).toSorted((a, b) => numberOf(a) - numberOf(b));
    },
  };
}
