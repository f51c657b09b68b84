/** Words what stands in place of a picture or file that a channel does not carry: a link to it, or why there is none. */
import type { ChatId, PersonId } from '../../handlers/message.ts';
import type { Words } from '../../locales/index.ts';
import type { KeptFiles } from '../../services/files/kept-files.ts';
import type { Log } from '../../services/log.ts';
import { attachment, type Attaching } from './attachments.ts';

export interface Instead {
  readonly text: string;
  /** Takes the link back: nobody was told of it. */
  withdraw(): Promise<void>;
}

/** `person`: whom it answers. */
export type WordInstead = (chat: ChatId, reply: Attaching, person?: PersonId) => Promise<Instead>;

export interface WordInsteadParts {
  readonly keptFiles: Pick<KeptFiles, 'keep' | 'remove'>;
  /** Where browsers reach this program; undefined where nobody has said. */
  readonly filesUrl: string | undefined;
  readonly wordsOf: (chat: ChatId) => Promise<Words>;
  readonly log: Log;
}

const UNLIMITED = { picture: Infinity, file: Infinity } as const;

export function createWordInstead({ keptFiles, filesUrl, wordsOf, log }: WordInsteadParts): WordInstead {
  /** Keeps the file; undefined where it has to be told without a link. */
  async function keep(chat: ChatId, reply: Attaching, person: PersonId | undefined): Promise<string | undefined> {
    const file = attachment(reply, UNLIMITED);
    if (!file || !reply.about) return undefined;
    const token = await keptFiles.keep(file, { chat, about: reply.about, ...(person !== undefined && { person }) });
    if (token === undefined)
      log.warn('there is no room for a file that a chat does not carry', { chat, bytes: file.bytes.length });
    return token;
  }

  return async (chat, reply, person) => {
    try {
      const token = filesUrl === undefined ? undefined : await keep(chat, reply, person);
      if (filesUrl !== undefined && token !== undefined) {
        const text = (await wordsOf(chat)).say('file-link', { link: `${filesUrl}/f/${token}` });
        const withdraw = (): Promise<void> =>
          keptFiles.remove(token).catch((error: unknown) => log.warn('a file that nobody was told of is kept', { chat, error }));
        return { text, withdraw };
      }
    } catch (error) {
      log.warn('a file that a chat does not carry cannot be kept', { chat, error });
    }
    return { text: reply.sorry, withdraw: () => Promise.resolve() };
  };
}
