/** The tables of the books: days compared with the platforms' lists, hand-overs of shifts, and the sums of closed days. */

/** What became of comparing a store's closed day with the platforms' own lists. */
export interface ReconciliationTable {
  store_id: string;
  business_day: string;
  /** `Reconciliation`, JSON; null until it was had. */
  result: string | null;
  /** Looks so far; its growth by one is the claim on a look. */
  looks: number;
  /** When it is looked at again; null where nothing is left to find. */
  check_at: number | null;
  changed_at: number;
}

/** A shift that was handed over; a store's shifts follow one another without gaps. */
export interface ShiftTable {
  id: string;
  store_id: string;
  /** Its beginning; no two shifts of a store have the same. */
  since: number;
  at: number;
  from_person: string;
  from_name: string;
  /** Null until somebody took over. */
  to_person: string | null;
  to_name: string | null;
  /** `Figures` as they were told, JSON. */
  figures: string;
}

/** The sums of a store's closed day, kept so that a year of them is read at once; a day without verifications has no row. */
export interface DayTotalTable {
  store_id: string;
  business_day: string;
  count: number;
  total: number;
  unpriced: number;
  undone: number;
  undone_total: number;
  refused: number;
  unsure: number;
}

/** A coupon that was looked up and never confirmed; its code is still worth money, so it is kept as a keyed hash. */
export interface UnconfirmedTable {
  store_id: string;
  /** On which its card ran out. */
  business_day: string;
  code_index: string;
  code_tail: string;
  opened_at: number;
  ended_at: number;
}

/** A time in which the program ran, ms. */
export interface UptimeTable {
  since: number;
  until: number;
}

/** The calls of a store's business day through an account: how many the platform answered, and how many it did not. */
export interface PlatformDayTable {
  store_id: string;
  business_day: string;
  account_id: string;
  answered: number;
  failed: number;
  changed_at: number;
}
