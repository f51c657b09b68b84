/** Opens the file behind a link, for as long as whoever asked for it may have it: rights are those of this moment. */
import type { Chats } from '../../services/accounts/chats.ts';
import type { KeptFile, KeptFiles } from '../../services/files/kept-files.ts';
import type { Reports } from '../../services/ledger/reports.ts';
import { createReadable } from '../history/read-rights.ts';
import type { Rights } from '../rights.ts';

export interface OpenFileParts {
  readonly keptFiles: Pick<KeptFiles, 'find'>;
  readonly chats: Pick<Chats, 'get'>;
  readonly rights: Rights;
  readonly reports: Pick<Reports, 'storesOf'>;
}

/** The file of a token; undefined where there is none, or the right to it has ended. */
export type OpenFile = (token: string) => Promise<KeptFile | undefined>;

export function createOpenFile({ keptFiles, chats, rights, reports }: OpenFileParts): OpenFile {
  const readable = createReadable({ rights, reports });

  async function may({ chat: id, person, about }: KeptFile): Promise<boolean> {
    // A summary's picture is for its chat, as long as that receives them.
    if (person === undefined)
      return about.for === 'readers' && (await reports.storesOf(id)).some((one) => one.id === about.storeId);
    const asker = { chat: await chats.get(id), person: { id: person, name: '' } };
    if (about.for === 'readers') return (await readable(about.storeId, asker)) !== undefined;
    return (await rights.at(about.storeId, asker))?.role === 'owner';
  }

  return async (token) => {
    const file = await keptFiles.find(token);
    return file && (await may(file)) ? file : undefined;
  };
}
