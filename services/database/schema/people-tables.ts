/** The tables of people: the names that owners gave them, and the identities that they linked. */

/** What a person is called in an account, by the owners. */
export interface GivenNameTable {
  account_id: string;
  person: string;
  name: string;
}

/** An identity of a channel that a person linked with another of his; the one whose id is `person` is the first. */
export interface IdentityTable {
  id: string;
  /** The person's id: whatever he may is kept by it. */
  person: string;
  /** As the channel called him when it was linked. */
  name: string;
  since: number;
}
