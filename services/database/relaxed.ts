/** Marks a write that is made again where a power cut loses it: neither SQLite nor PostgreSQL waits for the disk. */
import type { CompiledQuery, Kysely } from 'kysely';
import type { Tables } from './schema/tables.ts';

export const relaxed = <R>(query: CompiledQuery<R>): CompiledQuery<R> => Object.assign({ relaxed: true }, query);

export const isRelaxed = (query: CompiledQuery): boolean => 'relaxed' in query;

type Db = Kysely<Tables>;

const sessions = new WeakMap<Db, Db>();

/** Has the relaxed writes of `db` outside transactions run in sessions of their own, which do not wait. */
export const relaxIn = (db: Db, own: Db): void => void sessions.set(db, own);

/** Where a relaxed write runs: on SQLite its mark is enough. */
export const relaxedSessions = (db: Db): Db => sessions.get(db) ?? db;
