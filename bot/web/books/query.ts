/** Reads the addresses of the books: the store, the filter and the place in the list. Whatever cannot be meant is named. */
import type { Filter } from '../../../handlers/books/filter.ts';
import { isStatus } from '../../../handlers/books/filter.ts';
import type { From, Position } from '../../../services/ledger/pages.ts';

/** Characters of a field: names of deals are shorter. */
const LONGEST = 200;
const DAY = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/;
const STORE = /^[\w-]{1,64}$/;

/** Why an address is not understood. */
export type Odd = 'long' | 'day' | 'order' | 'code' | 'other';

export interface Asked {
  readonly store: string | undefined;
  readonly filter: Filter;
  readonly from: From | undefined;
}

/** The fields of the filter, as they are called in addresses. */
export const FIELDS = ['text', 'code', 'product', 'person', 'place', 'from', 'to', 'status'] as const;
export type Field = (typeof FIELDS)[number];

export function readAsked(query: Readonly<Record<string, string>>): Asked | Odd {
  const given: Partial<Record<Field | 'store' | 'after' | 'before', string>> = {};
  for (const name of [...FIELDS, 'store', 'after', 'before'] as const) {
    // Line ends and other controls are in no name.
    const value = query[name]?.replaceAll(/\p{Cc}/gu, ' ').trim() ?? '';
    if (value.length > LONGEST) return 'long';
    if (value !== '') given[name] = value;
  }
  const { store, after, before, code, from, to, status, ...names } = given;
  if (store !== undefined && !STORE.test(store)) return 'other';
  if ([from, to].some((day) => day !== undefined && !isDay(day))) return 'day';
  if (from !== undefined && to !== undefined && from > to) return 'order';
  const digits = code?.normalize('NFKC').replaceAll(/[ -]/g, '');
  if (digits !== undefined && !/^\d{4,20}$/.test(digits)) return 'code';
  if (status !== undefined && !isStatus(status)) return 'other';
  const position = (after ?? before) === undefined ? undefined : readPosition((after ?? before)!);
  if ((after ?? before) !== undefined && !position) return 'other';
  return {
    store,
    filter: {
      ...names,
      ...(digits !== undefined && { code: digits }),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(status !== undefined && { status }),
    },
    from: position && (after !== undefined ? { after: position } : { before: position }),
  };
}

const isDay = (text: string): boolean => DAY.test(text) && new Date(text).toISOString().startsWith(text);

const POSITION = /^(\d{4}-\d\d-\d\d)\.(\d{1,15})\.([\w-]{1,64})$/;

export const writePosition = ({ day, at, id }: Position): string => `${day}.${at}.${id}`;

function readPosition(text: string): Position | undefined {
  const [, day, at, id] = POSITION.exec(text) ?? [];
  return day === undefined ? undefined : { day, at: Number(at), id: id! };
}

/** The address of a page with this store and filter. */
export function addressOf(
  path: string,
  { store, filter }: Omit<Asked, 'from'>,
  more: Readonly<Record<string, string>> = {},
): string {
  const query = new URLSearchParams();
  if (store !== undefined) query.set('store', store);
  for (const name of FIELDS) {
    const value = filter[name];
    if (value !== undefined) query.set(name, value);
  }
  for (const [name, value] of Object.entries(more)) query.set(name, value);
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}
