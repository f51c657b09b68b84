/** Ends the way of a newcomer: the first real store is bound, and a trial in the practice store is offered. */
import type { Store } from '../../services/accounts/stores.ts';
import type { Principal } from '../../services/facts/by.ts';
import { byPerson, type Asker } from '../handler.ts';
import type { Incoming, Reply } from '../message.ts';

/** Notes that a store was bound; what to say besides, once, to whoever was let in by an operator. */
export type Connected = (store: Store, incoming: Incoming, asker: Asker) => Promise<Reply | undefined>;

export function createConnected(parts: {
  /** Whether the person was waiting for this. */
  connect: (person: Principal) => Promise<boolean>;
  /** The practice store is offered here. */
  practice: boolean;
}): Connected {
  return async ({ name, practice }, { group }, { words, person }) => {
    if (practice || !(await parts.connect(byPerson(person)))) return undefined;
    // A group keeps its store.
    if (!parts.practice || group) return undefined;
    return {
      kind: 'say',
      text: words.say('apply-connected', { store: name }),
      buttons: [[{ verb: 'apply-practice', id: 'go', label: words.say('button-apply-practice') }]],
    };
  };
}
