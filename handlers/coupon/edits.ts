/** Remembers the codes of messages, so that an edited message is answered for what its edit changed, and for nothing twice. */
import type { Collection } from '../../services/collection.ts';
import type { CodesInText } from '../../services/coupons/read-text.ts';
import type { Incoming } from '../message.ts';

/** The codes of one message by the event that brought them. An event that runs again after a crash is no edit of itself. */
export type Heard = Readonly<Record<string, readonly string[]>>;

/** How long a message's codes are remembered, ms: longer than a channel hears its edits. */
export const HEARD_MS = 30 * 60_000;

export interface Edits {
  /** Gives what is new in a message, if anything: an edit may bring nothing new. */
  news(found: CodesInText, incoming: Incoming): Promise<News>;
}

export interface News {
  readonly found: CodesInText | undefined;
  /** Remembers the codes. The event may end only after it, as an edit may be the next one in the chat. */
  remember(): Promise<void>;
}

export function createEdits({ heard }: { readonly heard: Collection<Heard> }): Edits {
  return {
    async news(found, { id, message, edited }) {
      const { codes, doubtful, uses = '', note = '' } = found;
      // A number of uses or a note that was added is news of the code.
      const textOf = (code: string): string => `${code} ${uses} ${note}`;
      const texts = [...codes, ...doubtful.map(({ code }) => code)].map(textOf);
      if (!message || texts.length === 0) return { found, remember: () => Promise.resolve() };
      const key = `${message.chat}/${message.message}`;
      // Where it cannot be remembered, an edit is answered as a message of its own.
      const remember = (under: string, said: Heard) => (): Promise<void> => heard.set(under, said).catch(() => undefined);
      if (!edited) return { found, remember: remember(key, { [id]: texts }) };
      const [first, later] = await Promise.all([key, `${key}/edits`].map((one) => heard.get(one)));
      const known = new Set(Object.entries({ ...first, ...later }).flatMap(([event, said]) => (event === id ? [] : said)));
      const left = {
        ...found,
        codes: codes.filter((code) => !known.has(textOf(code))),
        doubtful: doubtful.filter(({ code }) => !known.has(textOf(code))),
      };
      return {
        found: left.codes.length + left.doubtful.length > 0 ? left : undefined,
        remember: remember(`${key}/edits`, { ...later, [id]: texts }),
      };
    },
  };
}
