/** Signatures and bodies, byte for byte as the references have them. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { signDianping, signMeituan } from '../../../../services/platforms/meituan/signature.ts';
import type { Session, VerifyRequest } from '../../../../services/platforms/platform.ts';
import type { JsonAnswer, JsonRequest } from '../../../../services/platforms/json-http.ts';
import { APP, type DialectName } from '../../../doubles/meituan.ts';
import { signatureOf } from '../../../doubles/meituan/authorisation.ts';
import { platformOf } from './harness.ts';

/** 2024-05-20 13:14:15 in China. */
const AT = 1_716_182_055_000;
const SHOP = '6eb50f3547e1195d43eb447b8ab62449';

/** What a platform sends at that moment. Every answer is a yes without data. */
function sending(dialect: DialectName, json: unknown = { code: dialect === 'dianping' ? 200 : 'OP_SUCCESS' }) {
  const sent: JsonRequest[] = [];
  const http = (request: JsonRequest): Promise<JsonAnswer> => {
    sent.push(request);
    return Promise.resolve({ status: 200, json });
  };
  return { platform: platformOf(dialect, 'https://api.example', () => AT, http), sent };
}
const access = (token: string): Session => {
  const login = { token, merchant: '857d16528a9c1abc3329fd390ad0b488' };
  return { token: JSON.stringify(login), expiresAt: AT + 1 };
};
const request: VerifyRequest = {
  store: SHOP,
  code: '7992697494',
  handle: undefined,
  count: 1,
  requestId: 'vb-000001',
  operator: 'staff01',
  operatorName: '张三',
};
const ignored = (): undefined => undefined;

describe('北极星', () => {
  const session = access('5e55105e55105e55105e55105e55105e55105e55');

  test('vector A: prepare, with its body', async () => {
    const { platform, sent } = sending('dianping');
    await platform.lookup(session, SHOP, '7992697494', 'meituan').catch(ignored);
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ method: 'POST', writes: false });
    expect(sent[0]!.url.href).toBe('https://api.example/router/tuangou/receipt/prepare');
    expect(sent[0]!.body).toBe(
      'app_key=aabbccddeeff0011&timestamp=2024-05-20+13%3A14%3A15&sign_method=MD5&format=json&v=1&session=5e55105e55105e55105e55105e55105e55105e55&receipt_code=7992697494&open_shop_uuid=6eb50f3547e1195d43eb447b8ab62449&sign=a33b2305027c4208c987708dc9d21766',
    );
  });

  test('vector B: consume, with a name in Chinese', async () => {
    const { platform, sent } = sending('dianping');
    await platform.verify(session, request).catch(ignored);
    const form = new URLSearchParams(sent[0]!.body);
    expect(sent[0]).toMatchObject({ method: 'POST', writes: true });
    expect(sent[0]!.url.pathname).toBe('/router/tuangou/receipt/consume');
    expect(form.get('app_shop_accountname')).toBe('张三');
    expect(form.get('requestid')).toBe('vb-000001');
    expect(form.get('sign')).toBe('05702a1250fb78192f2c0bdd221f3815');
  });

  test('vector C: the list of stores, in the address', async () => {
    const { platform, sent } = sending('dianping');
    expect(await platform.stores(session)).toEqual([]);
    expect(sent[0]).toMatchObject({ method: 'GET', writes: false });
    expect(sent[0]!.url.pathname).toBe('/router/oauth/session/scope');
    expect(sent[0]!.url.searchParams.get('sign')).toBe('d4a5b7846ed4e1121ae720e6b31de3ad');
  });
});

describe('its successor', () => {
  const token = access('token-demo-1');

  test('prepare: the string that is signed is the one that is sent', async () => {
    const { platform, sent } = sending('meituan');
    await platform.lookup(token, SHOP, '7992697494', 'meituan').catch(ignored);
    const form = new URLSearchParams(sent[0]!.body);
    expect(sent[0]!.url.href).toBe('https://api.example/ddzh/tuangou/receipt/prepare');
    expect(form.get('biz')).toBe('{"receiptCode":"7992697494"}');
    expect([...form.keys()].toSorted()).toEqual(
      ['appAuthToken', 'biz', 'businessId', 'charset', 'developerId', 'sign', 'timestamp', 'version'].toSorted(),
    );
    expect(form.get('sign')).toBe('de67cd753f65492e7b129523986b31b67d873c88');
  });

  test('consume', async () => {
    const { platform, sent } = sending('meituan');
    await platform.verify(token, request).catch(ignored);
    const form = new URLSearchParams(sent[0]!.body);
    expect(form.get('biz')).toBe(
      '{"receiptCode":"7992697494","count":1,"requestId":"vb-000001","appShopAccount":"staff01","appShopAccountName":"张三"}',
    );
    expect(form.get('sign')).toBe('b3be8e5477cadd7ccafdc70b761bd7d54a1e5867');
  });

  test('the token', async () => {
    const { platform, sent } = sending('meituan', { code: 1 });
    await platform.authorisation!.redeem('authcode-demo');
    expect(sent[0]!.url.pathname).toBe('/oauth/token');
    expect(new URLSearchParams(sent[0]!.body).get('sign')).toBe('0f0813ac8978add332e2879efe6e6ad07929bad9');
  });
});

test('any parameters are signed as the double reckons it, whatever their order, and empty ones not at all', () => {
  const parameters = fc.dictionary(fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/), fc.string(), { maxKeys: 8 });
  fc.assert(
    fc.property(parameters, (any) => {
      const full = Object.fromEntries(Object.entries(any).filter(([name, value]) => value !== '' && name !== 'sign'));
      const backwards = Object.fromEntries(Object.entries(any).toReversed());
      expect(signDianping(backwards, APP.secret)).toBe(signatureOf('dianping', new URLSearchParams(full)));
      expect(signMeituan(backwards, APP.signKey)).toBe(signatureOf('meituan', new URLSearchParams(full)));
    }),
  );
});
