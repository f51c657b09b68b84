/** Requests that an owner agree: to the undo of a verification, or to a verification while the store is closed; and the answers. */
import type { Db, Tx } from '../database/database.ts';
import type { ApprovalTable } from '../database/schema/tables.ts';
import { BY_PROGRAM, type By, type Principal } from '../facts/by.ts';
import { createFacts } from '../facts/facts.ts';
import type { Verification } from './verification.ts';

/** What is to be verified while the store is closed. */
export interface Wanted {
  readonly storeId: string;
  /** In whose name. */
  readonly by: Principal;
  readonly uses: number;
  /** As people are shown it: neither is needed to verify. */
  readonly title: string;
  readonly maskedCode: string;
  /** Where it was asked for: the message becomes the card. */
  readonly on: Verification['card'];
}

export interface Approval {
  readonly id: string;
  /** The id of the verification; of a card that is none yet, where one is wanted. */
  readonly verification: string;
  /** Left out for an undo. */
  readonly wanted: Wanted | undefined;
  /** Of a wanted verification: when the request ends, ms. */
  readonly until: number | undefined;
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
  ask(
    v: Pick<Verification, 'id' | 'storeId'>,
    by: Principal,
    chat: string,
    tell: TellApproval,
    verify?: { readonly wanted: Wanted; readonly until: number },
  ): Promise<Approval>;
  /** Answers a request, once. Undefined where another owner has answered, or its time is over. */
  decide(
    id: string,
    agreed: boolean,
    v: Pick<Verification, 'storeId'>,
    by: Principal,
    tell: TellApproval,
  ): Promise<Approval | undefined>;
  /** Ends requests whose time is over. `word` words what is told of each, which is written in the transaction of its end. */
  expire(word: (approval: Approval) => Promise<(tx: Tx) => Promise<void>>): Promise<void>;
  /** Deletes requests older than 30 days; what became of them stays among the facts. */
  sweep(): Promise<void>;
}

/** Requests that end in one run. */
const A_RUN = 50;
const KEPT_MS = 30 * 24 * 3_600_000;

export function createApprovals({ db, now, newId }: { db: Db; now: () => number; newId: () => string }): Approvals {
  const facts = createFacts(db);
  const record = (tx: Tx, storeId: string, { verification, state, askedBy, wanted }: Approval, by: By): Promise<number> =>
    facts.record(tx, {
      stream: `store:${storeId}`,
      kind: `approval.${state}`,
      subject: verification,
      by,
      at: now(),
      detail: {
        ...(wanted && { wanted: 'verify', product: wanted.title }),
        ...(state !== 'asked' && { 'asked-by': askedBy.id, 'asked-name': askedBy.name }),
      },
    });

  return {
    async get(id) {
      const row = await db.selectFrom('approval').selectAll().where('id', '=', id).executeTakeFirst();
      return row && read(row);
    },
    ask: (v, by, chat, tell, verify) =>
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
            kind: verify ? 'verify' : 'undo',
            until: verify?.until ?? null,
            request: verify ? JSON.stringify(verify.wanted) : null,
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
          .where((e) => e.or([e('until', 'is', null), e('until', '>', now())]))
          .returningAll()
          .executeTakeFirst();
        if (!row) return undefined;
        const approval = read(row);
        await record(tx, storeId, approval, by);
        await tell(tx, approval);
        return approval;
      }),
    async expire(word) {
      const due = await db
        .selectFrom('approval')
        .selectAll()
        .where('state', '=', 'asked')
        .where('until', 'is not', null)
        .where('until', '<=', now())
        .limit(A_RUN)
        .execute();
      for (const row of due) {
        const tell = await word(read({ ...row, state: 'expired' }));
        await db.transaction().execute(async (tx) => {
          const ended = await tx
            .updateTable('approval')
            .set({ state: 'expired', changed_at: now() })
            .where('id', '=', row.id)
            .where('state', '=', 'asked')
            .returningAll()
            .executeTakeFirst();
          if (!ended) return;
          const approval = read(ended);
          await record(tx, approval.wanted?.storeId ?? '', approval, BY_PROGRAM);
          await tell(tx);
        });
      }
    },
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
  wanted: row.request === null ? undefined : (JSON.parse(row.request) as Wanted),
  until: row.until ?? undefined,
  state: row.state,
  askedBy: { id: row.asked_by, name: row.asked_name },
  chat: row.chat_id,
  decidedBy: row.decided_by === null ? undefined : { id: row.decided_by, name: row.decided_name ?? '' },
});

/** Follows a chat to its new id. */
export async function moveApprovals(tx: Tx, from: string, to: string): Promise<void> {
  await tx.updateTable('approval').set({ chat_id: to }).where('chat_id', '=', from).execute();
}
