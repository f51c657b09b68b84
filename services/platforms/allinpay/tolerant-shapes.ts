/** Where Allinpay's description and its examples disagree about the form of an answer, either is read. */
import { isRecord, type Fields } from '../fields.ts';

/** One of several as a list, one as the object itself; what is neither is none. */
export function recordsOf(value: unknown): readonly Fields[] {
  return (Array.isArray(value) ? (value as readonly unknown[]) : [value]).filter(isRecord);
}

/** The first field of any of these names, in capitals or not: `meiTuan` is the answer to the type `meituan`. */
export function named(fields: unknown, ...names: readonly string[]): unknown {
  if (!isRecord(fields)) return undefined;
  const wanted = names.map((name) => name.toLowerCase());
  return Object.entries(fields).find(([name]) => wanted.includes(name.toLowerCase()))?.[1];
}

/** Whether any of these fields is there: what tells an answer from something else. */
export const hasAny = (value: unknown, names: readonly string[]): boolean =>
  recordsOf(value).some((fields) => names.some((name) => name in fields));
