/** The tables of alerts: causes that owners are told of, each store's settings for them, and how far facts were looked through. */

/** A cause of which owners are told once, until it is over. */
export interface AlertTable {
  /** `AlertKind`. */
  kind: string;
  /** Names the cause within the kind. */
  cause: string;
  /** Whose owners are told; null: the operators. */
  account_id: string | null;
  /** The stores whose settings decide, a JSON list of ids. */
  stores: string;
  /** `AlertFacts` of the kind, JSON. */
  facts: string;
  since: number;
  /** Not told before then. */
  tell_at: number;
  /** Null while it waits. */
  told_at: number | null;
  over_at: number | null;
}

/** What a store's owners want to be told, and when not. */
interface AlertSettingTable {
  store_id: string;
  /** Kinds that are turned off, a JSON list. */
  off: string;
  /** `HH:MM-HH:MM` in the store's zone; null where there are none. */
  quiet: string | null;
}

/** Up to which fact a store's stream was looked through for what is unusual. */
interface WatchedStreamTable {
  stream: string;
  seen: number;
}

export interface AlertTables {
  alert: AlertTable;
  alert_setting: AlertSettingTable;
  watched_stream: WatchedStreamTable;
}
