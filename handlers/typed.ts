/** Takes what is typed in answer to an open question, of whatever handler asked it. */
import type { Asker } from './handler.ts';
import type { Reply } from './message.ts';

/** The open questions of a handler, one for each person in each chat. */
export interface Typed {
  /** Takes a text; undefined where it is meant for nothing here. */
  take(text: string, asker: Asker): Promise<AsyncIterable<Reply> | undefined>;
  /** Leaves the question; false where there was none. */
  cancel(asker: Asker): Promise<boolean>;
}

/** The questions of several handlers as one: the first that is open takes the text. */
export function typedBy(...handlers: readonly { readonly typed: Typed }[]): Typed {
  return {
    async take(text, asker) {
      // Only owners are asked; a code of somebody who works here is looked up without a question to the database for each handler.
      if (asker.role === 'staff' || asker.role === 'customer') return undefined;
      for (const { typed } of handlers) {
        const taken = await typed.take(text, asker);
        if (taken) return taken;
      }
      return undefined;
    },
    async cancel(asker) {
      for (const { typed } of handlers) if (await typed.cancel(asker)) return true;
      return false;
    },
  };
}
