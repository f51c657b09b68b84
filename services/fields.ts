/** Reads fields of untrusted JSON. */
import { oneLine } from './one-line.ts';

export type Fields = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads text, or a whole number as text; undefined when it is empty or anything else. It is one line
 * without invisible characters: a name with a line break would forge a line of its own.
 */
export function textOf(value: unknown): string | undefined {
  if (Number.isSafeInteger(value)) return String(value);
  const text = typeof value === 'string' ? oneLine(value) : '';
  return text === '' ? undefined : text;
}

/** Reads a whole number ≥ 0, also written as text. */
export function countOf(value: unknown): number | undefined {
  const text = textOf(value);
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Copies the fields that are not undefined. */
export function present<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
