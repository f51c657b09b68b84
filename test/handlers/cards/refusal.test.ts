import { describe, expect, it } from 'vitest';
import { faultText, faultTitle, refusalText, undoRefusal } from '../../../handlers/cards/refusal.ts';
import { LOCALES, words } from '../../../locales/index.ts';
import { PlatformFault, type Refusal, type RefusalReason } from '../../../services/platforms/platform.ts';
import { EVENING } from '../../fixtures/cards.ts';

const ZONE = 'Asia/Shanghai';
const zh = words('zh-CN');
const line = (refusal: Omit<Refusal, 'kind'>): string => refusalText({ kind: 'refused', ...refusal }, zh, ZONE);

/** The words of the contract and ours, for every reason. One that is missing does not compile. */
const TITLES: Record<RefusalReason, string> = {
  'not-found': '券码不存在',
  used: '已核销',
  expired: '已过期',
  'not-yet': '未到使用时间',
  'wrong-store': '非本店',
  refunded: '已退款',
  frozen: '已冻结',
  hidden: '券码被隐藏',
  'need-qr': '需要扫码',
  count: '次数不足',
  unauthorised: '授权已过期',
  quota: '验券次数已用完',
  'undo-late': '已超过撤销时限',
  risk: '平台风控',
  config: '平台账号设置有误',
  operator: '平台应用没有权限',
  unusable: '现在不能用',
  lost: '未核销',
  busy: '平台繁忙',
  unreachable: '连不上平台',
  'practice-off': '练习店已关闭',
  'not-set-up': '平台未接入',
  other: '平台没有明确答复',
};
const REASONS = Object.keys(TITLES) as RefusalReason[];

describe('a refusal', () => {
  it.each(REASONS)('%s: is one line with a way on, in every language', (reason) => {
    expect(line({ reason })).toMatch(new RegExp(`^${TITLES[reason]} · .+[。）]$`));
    for (const locale of LOCALES) {
      const text = refusalText({ kind: 'refused', reason }, words(locale), ZONE);
      expect(text).not.toContain('\n');
      expect(text).not.toMatch(/undefined|\{|成功|success/i);
    }
  });

  it.each([
    [{ at: EVENING, where: '人民路店', by: '小王' }, '已核销 · 2026-11-22 18:30 · 人民路店 · 小王'],
    [{ at: EVENING }, '已核销 · 2026-11-22 18:30'],
    [{ where: '人民路店', by: '' }, '已核销 · 人民路店'],
    [{}, '已核销 · 此券已经使用过。'],
  ])('已核销 tells when, where and by whom, as far as it is known: %j', (used, text) => {
    expect(line({ reason: 'used', used })).toBe(text);
  });

  it('without a known reason gives the platform’s words, unless they speak of a success', () => {
    expect(line({ reason: 'other', words: '该券处于蓝色状态' })).toContain('平台答复「该券处于蓝色状态」。');
    for (const said of ['验证成功', 'Success', 'SUCCESS!'])
      expect(line({ reason: 'other', words: said })).toBe(line({ reason: 'other' }));
    expect(line({ reason: 'expired', words: '该券已过期' })).toBe(line({ reason: 'expired' }));
  });
});

describe('a refused undo', () => {
  it.each(['lost', 'busy', 'unreachable'] as const)('%s: the coupon stays verified, and it can be tried again', (reason) => {
    expect(undoRefusal({ kind: 'refused', reason }, zh, ZONE)).toBe('平台没有执行，券仍是已核销。可以再试一次。');
  });
  it('gives every other reason as it is', () => {
    expect(undoRefusal({ kind: 'refused', reason: 'undo-late' }, zh, ZONE)).toBe('已超过撤销时限 请到平台商家后台处理。');
  });
});

describe('a fault of a read', () => {
  it.each([
    ['unreachable', '连不上平台'],
    ['busy', '平台繁忙'],
    ['unauthorised', '授权已过期'],
  ] as const)('%s: %s', (kind, title) => {
    const fault = new PlatformFault(kind, 'not-done', 'test');
    expect(faultText(fault, zh, ZONE)).toMatch(new RegExp(`^${title} · `));
    expect(faultTitle(fault, zh, ZONE)).toMatch(new RegExp(`^${title}`));
  });
  it('an answer without sense refuses nothing', () => {
    const fault = new PlatformFault('nonsense', 'unknown', 'test');
    expect(faultText(fault, zh, ZONE)).toBe(zh.say('fault-nonsense'));
  });
});
