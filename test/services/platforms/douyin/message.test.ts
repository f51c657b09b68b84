/** Douyin's signatures, and messages: read only when they are signed, over the bytes as they came. */
import { describe, expect, it } from 'vitest';
import { createMessages } from '../../../../services/platforms/douyin/message.ts';
import { signMessage, signParameters } from '../../../../services/platforms/douyin/signature.ts';
import { APP } from '../../../doubles/douyin.ts';

const SECRET = APP.clientSecret;
const { read } = createMessages(APP);
const reading = (body: string | Buffer, headers: Record<string, string> = {}) => {
  const bytes = Buffer.from(body as string);
  const sent: Record<string, string> = { 'msg-id': 'm1', 'x-douyin-signature': signMessage(SECRET, bytes), ...headers };
  return read((name) => sent[name], bytes);
};

const CHALLENGE = '{"event":"verify_webhook","client_key":"awtestkey0000000","content":{"challenge":12345}}';
const USED = String.raw`{"event":"life_trade_certificate_notify","client_key":"awtestkey0000000","from_user_id":"","content":"{\"action\":\"verify\",\"msg_time\":1754000000,\"certificate\":{\"order_id\":\"1079000000000000001\",\"certificate_id\":\"7520000000000000001\",\"account_id\":\"7170000000000000001\",\"code\":\"\"}}"}`;

describe('a signature', () => {
  it.each([
    ['V3', CHALLENGE, '61fa9370479d71e69ca0ea84fd3770fad7a722eb'],
    ['V4', USED, '396f882355602b27c5d0cbccd9049691e6bd551e'],
  ])('%s: of a message', (_, body, signature) => expect(signMessage(SECRET, Buffer.from(body))).toBe(signature));

  it('V5: of a question takes its parameters and its body', () => {
    const parameters = { timestamp: '1754000000123', client_key: APP.clientKey, sign: 'not this' };
    expect(signParameters(SECRET, parameters, '{"order_id":"1079000000000000001"}')).toBe(
      'c1b4332d49655bf02cfa97812e0b49495b97338c1652317d0dc32f1923766744',
    );
  });

  it('V7: of the page of consent takes its parameters as they are before encoding', () => {
    const parameters = {
      charset: 'UTF-8',
      client_key: APP.clientKey,
      extra: 'hello',
      out_shop_id: 's1',
      permission_keys: '1,16,139,140,141,144',
      solution_key: '16',
      timestamp: '1754000000',
    };
    expect(signParameters(SECRET, parameters)).toBe('236bd464e88561f2144a58d567eed3f597c5fad3c2b0301cc1025afd7c050448');
  });
});

describe('a message', () => {
  it('tells of a coupon, all of its numbers to the last digit', () => {
    const news = { what: 'used', identity: '7170000000000000001', order: '1079000000000000001', coupon: '7520000000000000001' };
    expect(reading(USED)).toEqual({ kind: 'message', id: 'm1', news });
    const bare = USED.replace(String.raw`\"7520000000000000001\"`, '7520000000000000001');
    expect(reading(bare)).toEqual({ kind: 'message', id: 'm1', news });
    expect(reading(USED.replace('verify', 'refund_success'))).toMatchObject({ news: { what: 'refunded' } });
  });

  it.each([
    ['an undone verification', USED.replace('verify', 'verify_cancel')],
    ['an order', '{"event":"life_trade_order_notify","client_key":"awtestkey0000000","content":"{}"}'],
    ['no coupon', USED.replace('certificate_id', 'other_id')],
    ['content that is no JSON', USED.replace(String.raw`{\"action`, 'action')],
  ])('of %s is taken, and nothing is done', (_, body) => expect(reading(body)).toEqual({ kind: 'message', id: 'm1' }));

  it('that tries the address is answered with its challenge', () =>
    expect(reading(CHALLENGE, { 'msg-id': '' })).toEqual({ kind: 'challenge', answer: { challenge: 12_345 } }));

  it.each([
    ['without a signature', USED, { 'x-douyin-signature': '' }],
    ['signed otherwise', USED, { 'x-douyin-signature': '396f882355602b27c5d0cbccd9049691e6bd551f' }],
    ['signed in capitals', USED, { 'x-douyin-signature': '396F882355602B27C5D0CBCCD9049691E6BD551E' }],
    [
      'signed for other bytes',
      USED.replace(':1754', ': 1754'),
      { 'x-douyin-signature': '396f882355602b27c5d0cbccd9049691e6bd551e' },
    ],
    ['that is no JSON and not signed', '{', { 'x-douyin-signature': 'x' }],
    ['for another application', USED.replace('awtestkey', 'awotherkey'), {}],
  ])('%s is forged', (_, body, headers) => expect(reading(body, headers)).toEqual({ kind: 'forged' }));

  it.each([
    ['no JSON', '{', {}],
    ['a list', '[1]', {}],
    ['a message without an id', USED, { 'msg-id': '' }],
    ['a challenge without one', CHALLENGE.replace('challenge', 'x'), {}],
  ])('%s is malformed', (_, body, headers) => expect(reading(body, headers)).toEqual({ kind: 'malformed' }));
});
