/** Normalises field names: `receipt_end_date`, `receiptEndDate` and `reveipt_end_date` are one. */
import { isRecord, type Fields } from '../../fields.ts';

/** Gives the fields by their names in lower case without underscores; undefined for a value without fields. */
export function fieldName(value: unknown): Fields | undefined {
  if (!isRecord(value)) return undefined;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [plain(name), field]));
}

/** Normalises one name. The list of deals says "reveipt" for "receipt". */
const plain = (name: string): string => name.replaceAll('_', '').toLowerCase().replace('reveipt', 'receipt');

/**
 * Gives the rows of a list, which is `data` itself in one dialect and inside `data` in the other; undefined for anything else.
 */
export function rowsOf(data: unknown): readonly Fields[] | undefined {
  const inside: unknown = isRecord(data) ? (data['result'] ?? data['records'] ?? []) : (data ?? []);
  return Array.isArray(inside) ? (inside as readonly unknown[]).map(fieldName).filter((row) => row !== undefined) : undefined;
}

/** Parses JSON text of our own; no fields for any other text. The parser's error is dropped, as it quotes the text. */
export function fieldsIn(text: string | undefined): Fields {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
