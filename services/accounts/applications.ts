/** Applications of people who want to bind a store here for the first time, and the answers of operators. */
import { isPaused, type AttemptLimit, type Attempts, type Paused } from '../database/attempts.ts';
import type { Db, Tx } from '../database/database.ts';
import { PLACES, type Seal } from '../database/seal.ts';
import type { ApplicationTable } from '../database/schema/tables.ts';
import type { Principal } from '../facts/by.ts';
import { createFacts } from '../facts/facts.ts';

/** What an applicant tells of himself. */
export interface Particulars {
  /** As the channel shows it; may be empty. */
  readonly name: string;
  readonly shop: string;
  readonly phone?: string;
}

export interface Application extends Particulars {
  readonly id: string;
  /** The applicant's id, which is also the id of the private chat with him. */
  readonly person: string;
  /** `connected` once a store was bound by it. */
  readonly state: ApplicationTable['state'];
  readonly reason: string | undefined;
  /** The name of the operator who answered. */
  readonly decidedBy: string | undefined;
  /** ms. */
  readonly madeAt: number;
}

export type Decision = { readonly kind: 'approved' } | { readonly kind: 'refused'; readonly reason: string };

/** Writes messages in the transaction of the change that they tell of. */
export type TellApplication = (tx: Tx, application: Application) => Promise<void>;

export type Applied = { readonly kind: 'made'; readonly application: Application } | { readonly kind: 'there' } | Paused;

export interface Applications {
  /** The person's latest application, until it expires. */
  of(person: string): Promise<Application | undefined>;
  get(id: string): Promise<Application | undefined>;
  /** Those that wait for an answer, the oldest first, at most `limit`. */
  waiting(limit: number): Promise<readonly Application[]>;
  /** Makes an application. `there`: one of the same person waits, or was approved and not used yet. */
  apply(person: string, particulars: Particulars, tell: TellApplication): Promise<Applied>;
  /** Answers an application, once. Undefined where it has been answered, or has expired. */
  decide(id: string, decision: Decision, by: Principal, tell: TellApplication): Promise<Application | undefined>;
  /** Notes that the person bound a store by an approved application; false where there is none. */
  connect(person: Principal): Promise<boolean>;
  /** Deletes expired ones. */
  sweep(): Promise<void>;
}

/** An application, and an answer to it, are good for so long, ms. */
export const APPLICATION_MS = 30 * 24 * 3_600_000;

/** Whoever is refused again and again bothers the operators ever more seldom: an hour after the fourth time, then two. */
const OFTEN: AttemptLimit = { failures: 4, firstPauseMs: 3_600_000, longestPauseMs: 24 * 3_600_000 };

export interface ApplicationsParts {
  readonly db: Db;
  readonly seal: Seal;
  readonly attempts: Pick<Attempts, 'begin'>;
  readonly now: () => number;
  readonly newId: () => string;
}

export function createApplications({ db, seal, attempts, now, newId }: ApplicationsParts): Applications {
  const facts = createFacts(db);
  const read = (row: ApplicationTable): Application => ({
    ...(JSON.parse(seal.open(row.sealed, PLACES.application(row.id))) as Particulars),
    id: row.id,
    person: row.person,
    state: row.state,
    reason: row.reason ?? undefined,
    decidedBy: row.decided_by ?? undefined,
    madeAt: row.made_at,
  });
  const expired = (): number => now() - APPLICATION_MS;
  const current = () => db.selectFrom('application').selectAll().where('changed_at', '>', expired());
  const record = (tx: Tx, { id, person, shop, state, reason }: Application, by: Principal, from?: string): Promise<number> =>
    facts.record(tx, {
      stream: 'installation',
      kind: `application.${state}`,
      subject: id,
      from,
      to: state,
      by,
      at: now(),
      detail: { person, shop, ...(reason !== undefined && { reason }) },
    });

  /** The one row of the person; nothing where an application of theirs is still good. */
  const insert = async (tx: Tx, person: string, particulars: Particulars): Promise<Application | undefined> => {
    const id = newId();
    const at = now();
    const made: ApplicationTable = {
      id,
      person,
      sealed: seal.seal(JSON.stringify(particulars), PLACES.application(id)),
      state: 'waiting',
      reason: null,
      decided_by: null,
      made_at: at,
      changed_at: at,
    };
    const over = tx
      .insertInto('application')
      .values(made)
      .onConflict((c) =>
        c
          .column('person')
          .doUpdateSet(made)
          .where((e) =>
            e.or([e('application.state', 'in', ['refused', 'connected']), e('application.changed_at', '<=', expired())]),
          ),
      );
    const row = await over.returningAll().executeTakeFirst();
    return row && read(row);
  };

  return {
    async of(person) {
      const row = await current().where('person', '=', person).executeTakeFirst();
      return row && read(row);
    },
    async get(id) {
      const row = await current().where('id', '=', id).executeTakeFirst();
      return row && read(row);
    },
    async waiting(limit) {
      const rows = await current().where('state', '=', 'waiting').orderBy('made_at').orderBy('id').limit(limit).execute();
      return rows.map(read);
    },
    async apply(person, particulars, tell) {
      const attempt = await attempts.begin(`apply:${person}`, OFTEN);
      if (isPaused(attempt)) return attempt;
      const application = await db.transaction().execute(async (tx) => {
        const made = await insert(tx, person, particulars);
        if (!made) return undefined;
        await record(tx, made, { kind: 'person', id: person, name: particulars.name });
        await tell(tx, made);
        return made;
      });
      if (application) return { kind: 'made', application };
      await attempt.passed();
      return { kind: 'there' };
    },
    decide: (id, decision, by, tell) =>
      db.transaction().execute(async (tx) => {
        const row = await tx
          .updateTable('application')
          .set({
            state: decision.kind,
            reason: decision.kind === 'refused' ? decision.reason : null,
            decided_by: by.name,
            changed_at: now(),
          })
          .where('id', '=', id)
          .where('state', '=', 'waiting')
          .where('changed_at', '>', expired())
          .returningAll()
          .executeTakeFirst();
        if (!row) return undefined;
        const application = read(row);
        await record(tx, application, by, 'waiting');
        await tell(tx, application);
        return application;
      }),
    connect: (person) =>
      db.transaction().execute(async (tx) => {
        const row = await tx
          .updateTable('application')
          .set({ state: 'connected', changed_at: now() })
          .where('person', '=', person.id)
          .where('state', '=', 'approved')
          .returningAll()
          .executeTakeFirst();
        if (row) await record(tx, read(row), person, 'approved');
        return row !== undefined;
      }),
    async sweep() {
      await db.deleteFrom('application').where('changed_at', '<=', expired()).execute();
    },
  };
}

/** Makes somebody's application another's, who may have one already. */
export async function moveApplication(tx: Tx, from: string, to: string): Promise<void> {
  const there = await tx.selectFrom('application').select('id').where('person', '=', to).executeTakeFirst();
  if (!there) await tx.updateTable('application').set({ person: to }).where('person', '=', from).execute();
}

/** Writes an application's particulars as they were sealed anew. */
export async function resealApplication(tx: Tx, id: string, before: string, sealed: string): Promise<void> {
  await tx.updateTable('application').set({ sealed }).where('id', '=', id).where('sealed', '=', before).execute();
}
