/** Reads fields of untrusted JSON. */

export type Fields = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads text, or a whole number as text; undefined when it is empty or anything else. Null characters, which PostgreSQL refuses,
 * and bidirectional controls, which reverse the text beside them, are removed.
 */
export function textOf(value: unknown): string | undefined {
  if (Number.isSafeInteger(value)) return String(value);
  const text = typeof value === 'string' ? value.replaceAll(/[\0\p{Bidi_Control}]/gu, '').trim() : '';
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
