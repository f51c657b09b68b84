/** Reads fields of JSON that nobody vouches for. */

export type Fields = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Text without null characters (PostgreSQL takes none) and without what turns the text beside it round, or a whole number as
 * text; nothing when it is empty or anything else.
 */
export function textOf(value: unknown): string | undefined {
  if (Number.isSafeInteger(value)) return String(value);
  const text = typeof value === 'string' ? value.replaceAll(/[\0\p{Bidi_Control}]/gu, '').trim() : '';
  return text === '' ? undefined : text;
}

/** A whole number ≥ 0, also written as text. */
export function countOf(value: unknown): number | undefined {
  const text = textOf(value);
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** The given fields without those that are undefined. */
export function present<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
