/** The page of one verification in the books: its card without buttons, and what happened to it. */
import type { Words } from '../../locales/index.ts';
import type { Store, StoreAccount, Stores } from '../../services/accounts/stores.ts';
import type { Facts } from '../../services/facts/facts.ts';
import type { PlatformClient } from '../../services/platforms/client.ts';
import type { Desk } from '../../services/verification/desk.ts';
import { verificationCard } from '../cards/verification-card.ts';
import { storyLines } from '../history/story.ts';
import type { Card } from '../message.ts';

export interface Story {
  readonly card: Pick<Card, 'title' | 'fields' | 'note' | 'tone'>;
  /** Oldest first; without a time where nobody knows it. */
  readonly lines: readonly { readonly at: string | undefined; readonly text: string }[];
}

/** The story of a verification in one of these stores; undefined for any other id. */
export type TellStory = (id: string, stores: readonly Store[], words: Words) => Promise<Story | undefined>;

export interface TellStoryParts {
  readonly desk: Pick<Desk, 'get' | 'batchOf'>;
  readonly facts: Pick<Facts, 'of'>;
  readonly stores: Pick<Stores, 'storeAccount'>;
  readonly client: (storeAccount: StoreAccount) => Promise<PlatformClient>;
  readonly now: () => number;
}

export function createTellStory({ desk, facts, stores, client, now }: TellStoryParts): TellStory {
  return async (id, own, words) => {
    const v = await desk.get(id);
    const store = v && own.find((one) => one.id === v.storeId);
    // A card that nobody confirmed is in no list.
    if (!v || !store || v.businessDay === undefined) return undefined;
    const { platform } = await client(await stores.storeAccount(store, v.listingId));
    const { title, fields, note, tone } = verificationCard(await desk.batchOf(v), store, words, now());
    return {
      card: { title, fields, ...(note !== undefined && { note }), ...(tone !== undefined && { tone }) },
      lines: storyLines(v, await facts.of(v.id), words.say(`platform-${platform}`), words).map(({ at, text }) => ({
        at: at === undefined ? undefined : words.moment(at, store.zone),
        text,
      })),
    };
  };
}
