/** Lost undos at Allinpay over real HTTP: what the list and the coupon's state tell, and when it is believed. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { LostUndo } from '../../../../services/platforms/platform.ts';
import type { Fault, Type } from '../../../doubles/allinpay.ts';
import { ask, openStage, TYPES, type Harness } from './harness.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await openStage();
});
afterEach(() => harness.close());

const queryUndo = (lost: LostUndo) => ask(lost, (call, now) => harness.platform.queryUndo!(harness.session, call, now));

describe('a lost undo', () => {
  const loseUndo = async (type: Type, fault: Fault | undefined, { uses = 1, count = 1 } = {}): Promise<LostUndo> => {
    const shown = harness.double.books.coupon({ type, uses });
    const { handle } = await harness.lookup(shown, type);
    const { code = shown, handle: receiptHandle = '' } = (await harness.verified(shown, type, count)).items.at(-1)!;
    const undo = { store: '147', code, handle, receiptHandle, requestId: 'un-1', operator: 'telegram:1', operatorName: '' };
    const submittedAt = harness.now();
    if (fault) {
      harness.double.fail('cancel', fault);
      await harness.fault(harness.platform.undo!(harness.session, undo));
    }
    return { ...undo, submittedAt, asked: 0, notes: [] };
  };

  test.each(TYPES)('of %s that was made is in the list', async (type) => {
    const { result, seen } = await queryUndo(await loseUndo(type, { kind: 'reset' }));
    expect([result.kind, seen]).toEqual(['undone', ['ours']]);
  });

  test.each(TYPES)('of %s that was not made is asked for 8 s, and then believed', async (type) => {
    const { result, seen, ms } = await queryUndo(await loseUndo(type, { kind: 'reset', applied: false }));
    expect([result.kind, seen, ms]).toEqual(['not-done', ['unused', 'unused', 'unused'], 8_000]);
  });

  test.each(TYPES)('of %s is told by the state, where the list shows no undoings', async (type) => {
    harness.double.shape.undoings = false;
    const { result, seen } = await queryUndo(await loseUndo(type, { kind: 'reset' }));
    // The code is gone, or may be used again.
    expect([result.kind, seen]).toEqual(['undone', ['unused', 'ours']]);
  });

  test.each([
    ['mtdz', true],
    ['tiktok', true],
    ['mtdz', false],
    ['tiktok', false],
  ] as const)('of one of several (%s, made: %s) is told by the list, and by the state of that one', async (type, applied) => {
    const lost = await loseUndo(type, { kind: 'reset', applied }, { uses: 3, count: 3 });
    // Another of them was taken back before.
    const { books } = harness.double;
    const { tranNo, parts } = books.uses[0]!;
    books.cancel(type, 147, tranNo, parts[0]!.no, 'un-0');
    expect((await queryUndo(lost)).result.kind).toBe(applied ? 'undone' : 'not-done');
    expect(harness.double.asked('queryById').map(({ couponNo }) => couponNo)).toEqual(
      applied || type === 'tiktok' ? [] : [parts[2]!.no],
    );
  });

  test.each([
    ['mtdz', true],
    ['dianping', true],
    ['mtdz', false],
  ] as const)('of one of several (%s, made: %s) where the list shows no undoings', async (type, applied) => {
    harness.double.shape.undoings = false;
    const lost = await loseUndo(type, { kind: 'reset', applied }, { uses: 3, count: 3 });
    expect((await queryUndo(lost)).result.kind).toBe(applied ? 'undone' : 'not-done');
  });

  test.each([
    ['mtdz', 'ours'],
    ['dianping', 'ours'],
    ['tiktok', 'unclear'],
    ['meituan', 'unclear'],
  ] as const)('of %s whose code is gone: %s', async (type, seen) => {
    harness.double.shape.undoings = false;
    const lost = { ...(await loseUndo(type, { kind: 'reset', applied: false })), asked: 1 };
    harness.double.fail('queryById', { kind: 'three', words: '券码不存在' });
    expect((await queryUndo(lost)).seen[0]).toBe(seen);
  });

  test('that cannot have been sent, for want of a number, was not made', async () => {
    const { receiptHandle: _, ...lost } = await loseUndo('mtdz', undefined);
    expect((await queryUndo(lost)).result.kind).toBe('not-done');
  });
});
