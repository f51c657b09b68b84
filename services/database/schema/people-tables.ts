/** The table of the names that owners gave people. */

/** What a person is called in an account, by the owners. */
export interface GivenNameTable {
  account_id: string;
  person: string;
  name: string;
}
