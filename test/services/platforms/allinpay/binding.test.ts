/** Binding a shop of Allinpay: the questions, and the read that proves the answers. */
import { createFollowDouyinLink } from '../../../../services/coupons/douyin-link.ts';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createAllinpay } from '../../../../services/platforms/allinpay/allinpay.ts';
import { createJsonHttp } from '../../../../services/platforms/json-http.ts';
import { PRIVATE_KEY } from '../../../doubles/allinpay.ts';
import { CREDENTIALS, openStage, type Harness } from './harness.ts';
import { systemTime } from '../../../../services/time/time.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await openStage();
});
afterEach(() => harness.close());

describe('binding', () => {
  test('asks for what signs, and in whose name', async () => {
    const questions = ({ platform }: Pick<Harness, 'platform'>) =>
      platform.questions.map(({ name, secret }) => (secret ? `${name}!` : name));
    expect(questions(harness)).toEqual(['app-id', 'key!', 'shop-id', 'shop-name', 'operator']);
    const rsa = await openStage({ signer: 'rsa-sha256' });
    expect(questions(rsa)).toEqual(['app-id', 'private-key!', 'shop-id', 'shop-name', 'operator']);
    await rsa.close();
  });

  test('knows an account by its application and shop', () => {
    expect(harness.platform.identity({ ...CREDENTIALS, 'app-id': ' 1234567890 ' })).toBe('1234567890/147');
  });

  test('is warned of where codes travel in the clear', () => {
    expect(harness.platform.plainHttp).toBe(true);
    const gatewayUrl = 'https://gateway.example/shopoint';
    const safe = createAllinpay({
      http: createJsonHttp(),
      follow: createFollowDouyinLink(systemTime),
      gatewayUrl,
      signer: 'md5',
      body: 'form',
      now: harness.now,
    });
    expect(safe.plainHttp).toBe(false);
  });

  test('proves the key by a question about yesterday, in China', async () => {
    harness.pass(Date.parse('2026-03-01T00:30:00+08:00') - harness.now());
    harness.double.arrivals.length = 0;
    expect(await harness.platform.login(CREDENTIALS)).toMatchObject({ expiresAt: expect.any(Number) as number });
    expect(harness.double.asked('verifyHistory')).toEqual([{ date: '2026-02-28', pageNo: 1, pageSize: 1, shopId: 147 }]);
    expect(harness.double.arrivals).toHaveLength(1);
  });

  test('is proved by a no to that question too: the shop may have no 到餐', async () => {
    harness.double.fail('verifyHistory', { kind: 'three', words: '该门店未授权美团' });
    expect(await harness.platform.login(CREDENTIALS)).toHaveProperty('token');
  });

  test.each([
    ['another code', { kind: 'no', words: 'appId不存在' }, '50000 appId不存在'],
    ['a no about the signature', { kind: 'three', words: '签名错误' }, '3 签名错误'],
  ] as const)('is refused by %s, with the words for who binds', async (_, fault, words) => {
    harness.double.fail('verifyHistory', fault);
    expect(await harness.platform.login(CREDENTIALS)).toEqual({ kind: 'refused', reason: 'unauthorised', words });
  });

  test('is refused by HTTP alone, where a gateway answers so', async () => {
    expect(await harness.platform.login(CREDENTIALS)).toHaveProperty('token');
    harness.double.fail('verifyHistory', { kind: 'forbidden' });
    expect(await harness.platform.login(CREDENTIALS)).toEqual({ kind: 'refused', reason: 'unauthorised' });
  });

  test('with a wrong key is refused', async () => {
    expect(await harness.platform.login({ ...CREDENTIALS, key: 'other' })).toMatchObject({
      kind: 'refused',
      reason: 'unauthorised',
    });
  });

  test.each([
    ['a shop that is no number', { 'shop-id': '一四七' }],
    ['no application', { 'app-id': ' ' }],
    ['no key', { key: '' }],
    ['no operator', { operator: '' }],
  ])('with %s is refused without a call', async (_, change) => {
    expect(await harness.platform.login({ ...CREDENTIALS, ...change })).toEqual({ kind: 'refused', reason: 'unauthorised' });
    expect(harness.double.calls('verifyHistory')).toBe(1);
  });

  test('with half a private key is refused without a call, and without a word of it', async () => {
    const rsa = await openStage({ signer: 'rsa-sha256' });
    const half = { ...CREDENTIALS, 'private-key': PRIVATE_KEY.slice(0, 600) };
    expect(await rsa.platform.login(half)).toEqual({ kind: 'refused', reason: 'unauthorised' });
    expect(rsa.double.calls('verifyHistory')).toBe(1);
    await rsa.close();
  });

  test('meets trouble at the platform as a fault, not as a wrong key', async () => {
    harness.double.fail('verifyHistory', { kind: 'no', words: '系统繁忙，请稍后再试' });
    expect(await harness.fault(harness.platform.login(CREDENTIALS))).toMatchObject({ kind: 'busy', outcome: 'not-done' });
    harness.double.fail('verifyHistory', { kind: 'html' });
    expect(await harness.fault(harness.platform.login(CREDENTIALS))).toMatchObject({ kind: 'nonsense' });
  });

  test('has one store, as it was named', async () => {
    expect(await harness.platform.stores(harness.session)).toEqual([{ id: '147', name: '星巴克光华店' }]);
    const nameless = await harness.platform.login({ ...CREDENTIALS, 'shop-name': '' });
    if ('kind' in nameless) throw new Error('refused');
    expect(await harness.platform.stores(nameless)).toEqual([{ id: '147', name: '147' }]);
  });
});
