/** Signing by the published rules, against vectors of other tools, of the standard and of Allinpay's own code. */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { canonical, SIGNERS } from '../../../../../services/platforms/allinpay/signing/sign.ts';
import { verifySm2 } from '../../../../../services/platforms/allinpay/signing/sm2.ts';
import { PRIVATE_KEY, PRIVATE_KEY_PKCS1, SM2_PRIVATE_KEY } from '../../../../doubles/allinpay.ts';

const PARAMETERS = {
  version: '1.0',
  appId: '1234567890',
  method: 'allinpay.shopoint.thirdCouponService.queryById',
  bizContent: '{"type":"mtdz","couponNo":"5948286811","shopId":147}',
  charset: 'utf-8',
  format: 'JSON',
  signType: 'RSA2',
  timestamp: '2024-05-20 13:14:15',
};

test('what is signed is sorted and raw, without the signature, its type, and what is empty', () => {
  const text =
    'appId=1234567890&bizContent={"type":"mtdz","couponNo":"5948286811","shopId":147}&charset=utf-8&format=JSON' +
    '&method=allinpay.shopoint.thirdCouponService.queryById&timestamp=2024-05-20 13:14:15&version=1.0';
  expect(canonical(PARAMETERS)).toBe(text);
  expect(canonical({ ...PARAMETERS, sign: 'x', signType: 'MD5', appAuthToken: '' })).toBe(text);
  expect(createHash('sha256').update(canonical(PARAMETERS)).digest('hex')).toBe(
    'd51a2d0100081ebb00b614993ab290b4edf30e587235ca830c861a1050854981',
  );
});

test('md5 puts the key at the end', () => {
  expect(SIGNERS.md5.sign(PARAMETERS, 'demo-key')).toBe('d00f4956856f6fdb98c5e95e71097950');
  expect(SIGNERS.md5.accepts('')).toBe(false);
});

describe('a private key is taken', () => {
  const { 'rsa-sha256': rsa } = SIGNERS;
  const bare = PRIVATE_KEY.replace(/-----.*-----|\s/g, '');
  const signature = rsa.sign(PARAMETERS, PRIVATE_KEY);

  test.each([
    ['PKCS#8 PEM', PRIVATE_KEY],
    ['PKCS#1 PEM', PRIVATE_KEY_PKCS1],
    ['PEM whose lines a chat has joined', PRIVATE_KEY.replaceAll('\n', ' ')],
    ['PEM with the line ends of Windows', ` ${PRIVATE_KEY.replaceAll('\n', '\r\n')}`],
    ['bare base64 in one line', bare],
    ['bare base64 of PKCS#1', PRIVATE_KEY_PKCS1.replace(/-----.*-----|\s/g, '')],
    ['bare base64 with blanks in it', bare.replace(/(.{76})/g, '$1 \n')],
  ])('as %s', (_, key) => {
    expect(rsa.accepts(key)).toBe(true);
    expect(rsa.sign(PARAMETERS, key)).toBe(signature);
  });

  test.each([
    ['nothing', ''],
    ['something else', 'demo-key'],
    ['half of it', PRIVATE_KEY.slice(0, 800)],
    [
      'a public key',
      'MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKj34GkxFhD90vcNLYLInFEX6Ppy1tPf9Cnzj4p4WGeKLs1Pt8QuKUpRKfFLfRYC9AIKjbJTWit+CqvjWYzvQwECAwEAAQ==',
    ],
    ['a key of another kind', generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' })],
  ])('but not as %s', (_, key) => {
    expect(rsa.accepts(key)).toBe(false);
    expect(rsa.sign(PARAMETERS, key)).toBeUndefined();
  });
});

describe('SM2', () => {
  const { sm2 } = SIGNERS;
  const standard =
    '0409F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13';
  const inHex = (hex: string): string => Buffer.from(hex, 'hex').toString('base64');
  const ofStandard = inHex(
    'F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA',
  );

  test('knows the signature in the example of its standard', () => {
    expect(sm2.verifies!('message digest', ofStandard, standard, '1234567812345678')).toBe(true);
  });

  test("knows Allinpay's own signature, whose id is Allinpay", () => {
    const key =
      'MFkwEwYHKoZIzj0CAQYIKoEcz1UBgi0DQgAE/BnA8BawehBtH0ksPyayo4pmzL/u1FQ2sZcqwOp6bjVqQX4tjo930QAvHZPJ2eez8sCz/RYghcqv4LvMq+kloQ==';
    const signature = 'AovBKQGUe0xuJ0ox7FgIIX+yB3DzbudgUsnNvJmDV0IdHZtU2Y8vdeUY1pd2vmPUf08hNgdkoz+4WP/D/ktOcA==';
    expect(sm2.verifies!('返回待验签数据', signature, key)).toBe(true);
    expect(sm2.verifies!('返回待验签数据!', signature, key)).toBe(false);
    expect(sm2.verifies!('返回待验签数据', signature, key, '1234567812345678')).toBe(false);
  });

  test.each([
    ['nothing', ''],
    ['no base64', '%%%'],
    ['too few bytes', 'AAAA'],
    ['zeros', Buffer.alloc(64).toString('base64')],
    ['numbers out of range', Buffer.alloc(64, 255).toString('base64')],
  ])('knows no signature in %s', (_, signature) => {
    expect(sm2.verifies!('message digest', signature, standard, '1234567812345678')).toBe(false);
  });

  test("signs with the application's id, in 64 bytes", () => {
    // The key and its point are those of the standard's example.
    const key = '3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8';
    const signature = sm2.sign(PARAMETERS, key)!;
    expect(Buffer.from(signature, 'base64')).toHaveLength(64);
    expect(verifySm2(canonical(PARAMETERS), signature, standard, '1234567890')).toBe(true);
    expect(verifySm2(canonical(PARAMETERS), sm2.sign(PARAMETERS, key, 'told')!, standard, 'told')).toBe(true);
  });

  test.each([
    ['PKCS#8 base64', SM2_PRIVATE_KEY, true],
    ['PKCS#8 PEM in blanks', `-----BEGIN PRIVATE KEY----- ${SM2_PRIVATE_KEY} -----END PRIVATE KEY-----`, true],
    ['an RSA key', PRIVATE_KEY, false],
    ['half a key', SM2_PRIVATE_KEY.slice(0, 60), false],
    ['a key of zero', '0'.repeat(64), false],
    ['a key beyond the order', 'f'.repeat(64), false],
    ['nothing', '', false],
  ])('takes a private key, or not: %s', (_, key, taken) => {
    expect(sm2.accepts(key)).toBe(taken);
    expect(sm2.sign(PARAMETERS, key) !== undefined).toBe(taken);
  });
});
