/** Reads which verifications of a coupon stand. */
import { textOf, type Fields } from '../../fields.ts';
import { fieldsIn, rowsIn } from './envelope.ts';

const TIMES_CARD = '3';

/** Reads the verifications that stand: all of a times card, the only one of another. Douyin leaves it empty where there is none, and when undone. */
export function verificationsOf(row: Fields): readonly Fields[] {
  const isReal = (one: Fields): boolean => !['0', undefined].includes(textOf(one['verify_id']));
  const latest = [fieldsIn(row['verify'])].filter(isReal);
  if (!isTimesCard(row)) return latest;
  const all = rowsIn(row['verify_records']).filter(isReal);
  return all.length > 0 ? all : latest;
}

export const isTimesCard = (row: Fields): boolean => textOf(fieldsIn(row['sku'])['groupon_type']) === TIMES_CARD;
