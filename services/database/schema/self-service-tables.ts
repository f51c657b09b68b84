/** The tables of self-service: when a store has it on, its places, and the rules by which coupons are verified without a press. */

/** A store whose owner has ever touched its self-service; without a row it is off. */
export interface SelfServiceTable {
  store_id: string;
  /** 1 while customers may verify by themselves. */
  is_on: number;
  /** Opening hours from Monday on, JSON (`Week`). */
  week: string;
  /** Hours on public holidays, JSON (`Span[]`); null where the calendar of holidays is not followed. */
  holidays: string | null;
  /** Hours of single days, JSON: `YYYY-MM-DD` to spans. */
  days: string;
  /** Most uses of one person and at one place in a business day; null for no limit. */
  per_person: number | null;
  per_place: number | null;
  /** Who may ask an owner outside the opening hours: none, or `customer`, `staff`, with a comma between them. */
  ask_closed: string;
  changed_at: number;
}

/** A place of a store: a table, a room, a lane. A removed one has no row. */
export interface PlaceTable {
  id: string;
  store_id: string;
  name: string;
  /** What its customers read after 核销成功; empty for nothing. */
  instructions: string;
  /** The token of its links, sealed, so that the owner is shown it again. */
  token_sealed: string;
  /** HMAC of the token, by which a link is looked up. */
  token_mac: string;
  created_at: number;
}

/** A rule by which coupons of a store are verified without a press. */
export interface AutoRuleTable {
  id: string;
  store_id: string;
  name: string;
  is_on: number;
  /** Grows with every change. */
  revision: number;
  /** The deals it is about, JSON (`Deal[]`); null for all. */
  deals: string | null;
  /** Whose coupons, JSON (`People`). */
  people: string;
  /** When, from Monday on, JSON (`Week`). */
  week: string;
  /** On public holidays, JSON (`Span[]`); null where the calendar of holidays is not followed. */
  holidays: string | null;
  /** The most coupons in a business day. */
  per_day: number;
  /** The owner who changed it last: with that ownership the rule ends. */
  made_by: string;
  made_name: string;
  created_at: number;
  changed_at: number;
}
