/** Moves a database from a former key to the current one: seals everything anew, and then the proof that the key fits. */
import { resealAccount } from '../accounts/accounts.ts';
import { resealApplication } from '../accounts/applications.ts';
import { resealValue } from '../database/collections.ts';
import { resealMessage } from '../database/queues/outbox.ts';
import { resealEvent } from '../database/queues/inbox.ts';
import { PROOF, prove } from '../database/secret-key.ts';
import { PLACES, WrongKey, type Place, type Seal } from '../database/seal.ts';
import type { Db, Tx } from '../database/database.ts';
import { resealChain } from '../facts/reseal-chain.ts';
import { resealPlaces } from '../self-service/places.ts';
import { resealEndpoints } from '../webhooks/endpoints.ts';

export interface RekeyParts {
  readonly db: Db;
  /** Opens by the current key and by the former ones. */
  readonly seal: Seal;
  readonly key: Buffer;
  readonly former: readonly Buffer[];
}

export interface Rekeyed {
  /** Values that were sealed anew. */
  readonly values: number;
  /** Facts of the audit trail that were sealed anew. */
  readonly facts: number;
  /** Values that no key opens; they were left as they are. */
  readonly unreadable: number;
}

/** Rows of one transaction: other writers wait for one transaction at most. */
const PAGE = 200;

/** A sealed value and the row it is in. `key` is ordered as the rows are read. */
interface Row {
  readonly key: readonly string[];
  readonly sealed: string;
}

interface Table {
  /** The next rows after this key that are sealed otherwise than with the current key, in the order of their keys. */
  read(tx: Tx, current: string, after: readonly string[] | undefined): Promise<readonly Row[]>;
  place(key: readonly string[]): Place;
  /** Writes the new text where the old one still stands. */
  write(tx: Tx, row: Row, sealed: string): Promise<void>;
}

const byId = (
  table: 'account' | 'application' | 'inbox' | 'outbox',
  reseal: (tx: Tx, id: string, before: string, sealed: string) => Promise<void>,
): Table => ({
  async read(tx, current, after) {
    const rows = await tx
      .selectFrom(table)
      .select(['id', 'sealed'])
      .where('sealed', 'not like', `${current}%`)
      // An event that was answered, and a message that was sent, have none.
      .where('sealed', '<>', '')
      .where('id', '>', after?.[0] ?? '')
      .orderBy('id')
      .limit(PAGE)
      .execute();
    return rows.map(({ id, sealed }) => ({ key: [id], sealed }));
  },
  place: ([id = '']) => PLACES[table](id),
  write: (tx, { key: [id = ''], sealed: before }, sealed) => reseal(tx, id, before, sealed),
});

const expiring: Table = {
  async read(tx, current, after) {
    const [ns, k] = after ?? [];
    const rows = await tx
      .selectFrom('kv')
      .select(['ns', 'k', 'v'])
      .where('v', 'not like', `${current}%`)
      // Written last.
      .where('ns', '<>', PROOF)
      .$if(ns !== undefined, (q) => q.where((e) => e.or([e('ns', '>', ns!), e.and([e('ns', '=', ns!), e('k', '>', k!)])])))
      .orderBy('ns')
      .orderBy('k')
      .limit(PAGE)
      .execute();
    return rows.map(({ ns: name, k: word, v }) => ({ key: [name, word], sealed: v }));
  },
  place: ([ns = '', k = '']) => PLACES.kv(ns, k),
  write: (tx, { key: [ns = '', k = ''], sealed: before }, v) => resealValue(tx, { ns, k, before }, v),
};

const TABLES = [
  byId('account', resealAccount),
  byId('application', resealApplication),
  expiring,
  byId('inbox', resealEvent),
  byId('outbox', resealMessage),
] as const;

/**
 * Resumable: what the current key has sealed is left alone, so a run that was interrupted is run again. The program may go on
 * meanwhile with both keys (on PostgreSQL; SQLite is one program's at a time). Throws `ChainBroken` where the audit trail was
 * altered; everything else has been sealed anew by then, and the former key is still needed for the trail.
 */
export async function rekey({ db, seal, key, former }: RekeyParts): Promise<Rekeyed> {
  let [values, unreadable] = [0, 0];
  for (const table of TABLES) {
    let after: readonly string[] | undefined;
    for (;;) {
      const page = await db.transaction().execute(async (tx) => {
        const rows = await table.read(tx, seal.current, after);
        for (const row of rows) {
          const text = opened(seal, row.sealed, table.place(row.key));
          if (text === undefined) unreadable += 1;
          else await table.write(tx, row, seal.seal(text, table.place(row.key)));
        }
        return rows;
      });
      values += page.length;
      after = page.at(-1)?.key;
      if (page.length < PAGE) break;
    }
  }
  await db.transaction().execute((tx) =>
    resealEndpoints(tx, (sealed, place) => {
      const text = sealed.startsWith(seal.current) ? undefined : opened(seal, sealed, place);
      if (text === undefined) return sealed;
      values += 1;
      return seal.seal(text, place);
    }),
  );
  const places = await db.transaction().execute((tx) => resealPlaces(tx, seal));
  const facts = await resealChain(db, key, former);
  await prove(db, seal);
  return { values: values - unreadable + places.values, facts, unreadable: unreadable + places.unreadable };
}

function opened(seal: Seal, sealed: string, place: Place): string | undefined {
  try {
    return seal.open(sealed, place);
  } catch (error) {
    if (error instanceof WrongKey) return undefined;
    throw error;
  }
}
