/** How lists of a fake gateway may differ from what was sent: nobody documents what they repeat, how soon, or in which order. */
export interface Lists {
  /**
   * The operator's name: as sent; `masked`: telegram-1**; `decorated`: telegram-123(张三); `display`: the name instead of the
   * account; `case`: Telegram-123; `replaced`: one name for everybody; `missing`.
   */
  names: 'sent' | 'masked' | 'decorated' | 'display' | 'case' | 'replaced' | 'missing';
  /** An entry appears so long after the use, ms. */
  lateMs: number;
  order: 'newest' | 'oldest' | 'shuffled';
  /** A page has at most so many rows, whatever was asked for. */
  most: number;
  /** Each page but the first begins with the last row of the page before, as where rows move while they are read. */
  repeats: boolean;
  /** `masked`: the middle of codes is hidden. */
  codes: 'whole' | 'masked';
  /** Whether a row says the shop of the use, where one list is of several shops. */
  shops: 'told' | 'untold';
}

export const honestLists = (): Lists => ({
  names: 'sent',
  lateMs: 0,
  order: 'newest',
  most: 1_000,
  repeats: false,
  codes: 'whole',
  shops: 'told',
});

/** The rows from `offset` on, as they come in one page. */
export function pageOfRows<Row>({ most, repeats }: Lists, rows: readonly Row[], offset: number, size: number): readonly Row[] {
  const from = repeats && offset > 0 ? offset - 1 : offset;
  return rows.slice(from, from + Math.min(size, most));
}

/** A code as a list shows it. */
export const codeIn = ({ codes }: Lists, code: string): string =>
  codes === 'whole' ? code : `${code.slice(0, 2)}****${code.slice(-4)}`;

export const NAMES = [
  'sent',
  'masked',
  'decorated',
  'display',
  'case',
  'replaced',
  'missing',
] as const satisfies readonly Lists['names'][];

/** The name of an operator in a list. */
export function nameIn({ names }: Lists, account: string, display: string): string | undefined {
  switch (names) {
    case 'sent':
      return account;
    case 'masked':
      return `${account.slice(0, -2)}**`;
    case 'decorated':
      return `${account}(${display})`;
    case 'display':
      return display;
    case 'case':
      return account.charAt(0).toUpperCase() + account.slice(1);
    case 'replaced':
      return 'dp_shop_8877';
    case 'missing':
      return undefined;
  }
}

/** Rows as a list has them: those that it has by now, in its order. */
export function listedRows<Row extends { readonly at: number }>(
  { lateMs, order }: Lists,
  rows: readonly Row[],
  now: number,
): Row[] {
  const found = rows.filter(({ at }) => lateMs === 0 || at <= now - lateMs).toSorted((a, b) => b.at - a.at);
  if (order === 'oldest') return found.toReversed();
  if (order === 'newest') return found;
  // No chance: a shuffle that every run repeats.
  return [...found.filter((_, n) => n % 2 === 1), ...found.filter((_, n) => n % 2 === 0).toReversed()];
}
