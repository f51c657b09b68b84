/** Allinpay's signed answers: one that is not signed rightly is not believed, and a write so answered is asked about. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { signedPart } from '../../../../services/platforms/allinpay/answer.ts';
import { openStage, type Harness } from './harness.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await openStage({ signer: 'rsa-sha256' });
});
afterEach(() => harness.close());

describe.each([
  ['without a signature', { sign: 'none' }],
  ['with a wrong signature', { sign: 'wrong' }],
  ['with the signature of another answer', { sign: 'of-another-answer' }],
  ['to another request', { envelope: 'published', reqSeq: 'another' }],
  ['in ciphertext', { envelope: 'encrypted' }],
] as const)('an answer %s', (_, seal) => {
  test('leaves a use unknown, which is found by asking', async () => {
    const request = await harness.request(harness.double.books.coupon());
    const sound = { ...harness.double.seal };
    Object.assign(harness.double.seal, seal);
    const submittedAt = harness.now();
    const fault = await harness.fault(harness.platform.verify(harness.session, request));
    expect(fault).toMatchObject({ kind: 'nonsense', outcome: 'unknown' });
    expect(harness.double.books.used(request.code)).toBe(1);
    Object.assign(harness.double.seal, sound);
    const lost = { ...request, submittedAt, seenUnusedAt: submittedAt - 1, asked: 0, notes: [] };
    const { result } = await harness.platform.query(harness.session, lost, harness.now() + 60_000);
    expect(result).toMatchObject({ kind: 'verified' });
  });

  test('refuses nothing, though it says so', async () => {
    const request = await harness.request(harness.double.books.coupon());
    Object.assign(harness.double.seal, seal);
    harness.double.fail('consume', { kind: 'three', words: '该券已过期' });
    harness.double.fail('prepare', { kind: 'three', words: '该券已过期' });
    const { outcome } = await harness.fault(harness.platform.verify(harness.session, request));
    expect(outcome).toBe('unknown');
    expect(await harness.fault(harness.platform.lookup(harness.session, '147', request.code, 'meituan'))).toMatchObject({
      kind: 'nonsense',
      outcome: 'not-done',
    });
  });
});

test('the envelope of the published example is read', async () => {
  harness.double.seal.envelope = 'published';
  const code = harness.double.books.coupon();
  expect(await harness.verified(code)).toMatchObject({ kind: 'verified' });
  expect(harness.double.books.used(code)).toBe(1);
  harness.double.fail('prepare', { kind: 'three', words: '该券已过期' });
  expect(await harness.platform.lookup(harness.session, '147', code, 'meituan')).toMatchObject({ reason: 'expired' });
});

test('signed by SM2, a call is taken and its answer believed', async () => {
  const other = await openStage({ signer: 'sm2' });
  const request = await other.request(other.double.books.coupon());
  other.double.seal.sign = 'wrong';
  expect(await other.fault(other.platform.verify(other.session, request))).toMatchObject({ outcome: 'unknown' });
  await other.close();
});

test.each([
  ['last', '{"code":0,"data":{"a":1},"sign":"x/+="}', '{"code":0,"data":{"a":1}}'],
  ['first', '{"sign":"x/+=","code":0}', '{"code":0}'],
  ['in between', '{"code":0, "sign" : "x/+=" ,"msg":""}', '{"code":0,"msg":""}'],
  ['with its slash escaped', '{"code":0,"sign":"x\\/+="}', '{"code":0}'],
  ['beside words that look like it', '{"msg":"\\"sign\\":\\"x/+=\\"","sign":"x/+="}', '{"msg":"\\"sign\\":\\"x/+=\\""}'],
  ['alone', '{"sign":"x/+="}', '{}'],
])('the signature is cut out of what it signs: %s', (_, text, signed) => {
  expect(signedPart(text, 'x/+=')).toBe(signed);
});
