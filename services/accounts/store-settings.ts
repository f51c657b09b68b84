/** Sets what owners decide for a store: who may undo, and how codes are shown in groups. */
import type { Db, Tx } from '../database/database.ts';
import type { By } from '../facts/by.ts';
import { createAccountFacts, type AccountFactKind } from './account-facts.ts';
import type { GroupCodes, MayUndo, Store } from './store.ts';
import { writeSettings } from './stores.ts';

/** Writes that belong to a change, in its transaction; not called where nothing changes. */
export type TellChange = (tx: Tx) => Promise<void>;

export interface StoreSettings {
  setMayUndo(store: Store, mayUndo: MayUndo, by: By, tell: TellChange): Promise<void>;
  setGroupCodes(store: Store, groupCodes: GroupCodes, by: By): Promise<void>;
}

export function createStoreSettings({ db, now }: { db: Db; now: () => number }): StoreSettings {
  const facts = createAccountFacts({ db, now });

  const set = (
    { id }: Store,
    kind: AccountFactKind,
    value: Partial<Pick<Store, 'mayUndo' | 'groupCodes'>>,
    by: By,
    tell?: TellChange,
  ): Promise<void> =>
    db.transaction().execute(async (tx) => {
      const { before, after } = await writeSettings(tx, id, () => value);
      if (before === after) return;
      const [from, to] = 'mayUndo' in value ? [before.mayUndo, after.mayUndo] : [before.groupCodes, after.groupCodes];
      await facts.recordAt(tx, id, { kind, subject: id, by, from, to });
      await tell?.(tx);
    });

  return {
    setMayUndo: (store, mayUndo, by, tell) => set(store, 'store.may-undo', { mayUndo }, by, tell),
    setGroupCodes: (store, groupCodes, by) => set(store, 'store.group-codes', { groupCodes }, by),
  };
}
