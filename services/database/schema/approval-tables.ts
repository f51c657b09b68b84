/** The tables of what somebody else has to agree to. Times are ms since the epoch; ids are text. */

/** Who asked to bind a store here, and what an operator answered: the latest application of each person. */
export interface ApplicationTable {
  id: string;
  person: string;
  /** Names and telephone, JSON, sealed. */
  sealed: string;
  /** `connected` once a store was bound by it. */
  state: 'waiting' | 'approved' | 'refused' | 'connected';
  /** Why it was refused. */
  reason: string | null;
  /** The name of the operator who answered. */
  decided_by: string | null;
  made_at: number;
  changed_at: number;
}
