/** The tables of facts: what happened, by whom and when, numbered within a stream. */

/** Who may act in a store: a person, a customer of a place, a key of the API, an automatic rule. */
export type PrincipalKind = 'person' | 'customer' | 'key' | 'rule';

/**
 * How a yes is known. `answered`: the call's own answer. `listed`: found in the platform's list. `inferred`: used between two
 * looks of ours. `decided`: a person said so.
 */
export type Certainty = 'answered' | 'listed' | 'inferred' | 'decided';

/** The last number of each stream. */
export interface FactStreamTable {
  stream: string;
  last: number;
}

export interface FactTable {
  /** `store:<id>`, `account:<id>` or `installation`. */
  stream: string;
  /** From 1, growing by one within the stream. */
  sequence: number;
  kind: string;
  /** What it is about: the id of a verification, a person, a chat … */
  subject: string;
  from_state: string | null;
  to_state: string | null;
  by_kind: PrincipalKind | 'platform' | 'program' | null;
  by_id: string | null;
  by_name: string | null;
  at: number;
  certainty: Certainty | null;
  /** JSON object. */
  detail: string;
  /** The seal over the fact and its predecessor's seal; null until the job has sealed it. */
  seal: string | null;
}

/** How many facts are sealed, one row; authenticated, so that none of them can be taken away unseen. */
export interface FactHeadTable {
  name: string;
  sealed: number;
  seal: string;
}
