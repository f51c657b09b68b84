/** Platforms' words, understood and made fit to show. */
import { describe, expect, test } from 'vitest';
import { FINAL_NOES, type Write } from '../../../services/platforms/refusals.ts';
import { meaningOf, saysUnused } from '../../../services/platforms/phrases.ts';
import type { PlatformFault } from '../../../services/platforms/platform.ts';
import { UNSEEN_WORDS } from '../../fixtures/unseen-noes.ts';
import { cleanWords, refuse, refuseWrite, unknownNo } from '../../../services/platforms/refuse.ts';

const FINAL = [...FINAL_NOES.verify, ...FINAL_NOES.undo];

describe('what the words mean', () => {
  test.each([
    ['此券号已于 2021-09-29 10:28:14 被消费!', 'used'],
    ['券码已核销', 'used'],
    ['该券已经被使用', 'used'],
    ['已被其他门店核销', 'used'],
    ['该券已核销，核销时间 2024-12-16 10:28:14', 'used'],
    ['券码 0332808512 已被人民路店核销，请勿重复核销', 'used'],
    ['核销失败：该券已使用', 'used'],
    ['券码正在退款中', 'refunded'],
    ['已退款', 'refunded'],
    ['作弊已冻结', 'frozen'],
    ['该券已冻结', 'frozen'],
    ['门店授权已过期', 'unauthorised'],
    ['Token已失效', 'unauthorised'],
    ['登录已过期，请重新登录', 'unauthorised'],
    ['未授权', 'unauthorised'],
    ['店铺授权已过期', 'unauthorised'],
    ['token已过期，请重新登录', 'unauthorised'],
    ['appAuthToken无效', 'unauthorised'],
    ['session已过期', 'unauthorised'],
    ['签名错误', 'config'],
    ['签名错误: appId=1&bizContent={"couponNo":"5948286811"}&key=…', 'config'],
    ['SIGN_ERROR', 'config'],
    ['时间戳已过期', 'config'],
    ['店铺不存在', 'config'],
    ['已超过可撤销时限', 'undo-late'],
    ['撤销失败，已超过可撤销时限', 'undo-late'],
    ['该券已核销超过10分钟，不可撤销', 'undo-late'],
    ['请刷新动态码', 'hidden'],
    ['该券不可使用券码查询', 'need-qr'],
    ['未到使用时间', 'not-yet'],
    ['未到有效期', 'not-yet'],
    ['该券已过期', 'expired'],
    ['不在有效期内', 'expired'],
    ['该券不适用于当前门店', 'wrong-store'],
    ['非本店券', 'wrong-store'],
    ['券码不存在', 'not-found'],
    ['此券号不存在，请检查！', 'not-found'],
    ['券码无效或不属于当前门店', 'wrong-store'],
    ['验证码错误', 'not-found'],
    ['剩余次数不足', 'count'],
    ['可用券数量不足', 'count'],
    ['请求过于频繁', 'busy'],
    ['请求过于频繁，请稍后再试', 'busy'],
    ['Too Many Requests', 'busy'],
    ['请求次数用完，请充值', 'quota'],
    ['触发风控', 'risk'],
    ['系统繁忙，请稍后再试', 'temporary'],
    ['系统异常, 券已核销处理中', 'temporary'],
    ['重复提交', 'temporary'],
    ['重复验证', 'other'],
    ['请求已使用其他通道', 'other'],
    ['未使用', 'other'],
    ['尚未被消费', 'other'],
    ['验证成功', 'other'],
    ['天上不会掉馅饼', 'other'],
    ['', 'other'],
  ])('%s: %s', (words, meaning) => expect(meaningOf(words)).toBe(meaning));

  const isFinal = (words: string): boolean => (FINAL as readonly string[]).includes(meaningOf(words));

  test.each(UNSEEN_WORDS)('no reason in %j', (words) => expect(isFinal(words)).toBe(false));

  test('a reason is one only where nothing else is said', () => {
    const reasons = ['券码已核销', '已使用', '已退款', '该券已冻结', '该券已过期', '未到使用时间', '非本店券', '券码不存在'];
    const more = ['可用张数不足', '余额不足', '触发风控', '签名错误', '已超过可撤销时限', '未授权', '该券不可使用券码查询'];
    for (const reason of [...reasons, ...more]) {
      expect(isFinal(reason), reason).toBe(true);
      for (const before of ['处理中的', '可能', '系统异常,', '查询时发生错误：', '服务超时 ', '结果未知，'])
        expect(isFinal(before + reason), before + reason).toBe(false);
      for (const after of ['处理中', '失败', '未知', '的接口超时', '吗', '？状态同步中', '，请稍后再试', '（系统繁忙）'])
        expect(isFinal(reason + after), reason + after).toBe(false);
    }
  });

  test('words without end are read in no time, and say nothing', () => {
    const began = performance.now();
    for (const part of ['券', '已', '请求', ' ', 'a=', '已核销，', '2021-09-29 ', '被核销'])
      expect(isFinal(part.repeat(100_000)), part).toBe(false);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

test.each([
  ['该券未被验证', true],
  ['未使用', true],
  ['尚未核销', true],
  ['系统异常，未核销', false],
  ['查询券未使用记录失败', false],
  ['', false],
])('%s says that nothing was used: %s', (words, unused) => expect(saysUnused(words)).toBe(unused));

describe('a no to a write', () => {
  const said = (write: Write, words: string): unknown => {
    try {
      return refuseWrite(write, { words }).reason;
    } catch (error) {
      return (error as PlatformFault).outcome;
    }
  };

  test.each([
    ['券码已核销', 'used', 'unknown'],
    ['券码不存在', 'not-found', 'unknown'],
    ['已退款', 'refunded', 'unknown'],
    ['该券已过期', 'expired', 'unknown'],
    ['已超过可撤销时限', 'unknown', 'undo-late'],
    ['店铺未授权', 'unauthorised', 'unauthorised'],
    ['请求过于频繁', 'not-done', 'not-done'],
    ['系统繁忙', 'unknown', 'unknown'],
    ['莫名其妙', 'unknown', 'unknown'],
  ])('%s: verifying %s, taking back %s', (words, verify, undo) => {
    expect([said('verify', words), said('undo', words)]).toEqual([verify, undo]);
  });

  test('keeps its words, without what may be a code', () => {
    const error = unknownNo('nonsense', 'said so', '券 0332808512 莫名其妙 https://evil.example');
    expect(error).toMatchObject({ outcome: 'unknown', words: '券 … 莫名其妙', message: 'said so' });
  });
});

test('a refusal tells when a coupon was used, where the words do', () => {
  expect(refuse('used', '此券号已于 2021-09-29 10:28:14 被消费!')).toEqual({
    kind: 'refused',
    reason: 'used',
    used: { at: Date.parse('2021-09-29T10:28:14+08:00') },
    words: '此券号已于 2021-09-29 10:28:14 被消费!',
  });
  expect(refuse('expired', '2021-09-29 10:28:14 过期')).not.toHaveProperty('used');
  expect(refuse('used')).toEqual({ kind: 'refused', reason: 'used' });
});

describe('words are shown in one line, without links', () => {
  test.each([
    ['请联系 https://evil.example/x?y=1 客服', '请联系 客服'],
    ['访问www.evil.com/抽奖，领奖', '访问，领奖'],
    ['加微信 b.umember.cn/render 领券', '加微信 领券'],
    ['一\n二\u0000三\u202E四\u200B五', '一 二 三 四 五'],
    ['  价格 49.00 元  ', '价格 49.00 元'],
    ['长'.repeat(300), `${'长'.repeat(99)}…`],
    ['😀'.repeat(101), `${'😀'.repeat(99)}…`],
  ])('%j', (words, clean) => expect(cleanWords(words)).toBe(clean));
});
