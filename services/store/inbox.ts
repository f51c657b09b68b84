/** What was heard, kept until it is answered: deduplicated, one at a time per chat, taken over after a crash. */
import type { InsertObject } from 'kysely';
import { sql, type Db } from './database.ts';
import { prepared } from './prepared.ts';
import type { Seal } from './seal.ts';
import type { Tables } from './tables.ts';
import { isUnique } from './unique.ts';

/** How long a claim lasts unless renewed. */
export const CLAIM_MS = 15_000;
/** How long a done event is remembered, so that a late repeat is known: duplicates were seen hours later elsewhere. */
export const REMEMBER_MS = 7 * 24 * 3_600_000;

export interface Waiting<T> {
  readonly id: string;
  readonly event: T;
  /** How often it was tried before. */
  readonly attempts: number;
}

export interface InboxRows<T> {
  /**
   * Stores an event, unless it was heard before (`known`). `claiming`: where nothing else is to be done in the chat, it is
   * `claimed` in the same write.
   */
  put(id: string, chat: string, event: T, claiming?: 'claiming'): Promise<'known' | 'waiting' | 'claimed'>;
  /** The chat's oldest event, if nobody is at work on that chat and it is due. */
  claim(chat: string): Promise<Waiting<T> | undefined>;
  /** Whether anything waits in the chat; cheaper than claiming in vain. */
  more(chat: string): Promise<boolean>;
  renew(id: string): Promise<void>;
  /** Answered; the event itself is forgotten, its id is remembered. */
  done(id: string): Promise<void>;
  /** Not answered; to be tried again after `waitMs`. */
  postpone(id: string, waitMs: number): Promise<void>;
  /** Chats with something to do now, after a crash or for another instance: those bound to a store first, then by age. */
  chats(): Promise<readonly string[]>;
  /** At start of an embedded store: what was being done is waiting again. */
  recover(): Promise<void>;
  /** Forgets old ids. */
  sweep(): Promise<void>;
  waiting(): Promise<number>;
}

interface Row {
  id: string;
  seq: number;
  chat: string;
  sealed: string;
  at: number;
}

export function createInboxRows<T>(db: Db, seal: Seal, now: () => number): InboxRows<T> {
  const insert = (how: (row: Row) => Pick<InsertObject<Tables, 'inbox'>, 'state' | 'attempts' | 'until'>) =>
    prepared(db, (row: Row) =>
      db
        .insertInto('inbox')
        .values({ id: row.id, seq: row.seq, chat_id: row.chat, sealed: row.sealed, received_at: row.at, ...how(row) })
        .onConflict((c) => c.column('id').doNothing())
        .returning('state'),
    );
  const store = insert(({ at }) => ({ state: 'waiting', attempts: 0, until: at }));
  const storeClaiming = insert(({ chat, at }) => {
    const busy = sql`exists (select 1 from inbox as ahead where ahead.chat_id in (${chat}) and ahead.state <> 'done')`;
    return {
      state: sql<'waiting' | 'doing'>`case when ${busy} then 'waiting' else 'doing' end`,
      attempts: sql<number>`case when ${busy} then 0 else 1 end`,
      until: sql<number>`${at} + cast(case when ${busy} then 0 else ${sql.lit(CLAIM_MS)} end as bigint)`,
    };
  });
  const claim = prepared(db, ({ chat, at, until }: { chat: string; at: number; until: number }) =>
    db
      .updateTable('inbox')
      .set((e) => ({ state: 'doing', until, attempts: e('attempts', '+', 1) }))
      .where('until', '<=', at)
      .where('state', '<>', sql.lit('done'))
      .where('id', '=', (e) =>
        e
          .selectFrom('inbox as oldest')
          .select('oldest.id')
          .where('oldest.chat_id', 'in', [chat])
          .where('oldest.state', '<>', sql.lit('done'))
          .orderBy('oldest.seq')
          .limit(sql.lit(1)),
      )
      .returning(['id', 'sealed', 'attempts']),
  );
  const more = prepared(db, ({ chat }: { chat: string }) =>
    db.selectFrom('inbox').select('id').where('chat_id', 'in', [chat]).where('state', '<>', sql.lit('done')).limit(sql.lit(1)),
  );
  const chats = prepared(db, ({ at }: { at: number }) =>
    db
      .selectFrom('inbox')
      .leftJoin('chat', 'chat.id', 'inbox.chat_id')
      .select('inbox.chat_id')
      .where('inbox.state', '<>', sql.lit('done'))
      .where('inbox.until', '<=', at)
      .groupBy(['inbox.chat_id', 'chat.store_id'])
      .orderBy(sql`case when chat.store_id is null then 1 else 0 end`)
      .orderBy((e) => e.fn.min('inbox.seq')),
  );
  const done = prepared(db, ({ id }: { id: string }) =>
    db.updateTable('inbox').set({ state: 'done', sealed: '' }).where('id', '=', id),
  );

  let count = 0;
  return {
    async put(id, chat, event, claiming) {
      const at = now();
      // Milliseconds and a counter: order of arrival within this process, and near enough between instances.
      const row = { id, seq: at * 1000 + (count++ % 1000), chat, sealed: seal.seal(JSON.stringify(event)), at };
      for (;;) {
        try {
          const { rows } = await (claiming ? storeClaiming : store)(row);
          if (rows[0] === undefined) return 'known';
          return rows[0].state === 'doing' ? 'claimed' : 'waiting';
        } catch (error) {
          // Another instance claimed something in this chat in the same moment: it can be seen now.
          if (!claiming || !isUnique(error)) throw error;
        }
      }
    },
    async claim(chat) {
      const at = now();
      try {
        const [row] = (await claim({ chat, at, until: at + CLAIM_MS })).rows;
        return row && { id: row.id, event: JSON.parse(seal.open(row.sealed)) as T, attempts: row.attempts - 1 };
      } catch (error) {
        if (isUnique(error)) return undefined;
        throw error;
      }
    },
    async more(chat) {
      return (await more({ chat })).rows.length > 0;
    },
    async renew(id) {
      await db
        .updateTable('inbox')
        .set({ until: now() + CLAIM_MS })
        .where('id', '=', id)
        .where('state', '=', 'doing')
        .execute();
    },
    async done(id) {
      await done({ id });
    },
    async postpone(id, waitMs) {
      await db
        .updateTable('inbox')
        .set({ state: 'waiting', until: now() + waitMs })
        .where('id', '=', id)
        .execute();
    },
    async chats() {
      return (await chats({ at: now() })).rows.map((row) => row.chat_id);
    },
    async recover() {
      await db.updateTable('inbox').set({ state: 'waiting', until: now() }).where('state', '=', 'doing').execute();
    },
    async sweep() {
      await db
        .deleteFrom('inbox')
        .where('state', '=', 'done')
        .where('received_at', '<', now() - REMEMBER_MS)
        .execute();
    },
    async waiting() {
      const { n } = await db
        .selectFrom('inbox')
        .select((e) => e.fn.countAll().as('n'))
        .where('state', '<>', 'done')
        .executeTakeFirstOrThrow();
      return Number(n);
    },
  };
}
