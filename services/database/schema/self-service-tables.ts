/** The tables of self-service: a store's rules, and its places. */

/** A store whose owner has ever touched its self-service; without a row it is off. */
export interface SelfServiceTable {
  store_id: string;
  /** 1 while customers may verify by themselves. */
  is_on: number;
  /** Opening hours from Monday on, JSON (`Week`). */
  week: string;
  /** Hours of single days, JSON: `YYYY-MM-DD` to spans. */
  days: string;
  /** Most uses of one person and at one place in a business day; null for no limit. */
  per_person: number | null;
  per_place: number | null;
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
