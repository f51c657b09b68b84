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

/** Who asked the owners to agree to an undo, or to a verification outside the opening hours, and what the first of them answered. */
export interface ApprovalTable {
  id: string;
  verification_id: string;
  asked_by: string;
  asked_name: string;
  /** Where it was asked for. */
  chat_id: string;
  state: 'asked' | 'agreed' | 'declined' | 'expired';
  decided_by: string | null;
  decided_name: string | null;
  /** `verify`: `verification_id` is a card that was not confirmed yet. */
  kind: 'undo' | 'verify';
  /** When a request for a verification ends unanswered; null for an undo, which ends with the platform's time. */
  until: number | null;
  /** What is to be verified, JSON (`Wanted`); null for an undo. */
  request: string | null;
  changed_at: number;
}
