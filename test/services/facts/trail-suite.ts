/** What the audit trail holds on every database: a store's days, and nobody else's, page by page. */
import { expect, it } from 'vitest';
import type { Database } from '../../../services/database/database.ts';
import { createFacts, type Fact, type NewFact } from '../../../services/facts/facts.ts';
import { createTrail, DECISION_KINDS, type TrailFrom } from '../../../services/facts/trail.ts';
import { accountRow, storeRow } from '../../fixtures/rows.ts';

const at = (time: string): number => Date.parse(`${time}+08:00`);
const DAYS = { from: '2026-11-21', to: '2026-11-22' };
const store = { id: 's1', accountId: 'account', zone: 'Asia/Shanghai', dayEnd: '00:00' };

/** Fills the database once; the caller closes it. */
export async function fill({ db }: Database): Promise<void> {
  await db
    .insertInto('account')
    .values([accountRow('account'), accountRow('b')])
    .execute();
  await db
    .insertInto('store')
    .values([storeRow('s1'), storeRow('s2'), storeRow('busy')])
    .execute();
  const facts = createFacts(db);
  const happened = (kind: string, stream: NewFact['stream'], time: string, detail: Fact['detail'] = {}): NewFact => ({
    kind,
    stream,
    subject: 'x',
    at: at(time),
    detail,
  });
  const here = { store: 's1' };
  await db.transaction().execute(async (tx) => {
    for (const fact of [
      happened('too early', 'account:account', '2026-11-20T23:59:59'),
      happened('owner.added', 'account:account', '2026-11-21T00:00'),
      happened('staff.joined', 'account:account', '2026-11-21T10:00', here),
      happened('staff.removed', 'account:account', '2026-11-21T11:00', { store: 's2' }),
      // A name that looks like the field of another store is a name.
      happened('place.added', 'account:account', '2026-11-21T11:30', { name: '"store":"s1"', store: 's2' }),
      happened('place.removed', 'account:account', '2026-11-21T11:30', { ...here, name: '"store":"s2"' }),
      happened('foreign', 'account:b', '2026-11-21T12:00'),
      happened('coupon.refunded', 'account:account', '2026-11-21T12:00'),
      happened('verification.yes', 'store:s1', '2026-11-21T09:00'),
      happened('verification.decide-yes', 'store:s1', '2026-11-21T10:00'),
      happened('verification.decide-yes', 'store:s2', '2026-11-22T09:00'),
      happened('approval.asked', 'store:s1', '2026-11-22T09:00'),
      happened('approval.agreed', 'store:s1', '2026-11-22T09:00'),
      happened('chat.bound', 'account:account', '2026-11-22T23:59:59', here),
      happened('at night', 'account:account', '2026-11-23T03:00', here),
      // Three at a time, in two streams.
      ...Array.from({ length: 30 }, (_, n) =>
        happened(
          n % 2 === 0 ? 'rule.on' : DECISION_KINDS[n % 4]!,
          n % 2 === 0 ? 'account:account' : 'store:s1',
          `2026-11-30T12:00:${String(Math.floor(n / 3)).padStart(2, '0')}`,
          n % 2 === 0 ? here : {},
        ),
      ),
    ])
      await facts.record(tx, fact);
  });
}

const kinds = (found: readonly Fact[]): string[] => found.map(({ kind }) => kind);

export function trailSuite(database: () => Database): void {
  it('of a store, newest first: what was changed there and in its account as a whole, and what people decided', async () => {
    expect(kinds(await createTrail(database().db).page(store, DAYS, 100))).toEqual([
      'chat.bound',
      'approval.agreed',
      'place.removed',
      'verification.decide-yes',
      'staff.joined',
      'owner.added',
    ]);
  });

  it('by the store’s own business days', async () => {
    const days = { from: '2026-11-22', to: '2026-11-22' };
    const night = await createTrail(database().db).page({ ...store, dayEnd: '05:00' }, days, 100);
    expect(kinds(night)).toEqual(['at night', 'chat.bound', 'approval.agreed']);
  });

  it('pages without a gap or a repeat, there and back, whatever their size', async () => {
    const trail = createTrail(database().db);
    const days = { from: '2026-11-30', to: '2026-11-30' };
    const keyOf = ({ stream, sequence }: Fact): string => `${stream} ${sequence}`;
    const all = await trail.page(store, days, 1000);
    expect(all).toHaveLength(30);
    expect(all.map((fact) => fact.at)).toEqual(all.map((fact) => fact.at).toSorted((a, b) => b - a));
    for (const size of [1, 2, 7, 29]) {
      const pages: (readonly Fact[])[] = [];
      for (let from: TrailFrom | undefined; ; from = { after: pages.at(-1)!.at(-1)! }) {
        const page = await trail.page(store, days, size, from);
        if (page.length === 0) break;
        pages.push(page);
      }
      expect(pages.flat().map(keyOf)).toEqual(all.map(keyOf));
      for (const [n, page] of pages.entries()) {
        const newer = await trail.page(store, days, size, { before: page[0]! });
        expect(newer.map(keyOf)).toEqual((pages[n - 1] ?? []).map(keyOf));
      }
    }
  });
}
