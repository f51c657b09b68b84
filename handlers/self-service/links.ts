/** The links of a place: one for each channel that customers use. */

/** A link for customers, and the account it leads to. */
export interface CustomerLink {
  /** The channel, as in the ids of its chats. */
  readonly channel: string;
  /** The account's name there; may be empty. */
  readonly name: string;
  readonly url: string;
}

/** Lists the links that carry a word. `unavailable`: a channel has links but cannot tell them now, and no other has any. */
export type CustomerLinks = (word: string) => Promise<readonly CustomerLink[] | 'unavailable'>;
