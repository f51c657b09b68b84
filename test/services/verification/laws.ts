/** The laws of the desk, checked against the database and the platform's books after everything that happens. */
import { expect } from 'vitest';
import type { VerificationTable } from '../../../services/database/schema/tables.ts';
import type { Harness } from './harness.ts';

const ENDS = ['dropped', 'refused', 'undone'];
const IN_FLIGHT = ['submitting', 'unsure', 'person', 'undoing', 'undo-unsure'];
const DAY = 24 * 3_600_000;

/** Watches one world from its beginning. `check` throws as soon as a law is broken; `checkSettled` once all is at rest. */
export function createLaws(harness: Harness) {
  const ended = new Map<string, VerificationTable>();
  /** Every request somebody stands for; an undo that is tried again leaves its former one behind. */
  const confirmed = new Set<string | null>();
  const { outside } = harness;

  const check = async (): Promise<void> => {
    const rows = await harness.rows();
    for (const row of rows) {
      const before = ended.get(row.id);
      if (before !== undefined && JSON.stringify(row) !== JSON.stringify(before)) {
        // The one way out: others believed a lost call not done, and then its own answer came.
        expect([before.state, row.decided, row.certainty], 'nothing leaves an end but by a late yes').toEqual([
          'refused',
          0,
          'answered',
        ]);
        expect(outside.verified(row.request_id!), 'a late yes is true').toBe(true);
        ended.delete(row.id);
      }
      if (ENDS.includes(row.state)) ended.set(row.id, row);
      if (row.state === 'verified' || row.state === 'undone') {
        const known = row.decided === 1 || outside.verified(row.request_id!);
        expect(known, 'verified only by the platform’s yes, or by somebody').toBe(true);
      }
      if (row.check_at !== null) expect(row.check_at, 'asked again within a day').toBeLessThanOrEqual(since(row) + DAY);
      else expect(['submitting', 'unsure', 'undoing'], 'every state has a way out').not.toContain(row.state);
    }
    const flying = rows.filter((row) => IN_FLIGHT.includes(row.state)).map((row) => row.code);
    expect(new Set(flying).size, 'one in flight per merchant and code').toBe(flying.length);

    for (const { kind, requestId, stored } of harness.calls)
      expect([requestId, stored], 'stored before the call').toEqual([requestId, kind === 'verify' ? 'submitting' : 'undoing']);
    const sent = harness.calls.map(({ requestId }) => requestId);
    expect(new Set(sent).size, 'one request is sent once').toBe(sent.length);
    for (const row of rows.filter(({ person }) => person !== null)) confirmed.add(row.request_id).add(row.undo_request_id);
    expect(
      sent.filter((requestId) => !confirmed.has(requestId)),
      'only what somebody confirmed is sent',
    ).toEqual([]);
    for (const ticket of outside.tickets) expect(outside.left(ticket), 'no more uses than there are').toBeGreaterThanOrEqual(0);

    const contradictions = harness.defects.filter((error) => String(error).includes('answers otherwise'));
    expect(contradictions, 'no answer contradicts the books').toEqual([]);

    const ends = harness.told.filter(({ checking }) => !checking).map((v) => `${v.undoRequestId ?? v.requestId} ${v.state}`);
    expect(new Set(ends).size, 'each end of an operation is told once').toBe(ends.length);
  };

  /** Ledger and books agree, use by use and fen by fen. */
  const checkSettled = async (): Promise<void> => {
    await check();
    const rows = await harness.rows();
    for (const row of rows.filter(({ state }) => state !== 'dropped')) {
      const used = outside.stands(row.request_id!);
      expect([row.id, row.state === 'verified'], 'verified here and used there').toEqual([row.id, used]);
      expect(['verified', 'refused', 'undone']).toContain(row.state);
    }
    const here = rows.filter(({ state }) => state === 'verified');
    const there = outside.tickets
      .flatMap(({ used }) => used)
      .filter((use) => use.undone === undefined && use.requestId.startsWith('vb-'));
    const uses = (list: readonly { readonly count: number }[]) => list.reduce((sum, { count }) => sum + count, 0);
    expect(uses(here), 'as many uses').toBe(uses(there));
    expect(
      here.reduce((sum, { amount }) => sum + (amount ?? 0), 0),
      'as much money',
    ).toBe(uses(there) * 4900);
  };

  return { check, checkSettled };
}

/** From when the day counts. */
const since = (row: VerificationTable): number =>
  row.state === 'undoing' || row.state === 'undo-unsure' ? row.changed_at : row.submitted_at!;
