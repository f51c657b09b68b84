/** Authorises readers of a store's records: its owner and staff, and everybody in a chat that receives its summaries. */
import type { Store } from '../../services/accounts/stores.ts';
import type { Reports } from '../../services/ledger/reports.ts';
import { mayVerify, type Rights } from '../rights.ts';
import type { Asker } from '../handler.ts';

/** The store, where this person may read its records in this chat now. */
export type Readable = (storeId: string, asker: Asker) => Promise<Store | undefined>;

export function createReadable({ rights, reports }: { rights: Rights; reports: Pick<Reports, 'storesOf'> }): Readable {
  return async (storeId, asker) => {
    const at = await rights.at(storeId, asker);
    if (at && mayVerify(at.role)) return at.store;
    return (await reports.storesOf(asker.chat.id)).find(({ id }) => id === storeId);
  };
}
