/** What pages of the ledger hold on every database. */
import { expect, it } from 'vitest';
import { createApiKeys } from '../../../services/accounts/api-keys.ts';
import type { Database } from '../../../services/database/database.ts';
import { createExportDays } from '../../../services/ledger/export-days.ts';
import { createKnownWords } from '../../../services/ledger/names.ts';
import { createReadPage, positionOf, type Position } from '../../../services/ledger/pages.ts';
import type { Search } from '../../../services/ledger/search.ts';
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

  it('finds by names, notes, outcomes and parts of the day, there and back', async () => {
    const { db } = database();
    await db
      .insertInto('verification')
      .values([
        verificationRow('w1', 's2', {
          state: 'refused',
          coupon: COUPON,
          person_name: 'Alice',
          refusal: '{"kind":"refused","reason":"used"}',
        }),
        verificationRow('w2', 's2', {
          state: 'verified',
          coupon: COUPON,
          place: '3号桌',
          code: '5',
          code_tail: '5',
          submitted_at: NOON + 1,
        }),
        verificationRow('w3', 's2', { state: 'undone', coupon: COUPON, note: '生日', code: '6', submitted_at: NOON + 7_200_000 }),
        verificationRow('w4', 's2', { state: 'verified', coupon: COUPON, by_kind: 'customer', person_name: '林小姐', code: '7' }),
      ])
      .execute();
    const readPage = createReadPage(db);
    const found = async (search: Search): Promise<string[]> =>
      (await readPage('s2', search, 20)).map(({ id }) => id).filter((id) => id.startsWith('w'));
    expect(await found({ words: [['alice']] })).toEqual(['w1']);
    expect(await found({ words: [['3号']], from: '2026-11-01', to: '2026-11-30' })).toEqual(['w2']);
    expect(await found({ words: [['生日']], saidSince: '2026-11-01' })).toEqual(['w3']);
    expect(await found({ words: [['生日']], saidSince: '2026-11-23' })).toEqual([]);
    expect(await found({ words: [['林小姐'], ['台球']] })).toEqual(['w4']);
    expect(await found({ place: '3号桌' })).toEqual(['w2']);
    expect(await found({ place: '3号' })).toEqual([]);
    expect(await found({ person: 'Alice', product: '台球畅打2小时' })).toEqual(['w1']);
    expect(await found({ product: '台球' })).toEqual([]);
    // A customer is no person of the staff.
    expect(await found({ person: '林小姐' })).toEqual([]);
    expect(await found({ outcomes: [{ states: ['refused'], reason: 'used' }] })).toEqual(['w1']);
    expect(await found({ outcomes: [{ states: ['verified'], undoRefused: true }] })).toEqual([]);
    expect(await found({ codeEnd: '7494', from: '2026-11-22', to: '2026-11-22' })).toContain('w1');
    expect(await found({ clock: [{ from: NOON + 3_600_000, until: NOON + 10_800_000, length: 7_200_000 }] })).toEqual(['w3']);
    const newest = (await readPage('s2', { words: [['台球']] }, 1))[0]!;
    const older = await readPage('s2', { words: [['台球']] }, 2, { after: positionOf(newest) });
    const back = await readPage('s2', { words: [['台球']] }, 5, { before: positionOf(older[0]!) });
    expect(back.map(({ id }) => id)).toEqual([newest.id]);
    const known = createKnownWords(db);
    expect(await known('s2', [['alice'], ['生日'], ['林小姐'], ['nobody'], ['%'], ['\0']], {})).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    const days: string[] = [];
    for await (const { day, rows } of createExportDays(db)('s2', { words: [['台球']] })) days.push(`${day} ${rows.length}`);
    expect(days.at(-1)).toMatch(/^2026-11-22 \d+$/);
    await db.deleteFrom('verification').where('id', 'like', 'w_').execute();
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
