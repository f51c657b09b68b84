/** Key-value collections whose values expire: cards, dialogues, invitations, tokens. The port; the database implements it. */

/** One kind of expiring value, by key. Values survive JSON. */
export interface Collection<T> {
  get(key: string): Promise<T | undefined>;
  /** `ttlMs` overrides the collection's. */
  set(key: string, value: T, ttlMs?: number): Promise<void>;
  /** Removes; true for exactly one of several who remove the same value. */
  delete(key: string): Promise<boolean>;
  /** Reads and removes: exactly one of several takers gets it. */
  take(key: string): Promise<T | undefined>;
}

/**
 * Gives the collection of this name. `secretKeys`: whoever knows a key gets in by it (an invitation's word, the state of an
 * authorisation), so the database keeps its HMAC in its place. `relaxed`: what is set may be gone after a power cut, and is made
 * again then; it is not waited for.
 */
export type Collections = <T>(
  name: string,
  ttlMs: number,
  options?: { readonly secretKeys?: boolean; readonly relaxed?: boolean },
) => Collection<T>;
