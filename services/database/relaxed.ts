/** Marks a write that is made again where a power cut loses it: SQLite does not wait for the disk. */
import type { CompiledQuery } from 'kysely';

export const relaxed = <R>(query: CompiledQuery<R>): CompiledQuery<R> => Object.assign({ relaxed: true }, query);

export const isRelaxed = (query: CompiledQuery): boolean => 'relaxed' in query;
