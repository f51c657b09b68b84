/** Every published code, and what the person reads who looks a coupon up, verifies it, or takes it back. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusalText, undoRefusal } from '../../../../handlers/cards/refusal.ts';
import { words } from '../../../../locales/index.ts';
import type { Refusal } from '../../../../services/platforms/platform.ts';
import { attempt } from '../../../../services/verification/outcome.ts';
import type { DouyinFault } from '../../../doubles/douyin.ts';
import { openHarness, type Harness } from './harness.ts';

const zh = words('zh-CN');
const ZONE = 'Asia/Shanghai';
let harness: Harness;
beforeAll(async () => {
  harness = await openHarness();
});
afterAll(() => harness.close());

/** The first half of the line; `unsure` where the outcome is unknown. */
const titleOf = (ended: { readonly kind: string }): string =>
  ended.kind === 'refused'
    ? refusalText(ended as Refusal, zh, ZONE).split(' · ')[0]!
    : ended.kind === 'lost'
      ? 'unsure'
      : ended.kind;
const never = (error: unknown): never => {
  throw error;
};

async function lookingUp(fault: DouyinFault): Promise<string> {
  const code = harness.double.books.coupon();
  harness.double.fail('prepare', fault);
  return titleOf(await attempt<{ readonly kind: 'coupon' }>(() => harness.lookup(code), never));
}
async function verifying(fault: DouyinFault): Promise<string> {
  const code = harness.double.books.coupon();
  const request = harness.request(await harness.coupon(code));
  harness.double.fail('verify', fault);
  const ended = await attempt(() => harness.platform.verify(harness.session, request), never);
  expect(harness.double.books.used(code)).toEqual([]);
  return titleOf(ended);
}
async function undoing(fault: DouyinFault): Promise<string> {
  const code = harness.double.books.coupon();
  const undo = harness.undoOf(code, await harness.receipt(code));
  harness.double.fail('cancel', fault);
  const ended = await attempt(() => harness.platform.undo!(harness.session, undo), never);
  return ended.kind === 'refused' ? undoRefusal(ended, zh, ZONE).split(' ')[0]! : titleOf(ended);
}

const BUSY = '平台繁忙';
const UNSURE = 'unsure';
/** By code: looked up, verified, undone. What an undo is told about the coupon alone does not end it. */
const TABLE: readonly (readonly [code: number, lookup: string, verify: string, undo: string])[] = [
  ...[2_100_004, 2_119_002, 28_001_005, 5_000_001, 6_001_001, 2_100_001].map((code) => [code, BUSY, UNSURE, UNSURE] as const),
  ...[2_119_003, 28_003_018].map((code) => [code, BUSY, BUSY, '平台没有执行，券仍是已核销。可以再试一次。'] as const),
  ...[2_190_001, 28_003_017].map((code) => [code, '验券次数已用完', '验券次数已用完', '验券次数已用完'] as const),
  ...[2_100_005, 2_119_001, 28_001_007, 200_002, 1502, 4_000_001, 4_000_002].map(
    (code) => [code, '平台账号设置有误', '平台账号设置有误', '平台账号设置有误'] as const,
  ),
  ...[2_100_007, 2_190_004, 28_001_014, 28_001_018, 2_119_008, 28_001_016, 2_119_010].map(
    (code) => [code, '平台应用没有权限', '平台应用没有权限', '平台应用没有权限'] as const,
  ),
  ...[2_119_005, 1508].map((code) => [code, '授权已过期', '授权已过期', '授权已过期'] as const),
  [3_000_001, '平台没有明确答复', UNSURE, UNSURE],
  [3_000_002, '非本店', '非本店', '非本店'],
  ...[1212, 1_033_000_519, 3_100_101].map((code) => [code, '券码不存在', '券码不存在', UNSURE] as const),
  ...[2_119_007, 2_119_006].map((code) => [code, '现在不能用', '现在不能用', UNSURE] as const),
  [45_005_117, '券码被隐藏', '券码被隐藏', UNSURE],
  [10_020, BUSY, BUSY, '平台没有执行，券仍是已核销。可以再试一次。'],
  [9_999_999, '平台没有明确答复', UNSURE, UNSURE],
];

describe('an envelope', () => {
  it.each(TABLE)('with %i', async (code, lookup, verify, undo) => {
    const fault = { kind: 'no', code, words: '平台的话' } as const;
    expect([await lookingUp(fault), await verifying(fault), await undoing(fault)]).toEqual([lookup, verify, undo]);
  });
});

describe('a token', () => {
  it.each([2_190_002, 2_190_008, 28_001_008])(
    'refused with %i is renewed once; refused again, nothing was done',
    async (code) => {
      const fault = { kind: 'no', code, words: 'access_token过期' } as const;
      expect(await lookingUp(fault)).toBe('coupon');
      for (const [call, doing] of [
        ['prepare', lookingUp],
        ['verify', verifying],
      ] as const) {
        harness.double.fail(call, fault);
        expect(await doing(fault)).toBe(BUSY);
      }
    },
  );
});

describe('one result of a verification', () => {
  it.each([
    [1208, '已核销', '已核销'],
    [2, '已核销', '已核销'],
    [1212, '', '券码不存在'],
    [1221, '解密失败', '券码被隐藏'],
    [1229, '', '平台风控'],
    [1241, '', '次数不足'],
    [1250, '券已失效', '现在不能用'],
    [1250, '该券已退款', '已退款'],
    [1250, '该券已过期', '已过期'],
    [1263, '子单不存在', UNSURE],
    [1265, '包含已撤销的券', UNSURE],
    [3, '退款中', UNSURE],
    [7777, '系统繁忙', UNSURE],
  ])('%i %s', async (code, said, expected) => {
    expect(await verifying({ kind: 'result', code, words: said })).toBe(expected);
  });
});

it('words that name a coupon’s end do not end a verification that the business refused', async () => {
  expect(await verifying({ kind: 'no', code: 3_000_001, words: '该券已退款' })).toBe(UNSURE);
  expect(await lookingUp({ kind: 'no', code: 3_000_001, words: '该券已退款' })).toBe('已退款');
});

it('the number under which support finds a call is logged, and the code of the coupon is not', () => {
  expect(harness.logged).toContainEqual(expect.objectContaining({ code: '3000001', logId: 'L2' }));
  expect(JSON.stringify(harness.logged)).not.toContain('104686');
});
