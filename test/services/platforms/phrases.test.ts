/** Platforms' words, understood and made fit to show. */
import { describe, expect, test } from 'vitest';
import { meaningOf } from '../../../services/platforms/phrases.ts';
import { cleanWords, refuse } from '../../../services/platforms/refuse.ts';

describe('what the words mean', () => {
  test.each([
    ['此券号已于 2021-09-29 10:28:14 被消费!', 'used'],
    ['券码已核销', 'used'],
    ['该券已经被使用', 'used'],
    ['已被其他门店核销', 'used'],
    ['重复验证', 'used'],
    ['券码正在退款中', 'refunded'],
    ['已退款', 'refunded'],
    ['作弊已冻结', 'frozen'],
    ['门店授权已过期', 'unauthorised'],
    ['Token已失效', 'unauthorised'],
    ['登录已过期，请重新登录', 'unauthorised'],
    ['未授权', 'unauthorised'],
    ['已超过可撤销时限', 'undo-late'],
    ['该券已核销超过10分钟，不可撤销', 'undo-late'],
    ['请刷新动态码', 'hidden'],
    ['未到使用时间', 'not-yet'],
    ['未到有效期', 'not-yet'],
    ['该券已过期', 'expired'],
    ['不在有效期内', 'expired'],
    ['该券不适用于当前门店', 'wrong-store'],
    ['非本店券', 'wrong-store'],
    ['券码不存在', 'not-found'],
    ['券码无效或不属于当前门店', 'wrong-store'],
    ['验证码错误', 'not-found'],
    ['剩余次数不足', 'count'],
    ['请求过于频繁', 'busy'],
    ['Too Many Requests', 'busy'],
    ['请求次数用完，请充值', 'quota'],
    ['触发风控', 'risk'],
    ['系统繁忙，请稍后再试', 'temporary'],
    ['未使用', 'other'],
    ['尚未被消费', 'other'],
    ['验证成功', 'other'],
    ['天上不会掉馅饼', 'other'],
    ['', 'other'],
  ])('%s: %s', (words, meaning) => expect(meaningOf(words)).toBe(meaning));
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
