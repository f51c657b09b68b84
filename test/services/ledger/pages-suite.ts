/** What pages of the ledger hold on every database. */
import { expect, it } from 'vitest';
import { createApiKeys } from '../../../services/accounts/api-keys.ts';
import type { Database } from '../../../services/database/database.ts';
import { createReadPage, positionOf, type Position } from '../../../services/ledger/pages.ts';
import { storeRow, verificationRow } from '../../fixtures/rows.ts';

const NOON = Date.UTC(2026, 10, 22, 4);
const COUPON = JSON.stringify({ kind: 'coupon', code: '1', title: '畅玩', remaining: 1 });

/** Fills the database once; the caller closes it. */
export async function fill({ db }: Database): Promise<void> {
  await db
    .insertInto('account')
    .values({ id: 'account', platform: 'practice', identity: 'a', sealed: '', created_at: 0 })
    .execute();
  await db
    .insertInto('store')
    .values([storeRow('s1'), storeRow('s2')])
    .execute();
  const rows = Array.from({ length: 60 }, (_, n) =>
    verificationRow(`v${String(n).padStart(2, '0')}`, n % 10 === 9 ? 's2' : 's1', {
      state: n % 3 === 0 ? 'refused' : 'verified',
      code: String(1_000_000_000 + n),
      coupon: COUPON,
      business_day: `2026-11-${String(20 + Math.floor(n / 20))}`,
      // Three at a time were confirmed in the same millisecond.
      submitted_at: NOON + Math.floor(n / 3),
    }),
  );
  await db.insertInto('verification').values(rows).execute();
}

export function pagesSuite(database: () => Database): void {
  it('pages without a gap or a repeat, whatever their size, in one order', async () => {
    const readPage = createReadPage(database().db);
    const all = (await readPage('s1', {}, 200)).map(({ id }) => id);
    expect(all).toHaveLength(54);
    expect(all).toEqual(all.toSorted().toReversed());
    for (const size of [1, 2, 7, 53]) {
      const paged: string[] = [];
      for (let after: Position | undefined, page; ; after = positionOf(page.at(-1)!)) {
        page = await readPage('s1', {}, size, after && { after });
        if (page.length === 0) break;
        paged.push(...page.map(({ id }) => id));
      }
      expect(paged).toEqual(all);
    }
  });

  it('gives what matches all filters', async () => {
    const readPage = createReadPage(database().db);
    const found = await readPage('s1', { from: '2026-11-21', to: '2026-11-21', outcomes: [{ states: ['refused'] }] }, 200);
    expect(found.map(({ id }) => id)).toEqual(['v36', 'v33', 'v30', 'v27', 'v24', 'v21']);
    expect((await readPage('s1', { code: '1000000031' }, 200)).map(({ id }) => id)).toEqual(['v31']);
    expect(await readPage('s1', { code: '1000000009' }, 200)).toEqual([]);
  });

  it('no store has more than twenty keys in force', async () => {
    let ids = 0;
    const keys = createApiKeys({
      db: database().db,
      now: () => NOON,
      newId: () => `key-${(ids += 1)}`,
      random: (bytes) => Buffer.alloc(bytes, ids),
    });
    const by = { kind: 'person', id: 'telegram:1', name: '王老板' } as const;
    for (let n = 0; n < 20; n++) expect(await keys.make('s2', { name: '', scopes: ['read'] }, by)).toBeDefined();
    expect(await keys.make('s2', { name: '', scopes: ['read'] }, by)).toBeUndefined();
    const [first] = await keys.of('s2');
    expect(await Promise.all([keys.revoke(first!.id, by), keys.revoke(first!.id, by)])).toEqual(
      expect.arrayContaining([true, false]),
    );
    expect(await keys.of('s2')).toHaveLength(19);
    expect(await keys.recognise('hx_')).toBeUndefined();
  });
}
