/** Allinpay's transport over real HTTP: what goes out, and what each answer means for the call. */
import { createFollowDouyinLink } from '../../../../services/coupons/douyin-link.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAllinpay } from '../../../../services/platforms/allinpay/allinpay.ts';
import { createJsonHttp } from '../../../../services/platforms/json-http.ts';
import { KEY } from '../../../doubles/allinpay.ts';
import { LOSSES } from '../../../doubles/faults.ts';
import { CREDENTIALS, openStage, type Harness } from './harness.ts';
import { systemTime } from '../../../../services/time/time.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await openStage();
});
afterEach(() => harness.close());

describe('a call', () => {
  test.each([
    ['md5', 'form', 'application/x-www-form-urlencoded; charset=utf-8', 'MD5'],
    ['md5', 'json', 'application/json; charset=utf-8', 'MD5'],
    ['rsa-sha256', 'form', 'application/x-www-form-urlencoded; charset=utf-8', 'RSA2'],
    ['sm2', 'form', 'application/x-www-form-urlencoded; charset=utf-8', 'SM2'],
    ['rsa-sha256', 'json', 'application/json; charset=utf-8', 'RSA2'],
  ] as const)('signed with %s, as a %s, carries the common parameters', async (signer, body, contentType, signType) => {
    const other = await openStage({ signer, body });
    const [proof] = other.double.arrivals;
    expect(proof).toMatchObject({ call: 'verifyHistory', contentType });
    expect(proof!.parameters).toEqual({
      appId: '1234567890',
      method: 'allinpay.shopoint.thirdCouponService.verifyHistory',
      version: '1.0',
      charset: 'UTF-8',
      format: 'JSON',
      signType,
      reqSeq: expect.stringMatching(/^\d{16}$/) as string,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/) as string,
      bizContent: expect.stringContaining('"shopId":147') as string,
      sign: expect.any(String) as string,
    });
    await other.close();
  });

  test('tells the time of China, whatever the zone here', async () => {
    harness.double.arrivals.length = 0;
    await harness.platform.deals(harness.session, '147');
    const { timestamp } = harness.double.arrivals[0]!.parameters;
    expect(Math.abs(Date.parse(`${timestamp!.replace(' ', 'T')}+08:00`) - harness.now())).toBeLessThan(60_000);
  });

  test('keeps signs and blanks as they are, signed raw and sent escaped', async () => {
    const code = harness.double.books.coupon({ code: '0&type=x#券 1+2%' });
    expect(await harness.lookup(code)).toHaveProperty('code', code);
  });
});

describe('a yes or a no', () => {
  test.each([null, 5, 'x', [], {}, { code: [] }, { msg: '成功' }, { code: 0 }, { code: '0', data: [] }, { code: 0, data: 'x' }])(
    'that makes no sense is a fault: %j',
    async (json) => {
      const odd = harness.answering(json);
      const { session } = harness;
      const request = await harness.request(harness.double.books.coupon());
      expect(await harness.fault(odd.lookup(session, '147', '1', 'meituan'))).toMatchObject({
        kind: 'nonsense',
        outcome: 'not-done',
      });
      expect(await harness.fault(odd.verify(session, request))).toMatchObject({ kind: 'nonsense', outcome: 'unknown' });
      const receiptHandle = JSON.stringify({ kind: 'mtdz', tranNo: '1', orderId: 'vb-1' });
      expect(await harness.fault(odd.undo!(session, { ...request, receiptHandle }))).toMatchObject({
        kind: 'nonsense',
        outcome: 'unknown',
      });
    },
  );

  test('that comes with an HTTP error: a yes is none, a no is one', async () => {
    const request = await harness.request(harness.double.books.coupon());
    const odd = harness.answering({ code: 0, data: { tranNo: '1' } }, 404);
    expect(await harness.fault(odd.verify(harness.session, request))).toMatchObject({ kind: 'nonsense', outcome: 'unknown' });
    const refusing = harness.answering({ code: 3, msg: '该券已核销' }, 400);
    expect(await refusing.verify(harness.session, request)).toMatchObject({ kind: 'refused', reason: 'used' });
  });
});

describe('code 3', () => {
  test.each([
    ['该券已核销，核销时间 2024-12-16 10:28:14', 'used'],
    ['该券已过期', 'expired'],
    ['可用张数不足', 'count'],
  ])('is a refusal, by its words: %s', async (words, reason) => {
    const request = await harness.request(harness.double.books.coupon());
    for (const call of ['prepare', 'consume'] as const) harness.double.fail(call, { kind: 'three', words });
    expect(await harness.platform.lookup(harness.session, '147', request.code, 'meituan')).toMatchObject({ reason, words });
    expect(await harness.platform.verify(harness.session, request)).toMatchObject({ kind: 'refused', reason, words });
  });

  test('in words that nobody has seen says nothing of a use, and nothing against a coupon that is looked up', async () => {
    const request = await harness.request(harness.double.books.coupon());
    for (const call of ['prepare', 'consume'] as const) harness.double.fail(call, { kind: 'three', words: '莫名其妙' });
    expect(await harness.platform.lookup(harness.session, '147', request.code, 'meituan')).toMatchObject({ reason: 'other' });
    const unknown = { kind: 'nonsense', outcome: 'unknown', words: '莫名其妙' };
    expect(await harness.fault(harness.platform.verify(harness.session, request))).toMatchObject(unknown);
  });

  test('about the platform itself is a fault: of a use nobody knows whether it was made', async () => {
    const request = await harness.request(harness.double.books.coupon());
    for (const call of ['prepare', 'consume'] as const)
      harness.double.fail(call, { kind: 'three', words: '系统繁忙，请稍后再试' });
    expect(await harness.fault(harness.platform.lookup(harness.session, '147', '1', 'meituan'))).toMatchObject({
      kind: 'busy',
      outcome: 'not-done',
    });
    expect(await harness.fault(harness.platform.verify(harness.session, request))).toMatchObject({
      kind: 'busy',
      outcome: 'unknown',
    });
  });

  test('about too many calls is one that did nothing', async () => {
    harness.double.shape.busy = 'three';
    const request = await harness.request(harness.double.books.coupon());
    harness.double.fail('consume', { kind: 'busy' });
    expect(await harness.fault(harness.platform.verify(harness.session, request))).toMatchObject({
      kind: 'busy',
      outcome: 'not-done',
    });
    expect(harness.double.books.used(request.code)).toBe(0);
  });
});

describe('every other code', () => {
  test.each([
    ['error', 'nonsense', 'unknown'],
    ['该券已核销', 'nonsense', 'unknown'],
    ['券码不存在', 'nonsense', 'unknown'],
    ['系统异常', 'busy', 'unknown'],
    ['请求过于频繁', 'busy', 'not-done'],
    ['签名错误', 'unauthorised', 'not-done'],
    ['invalid sign', 'unauthorised', 'not-done'],
    ['授权已过期', 'unauthorised', 'not-done'],
    ['appId不存在', 'unauthorised', 'not-done'],
    ['接口无权限', 'unauthorised', 'not-done'],
    ['SIGN_ERROR', 'unauthorised', 'not-done'],
    ['时间戳已过期', 'unauthorised', 'not-done'],
    ['java.sql.Timestamp cannot be cast, appId=1&sign=ab', 'nonsense', 'unknown'],
  ] as const)('says nothing of a coupon: %s', async (words, kind, outcome) => {
    const request = await harness.request(harness.double.books.coupon());
    for (const call of ['prepare', 'consume', 'cancel'] as const) harness.double.fail(call, { kind: 'no', words });
    const read = await harness.fault(harness.platform.lookup(harness.session, '147', request.code, 'meituan'));
    expect(read).toMatchObject({ kind, outcome: 'not-done' });
    expect(await harness.fault(harness.platform.verify(harness.session, request))).toMatchObject({ kind, outcome });
    const receiptHandle = JSON.stringify({ kind: 'mtdz', tranNo: '1', orderId: 'vb-1' });
    expect(await harness.fault(harness.platform.undo!(harness.session, { ...request, receiptHandle }))).toMatchObject({
      kind,
      outcome,
    });
    expect(read.message).toContain(kind === 'busy' ? '' : '50000');
  });
});

describe('an answer that is lost', () => {
  test.each(LOSSES)('leaves a use unknown: %s', async (_, loss) => {
    const request = await harness.request(harness.double.books.coupon());
    harness.double.fail('consume', loss);
    const { message, outcome } = await harness.fault(harness.hasty.verify(harness.session, request));
    expect(outcome).toBe('unknown');
    expect(message).not.toContain(request.code);
    expect(harness.double.books.used(request.code)).toBe(loss.applied === false ? 0 : 1);
  });

  test.each(LOSSES)('leaves an undo unknown: %s', async (_, loss) => {
    const code = harness.double.books.coupon();
    const { handle: receiptHandle = '' } = (await harness.verified(code)).items[0]!;
    harness.double.fail('cancel', loss);
    const press = { store: '147', code, handle: undefined, requestId: 'un-1', operator: 'telegram:1', operatorName: '' };
    expect(await harness.fault(harness.hasty.undo!(harness.session, { ...press, receiptHandle }))).toHaveProperty(
      'outcome',
      'unknown',
    );
    expect(harness.double.books.uses[0]!.parts[0]!.undone !== undefined).toBe(loss.applied !== false);
  });

  test.each(LOSSES)('leaves a lookup undone: %s', async (_, loss) => {
    const code = harness.double.books.coupon();
    harness.double.fail('prepare', loss);
    expect(await harness.fault(harness.hasty.lookup(harness.session, '147', code, 'meituan'))).toHaveProperty(
      'outcome',
      'not-done',
    );
  });

  test.each(['busy', 'login-over'] as const)('did nothing, where it says so at the door: %s', async (kind) => {
    const request = await harness.request(harness.double.books.coupon());
    harness.double.fail('consume', { kind });
    expect(await harness.fault(harness.platform.verify(harness.session, request))).toHaveProperty('outcome', 'not-done');
    expect(harness.double.books.used(request.code)).toBe(0);
  });
});

test('of ten confirmations at once one is taken, whatever else happens to it', async () => {
  const request = await harness.request(harness.double.books.coupon());
  harness.double.fail('consume', { kind: 'reset' }, 3);
  const answers = await Promise.allSettled(Array.from({ length: 10 }, () => harness.platform.verify(harness.session, request)));
  const yes = answers.filter((answer) => answer.status === 'fulfilled' && answer.value.kind === 'verified').length;
  const lost = answers.filter((answer) => answer.status === 'rejected').length;
  expect([yes <= 1, lost, harness.double.books.used(request.code)]).toEqual([true, 1, 1]);
});

describe('nothing secret is told', () => {
  const quoting = `签名错误: appId=1&bizContent={"couponNo":"5948286811"}&key=${KEY}`;

  test('by a platform that quotes what it would have signed', async () => {
    const request = await harness.request(harness.double.books.coupon());
    for (const call of ['prepare', 'consume'] as const) harness.double.fail(call, { kind: 'no', words: quoting });
    const lookup = await harness.fault(harness.platform.lookup(harness.session, '147', '5948286811', 'meituan'));
    const verify = await harness.fault(harness.platform.verify(harness.session, request));
    for (const { message } of [lookup, verify]) {
      expect(message).toContain('签名错误');
      for (const secret of [KEY, '5948286811']) expect(message).not.toContain(secret);
    }
  });

  test('to who binds, of the key', async () => {
    harness.double.fail('verifyHistory', { kind: 'no', words: quoting });
    const refusal = await harness.platform.login(CREDENTIALS);
    expect(refusal).toMatchObject({ kind: 'refused', words: expect.stringContaining('50000 签名错误') as string });
    expect(JSON.stringify(refusal)).not.toContain(KEY);
  });

  test('of a key that does not fit the way of signing', async () => {
    const rsa = createAllinpay({
      http: createJsonHttp(),
      follow: createFollowDouyinLink(systemTime),
      gatewayUrl: harness.double.url,
      signer: 'rsa-sha256',
      body: 'form',
      now: harness.now,
    });
    const { message, kind, outcome } = await harness.fault(rsa.lookup(harness.session, '147', '5948286811', 'meituan'));
    expect([kind, outcome]).toEqual(['unauthorised', 'not-done']);
    expect(message).not.toContain(KEY);
  });
});
