/** Signing, by vectors computed with other tools. The scheme is our own proposal, not published by the platform. */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { canonical, SIGNERS } from '../../../../services/platforms/allinpay/sign.ts';
import { PRIVATE_KEY, PRIVATE_KEY_PKCS1 } from '../../../doubles/allinpay.ts';

const PARAMETERS = {
  version: '1.0',
  appId: '1234567890',
  method: 'allinpay.shopoint.thirdCouponService.queryById',
  bizContent: '{"type":"mtdz","couponNo":"5948286811","shopId":147}',
  charset: 'utf-8',
  format: 'JSON',
  signType: 'SHA256WithRSA',
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
