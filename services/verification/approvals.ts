/** Requests of staff that an owner agree to the undo of a verification, and the owners' answers. */
import type { Db, Tx } from '../database/database.ts';
import type { ApprovalTable } from '../database/schema/tables.ts';
import type { Principal } from '../facts/by.ts';
import { createFacts } from '../facts/facts.ts';
import type { Verification } from './verification.ts';

export interface Approval {
  readonly id: string;
  readonly verification: string;
  readonly state: ApprovalTable['state'];
  readonly askedBy: { readonly id: string; readonly name: string };
  /** The chat in which it was asked for, which hears the answer. */
  readonly chat: string;
  /** The owner who answered. */
  readonly decidedBy: { readonly id: string; readonly name: string } | undefined;
}

/** Writes messages in the transaction of the change that they tell of. */
export type TellApproval = (tx: Tx, approval: Approval) => Promise<void>;

export interface Approvals {
  get(id: string): Promise<Approval | undefined>;
  /** Asks, once for each person and verification; returns the request as it stands. `tell` is called for a new one. */
  ask(v: Pick<Verification, 'id' | 'storeId'>, by: Principal, chat: string, tell: TellApproval): Promise<Approval>;
  /** Answers a request, once. Undefined where another owner has answered. */
  decide(
    id: string,
    agreed: boolean,
    v: Pick<Verification, 'storeId'>,
    by: Principal,
    tell: TellApproval,
  ): Promise<Approval | undefined>;
  /** Deletes requests older than 30 days; what became of them stays among the facts. */
  sweep(): Promise<void>;
}

const KEPT_MS = 30 * 24 * 3_600_000;

export function createApprovals({ db, now, newId }: { db: Db; now: () => number; newId: () => string }): Approvals {
  const facts = createFacts(db);
  const record = (tx: Tx, storeId: string, { verification, state, askedBy }: Approval, by: Principal): Promise<number> =>
    facts.record(tx, {
      stream: `store:${storeId}`,
      kind: `approval.${state}`,
      subject: verification,
      by,
      at: now(),
      detail: state === 'asked' ? {} : { 'asked-by': askedBy.id, 'asked-name': askedBy.name },
    });

  return {
    async get(id) {
      const row = await db.selectFrom('approval').selectAll().where('id', '=', id).executeTakeFirst();
      return row && read(row);
    },
    ask: (v, by, chat, tell) =>
      db.transaction().execute(async (tx) => {
        const at = now();
        const row = await tx
          .insertInto('approval')
          .values({
            id: newId(),
            verification_id: v.id,
            asked_by: by.id,
            asked_name: by.name,
            chat_id: chat,
            state: 'asked',
            decided_by: null,
            decided_name: null,
            changed_at: at,
          })
          .onConflict((c) => c.columns(['verification_id', 'asked_by']).doNothing())
          .returningAll()
          .executeTakeFirst();
        if (!row)
          return read(
            await tx
              .selectFrom('approval')
              .selectAll()
              .where('verification_id', '=', v.id)
              .where('asked_by', '=', by.id)
              .executeTakeFirstOrThrow(),
          );
        const approval = read(row);
        await record(tx, v.storeId, approval, by);
        await tell(tx, approval);
        return approval;
      }),
    decide: (id, agreed, { storeId }, by, tell) =>
      db.transaction().execute(async (tx) => {
        const row = await tx
          .updateTable('approval')
          .set({ state: agreed ? 'agreed' : 'declined', decided_by: by.id, decided_name: by.name, changed_at: now() })
          .where('id', '=', id)
          .where('state', '=', 'asked')
          .returningAll()
          .executeTakeFirst();
        if (!row) return undefined;
        const approval = read(row);
        await record(tx, storeId, approval, by);
        await tell(tx, approval);
        return approval;
      }),
    async sweep() {
      await db
        .deleteFrom('approval')
        .where('changed_at', '<=', now() - KEPT_MS)
        .execute();
    },
  };
}

const read = (row: ApprovalTable): Approval => ({
  id: row.id,
  verification: row.verification_id,
  state: row.state,
  askedBy: { id: row.asked_by, name: row.asked_name },
  chat: row.chat_id,
  decidedBy: row.decided_by === null ? undefined : { id: row.decided_by, name: row.decided_name ?? '' },
});

/** Follows a chat to its new id. */
export async function moveApprovals(tx: Tx, from: string, to: string): Promise<void> {
  await tx.updateTable('approval').set({ chat_id: to }).where('chat_id', '=', from).execute();
}
