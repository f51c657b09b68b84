/** The tables of people: names that owners gave, and ids of several channels that are one person. */

/** What a person is called in an account, by the owners. */
export interface GivenNameTable {
  account_id: string;
  person: string;
  name: string;
}

/** An id that was linked by the person himself: whoever comes by it is that person. */
export interface PersonAliasTable {
  alias: string;
  person: string;
  since: number;
}
