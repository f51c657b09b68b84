/** Watches the database for what is posted, in the very transaction: what was said of which day, and how far the facts had come. */
import type { SharedDatabase } from '../world/shared-database.ts';

/** A day that a group was told, or told anew by a correction. */
export interface Told {
  readonly n: number;
  /** ms, by the program's clock. */
  readonly at: number;
  readonly store: string;
  readonly chat: string;
  readonly day: string;
  /** 1 for a summary, 0 for a correction. */
  readonly fresh: 0 | 1;
  /** `Figures`, JSON. */
  readonly figures: string;
  /** The number of the store's last fact. */
  readonly sequence: number;
}

const note = (fresh: 0 | 1): string => `insert into told select null, database_time(), new.store_id, new.chat_id,
  new.business_day, ${fresh}, new.figures, coalesce((select last from fact_stream where stream = 'store:' || new.store_id), 0)`;

const WATCH = `
  create temp table if not exists told (n integer primary key, at integer, store text, chat text, day text, fresh integer,
    figures text, sequence integer);
  delete from told;
  create temp trigger if not exists told_new after insert on main.posted_day begin ${note(1)}; end;
  create temp trigger if not exists told_again after update of figures on main.posted_day begin ${note(0)}; end;`;

export function watch(shared: Pick<SharedDatabase, 'exec' | 'rows'>): () => readonly Told[] {
  shared.exec(WATCH);
  return () => shared.rows<Told>('select * from told order by n');
}
