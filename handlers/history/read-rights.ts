/** Authorises readers of a store's records: its owner and staff, and everybody in a chat that receives its summaries. */
import type { Store } from '../../services/accounts/stores.ts';
import { maskCode } from '../../services/coupons/mask.ts';
import type { Reports } from '../../services/ledger/reports.ts';
import { codeText } from '../cards/code-text.ts';
import { mayVerify, type Rights } from '../rights.ts';
import type { Asker } from '../handler.ts';

/** A store whose records somebody may read, and how its codes are shown to them. */
export interface Reading {
  readonly store: Store;
  /** Whole to those who verify; else its end: a refused or unsure use left its coupon as good as it was. */
  readonly shown: (code: string) => string;
}

/** The store, where this person may read its records in this chat now. */
export type Readable = (storeId: string, asker: Pick<Asker, 'person' | 'chat'>) => Promise<Reading | undefined>;

export function createReadable({ rights, reports }: { rights: Rights; reports: Pick<Reports, 'storesOf'> }): Readable {
  return async (storeId, asker) => {
    const at = await rights.at(storeId, asker);
    if (at && mayVerify(at.role)) return { store: at.store, shown: (code) => codeText(code, at.store) };
    const store = (await reports.storesOf(asker.chat.id)).find(({ id }) => id === storeId);
    return store && { store, shown: maskCode };
  };
}
