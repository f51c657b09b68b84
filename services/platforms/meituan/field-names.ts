/** One spelling for fields that come as `receipt_end_date`, `receiptEndDate`, and `reveipt_end_date`. */
import { isRecord, type Fields } from '../fields.ts';

/** The fields by their names in lower case without underscores; undefined for what has no fields. */
export function fieldName(value: unknown): Fields | undefined {
  if (!isRecord(value)) return undefined;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [plain(name), field]));
}

/** The list of deals says "reveipt" for "receipt". */
const plain = (name: string): string => name.replaceAll('_', '').toLowerCase().replace('reveipt', 'receipt');

/** Rows of a list, which is `data` itself in one dialect and inside `data` in the other; none where there is none. */
export function rowsOf(data: unknown): readonly Fields[] | undefined {
  const inside: unknown = isRecord(data) ? (data['result'] ?? data['records'] ?? []) : (data ?? []);
  return Array.isArray(inside) ? (inside as readonly unknown[]).map(fieldName).filter((row) => row !== undefined) : undefined;
}

/** The fields of JSON text that we wrote ourselves; none where it is not that. A parser's error would quote the text. */
export function fieldsIn(text: string | undefined): Fields {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}
