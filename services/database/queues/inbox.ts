/** The inbox: events stored until they are answered, deduplicated, one at a time per chat, taken over after a crash. */
import type { InsertObject } from 'kysely';
import type { Log } from '../../log.ts';
import { hasCome, LONGEST_WAIT_MS, ownClock, type Claim, type ClaimClock } from './claim.ts';
import { sql, type Db, type Tx } from '../database.ts';
import { createSequence, placeInLine } from './arrival-order.ts';
import type { InboxRows } from './inbox-rows.ts';
import { prepared } from '../prepared.ts';
import { PLACES, type Seal } from '../seal.ts';
import { readStoredEvent } from '../stored-words.ts';
import type { Tables } from '../schema/tables.ts';
import { isUniqueViolation } from '../unique-violation.ts';

export type { InboxRows, Waiting } from './inbox-rows.ts';

/** A claim's lease, ms; renewed while the event is being answered. */
export const CLAIM_MS = 12_000;
/** How long ids of answered events are kept for deduplication; duplicates were seen hours later elsewhere. */
export const REMEMBER_MS = 7 * 24 * 3_600_000;

interface Row {
  id: string;
  seq: number;
  chat: string;
  sealed: string;
  at: number;
}

/** Must match the condition of the partial indexes literally, or they are not used. */
const pending = (table: string) => sql<boolean>`${sql.ref(`${table}.state`)} in ('waiting', 'doing')`;

export function createInboxRows<T>(
  db: Db,
  seal: Seal,
  now: () => number,
  { clock = ownClock, log, onDisk }: { clock?: ClaimClock; log?: Log; onDisk?: (() => Promise<void>) | undefined } = {},
): InboxRows<T> {
  const insert = (how: (row: Row) => Pick<InsertObject<Tables, 'inbox'>, 'state' | 'attempts' | 'epoch' | 'until'>) => {
    const query = (row: Row) => {
      const seq = placeInLine(['inbox', 'chat_id'], row.chat, row.seq, pending);
      return db
        .insertInto('inbox')
        .values({ id: row.id, seq, chat_id: row.chat, sealed: row.sealed, received_at: row.at, said: '', ...how(row) })
        .onConflict((c) => c.column('id').doNothing())
        .returning('state');
    };
    return prepared(db, query, onDisk && 'relaxed');
  };
  // Due at once by any clock.
  const store = insert(() => ({ state: 'waiting', attempts: 0, epoch: 0, until: 0 }));
  const storeClaiming = insert(({ chat, at }) => {
    const busy = sql`exists (select 1 from inbox as ahead where ahead.chat_id in (${chat}) and ${pending('ahead')})`;
    return {
      state: sql<'waiting' | 'doing'>`case when ${busy} then 'waiting' else 'doing' end`,
      attempts: sql<number>`case when ${busy} then 0 else 1 end`,
      epoch: sql<number>`case when ${busy} then 0 else 1 end`,
      until: sql<number>`case when ${busy} then 0 else ${clock(at)} + ${sql.lit(CLAIM_MS)} end`,
    };
  });
  const claim = prepared(db, ({ chat, at }: { chat: string; at: number }) =>
    db
      .updateTable('inbox')
      .set((e) => ({
        state: 'doing',
        until: sql<number>`${clock(at)} + ${sql.lit(CLAIM_MS)}`,
        attempts: e('attempts', '+', 1),
        epoch: e('epoch', '+', 1),
      }))
      .where(hasCome('until', clock(at)))
      .where(pending('inbox'))
      .where('id', '=', (e) =>
        e.fn.coalesce(
          // The unique index allows one `doing` per chat: while there is one, only it can be claimed.
          e
            .selectFrom('inbox as begun')
            .select('begun.id')
            .where('begun.chat_id', 'in', [chat])
            .where('begun.state', '=', sql.lit('doing'))
            .limit(sql.lit(1)),
          e
            .selectFrom('inbox as oldest')
            .select('oldest.id')
            .where('oldest.chat_id', 'in', [chat])
            .where(pending('oldest'))
            .orderBy('oldest.seq')
            .limit(sql.lit(1)),
        ),
      )
      .returning(['id', 'sealed', 'attempts', 'epoch', 'said']),
  );
  const more = prepared(db, ({ chat }: { chat: string }) =>
    db.selectFrom('inbox').select('id').where('chat_id', 'in', [chat]).where(pending('inbox')).limit(sql.lit(1)),
  );
  const chats = prepared(db, ({ at }: { at: number }) =>
    db
      .selectFrom('inbox')
      .leftJoin('chat', 'chat.id', 'inbox.chat_id')
      .select('inbox.chat_id')
      .where(pending('inbox'))
      .where(hasCome('until', clock(at)))
      .groupBy(['inbox.chat_id', 'chat.store_id'])
      .orderBy(sql`case when chat.store_id is null then 1 else 0 end`)
      .orderBy((e) => e.fn.min('inbox.seq')),
  );
  /** An update fenced by the claim. */
  const held = ({ id, epoch }: Claim) =>
    db.updateTable('inbox').where('id', '=', id).where('epoch', '=', epoch).where('state', '=', sql.lit('doing'));
  // Lost in a power cut, the event is handled again.
  const done = prepared(db, (mine: Claim) => held(mine).set({ state: 'done', sealed: '', said: '' }), 'relaxed');
  const putAside = prepared(db, ({ until, ...mine }: Claim & { until: number }) =>
    held(mine).set({ state: 'dead', sealed: '', said: '', until }),
  );
  const note = prepared(db, ({ said, ...mine }: Claim & { said: string }) => held(mine).set({ said }), 'relaxed');
  const renew = prepared(db, ({ at, ...mine }: Claim & { at: number }) =>
    held(mine).set({ until: sql<number>`${clock(at)} + ${sql.lit(CLAIM_MS)}` }),
  );
  const changed = ({ numAffectedRows = 0n }: { readonly numAffectedRows?: bigint }): boolean => numAffectedRows > 0n;

  const unreadable = async (mine: Claim, chat: string, error: unknown): Promise<void> => {
    const { numUpdatedRows } = await held(mine).set({ state: 'dead', until: now() }).executeTakeFirstOrThrow();
    if (numUpdatedRows > 0n) log?.error('inbox: an event cannot be opened and is put aside', { id: mine.id, chat, error });
  };
  const count = async (which: ReturnType<typeof pending>): Promise<number> => {
    const { n } = await db
      .selectFrom('inbox')
      .select((e) => e.fn.countAll().as('n'))
      .where(which)
      .executeTakeFirstOrThrow();
    return Number(n);
  };

  const sequence = createSequence();
  return {
    async put(id, chat, event, claiming) {
      const at = now();
      const row = { id, seq: sequence(at), chat, sealed: seal.seal(JSON.stringify(event), PLACES.inbox(id)), at };
      for (;;) {
        try {
          const { rows } = await (claiming ? storeClaiming : store)(row);
          if (rows[0] === undefined) return 'known';
          return rows[0].state === 'doing' ? 'claimed' : 'waiting';
        } catch (error) {
          // Another instance claimed an event of this chat at the same time; the next insert sees it.
          if (!claiming || !isUniqueViolation(error)) throw error;
        }
      }
    },
    async onDisk() {
      await onDisk?.();
    },
    async claim(chat) {
      for (;;) {
        const [row] = await claim({ chat, at: now() }).then(
          ({ rows }) => rows,
          (error: unknown) => {
            // Another instance claimed an event of this chat at the same time.
            if (isUniqueViolation(error)) return [];
            throw error;
          },
        );
        if (!row) return undefined;
        const { id, epoch, sealed, attempts } = row;
        const said = row.said.split(' ').filter((one) => one !== '');
        try {
          return { id, epoch, event: readStoredEvent(seal.open(sealed, PLACES.inbox(id))) as T, attempts: attempts - 1, said };
        } catch (error) {
          await unreadable({ id, epoch }, chat, error);
        }
      }
    },
    async more(chat) {
      return (await more({ chat })).rows.length > 0;
    },
    renew: async ({ id, epoch }) => changed(await renew({ id, epoch, at: now() })),
    note: async ({ id, epoch }, said) => changed(await note({ id, epoch, said: said.join(' ') })),
    done: async ({ id, epoch }, tx) => changed(await done({ id, epoch }, tx)),
    putAside: async ({ id, epoch }, tx) => changed(await putAside({ id, epoch, until: now() }, tx)),
    async postpone(mine, waitMs, untried) {
      const { numUpdatedRows } = await held(mine)
        .set((e) => ({
          state: 'waiting',
          until: sql<number>`${clock(now())} + cast(${Math.min(waitMs, LONGEST_WAIT_MS)} as bigint)`,
          attempts: e('attempts', '-', untried ? 1 : 0),
        }))
        .executeTakeFirstOrThrow();
      return numUpdatedRows > 0n;
    },
    async chats() {
      return (await chats({ at: now() })).rows.map((row) => row.chat_id);
    },
    async recover() {
      await db.updateTable('inbox').set({ state: 'waiting', until: 0 }).where('state', '=', 'doing').execute();
    },
    async sweep() {
      const old = now() - REMEMBER_MS;
      await db
        .deleteFrom('inbox')
        .where(sql<boolean>`state in ('done', 'dead')`)
        .where('received_at', '<', old)
        // The operator has as long to look.
        .where((e) => e.or([e('state', '=', 'done'), e('until', '<', old)]))
        .execute();
      const late = await db
        .updateTable('inbox')
        .set({ state: 'dead', sealed: '', until: now() })
        .where(pending('inbox'))
        .where('state', '=', 'waiting')
        .where('received_at', '<', old)
        .returning(['id', 'chat_id'])
        .execute();
      for (const { id, chat_id: chat } of late)
        log?.error('inbox: an event was not answered in time and is put aside', { id, chat });
    },
    waiting: () => count(pending('inbox')),
    dead: () => count(sql<boolean>`inbox.state = 'dead'`),
  };
}

/** Writes other sealed text of an event in the place of `before`, where that still stands: the key has changed. */
export async function resealEvent(tx: Tx, id: string, before: string, sealed: string): Promise<void> {
  await tx.updateTable('inbox').set({ sealed }).where('id', '=', id).where('sealed', '=', before).execute();
}
