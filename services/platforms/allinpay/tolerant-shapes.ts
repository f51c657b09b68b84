/** Reads answers in either form where Allinpay's description and its examples disagree. */
import { isRecord, type Fields } from '../../fields.ts';

/** Gives the objects of a list, or a single object as a list of one; none for anything else. */
export function recordsOf(value: unknown): readonly Fields[] {
  return (Array.isArray(value) ? (value as readonly unknown[]) : [value]).filter(isRecord);
}

/** Gives the first field of any of these names, whatever their case: `meiTuan` answers the type `meituan`. */
export function named(fields: unknown, ...names: readonly string[]): unknown {
  if (!isRecord(fields)) return undefined;
  const wanted = names.map((name) => name.toLowerCase());
  return Object.entries(fields).find(([name]) => wanted.includes(name.toLowerCase()))?.[1];
}

/** Whether a value has any of these fields, which mark an answer. */
export const hasAny = (value: unknown, names: readonly string[]): boolean =>
  recordsOf(value).some((fields) => names.some((name) => name in fields));
