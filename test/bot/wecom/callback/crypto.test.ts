/** The envelope of WeCom's callbacks: the published construction, and everything that only looks like it. */
import { encrypt as seal } from '@wecom/crypto';
import { WecomCrypto } from '@wecom/aibot-node-sdk';
import { createCipheriv } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createCrypto } from '../../../../bot/wecom/crypto.ts';

const KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const TOKEN = 'TESTTOKEN';
const CORP = 'wwcorp0000000001';
const RANDOM = Buffer.from('0123456789abcdef');
const AT = { timestamp: '1700000001', nonce: 'nonce123' };

const XML_T =
  '<xml><ToUserName><![CDATA[wwcorp0000000001]]></ToUserName><FromUserName><![CDATA[zhangsan]]></FromUserName><CreateTime>1700000000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[123456789012]]></Content><MsgId>7000000000000000001</MsgId><AgentID>1000002</AgentID></xml>';
const JSON_B =
  '{"msgid":"M1","aibotid":"B1","chattype":"single","from":{"userid":"zhangsan"},"msgtype":"text","text":{"content":"123456789012"}}';

const VECTORS = [
  {
    what: 'an echo',
    id: CORP,
    text: '5927782489442352469',
    encrypt: 'Q3stYC6hdFzMh9T8HCvyDOjpXLNauJhx2jaflIofLlWcPHPJAcgBUUOzN9xeDJkASTzA3UNkHtHlNLjAmJZghw==',
    signature: '99631ee31822aef0a8c5a476f9e15972227cb358',
  },
  {
    what: 'a message',
    id: CORP,
    text: XML_T,
    encrypt:
      'Q3stYC6hdFzMh9T8HCvyDM6Fos5hy46sSdD5yevTOxFndXQOxakEWGbCoRJwHB/kVVt8tWnFwlA1hFCcRR4KAplLsOheFM86rGo1C/lx56BUlmWw4K1YTq0EOiEl9Qn2PZH5DaaAcErU2eGOnV0fiaX0tRecZLUolNERhjnpjRh3jLkkND2GGlcirgktMutCfRvDNhPC/VIX+4jewH+XL6x6VNdz7VmkTtuxJ0URWMwI0HZgUREGZsRn6o3DB467WKbFA8YirzXL/AkJOKMzIcuK4tZzFoMc4jTDdQdixcZcckPTo+F009H7Ia4oG2cM4v/ZoXVCuitvNb+iSpCt+r3u5a7WX7P3SEvhPAJnGEh1e2jbFE5aRiG2dvTgSgut+4M81ArDLJXW2xBZ6Y/1WalSkoWvB9KcOqJZ2Z36T7fLVoU3ubBSoaTaLAzfquujY8gddfcD86iOlYi5SUQ0nQ==',
    signature: '7eb7847698bee7f384954083e8c5b229cc503ec9',
  },
  {
    what: 'a robot’s message, for nobody in particular',
    id: '',
    text: JSON_B,
    encrypt:
      'Q3stYC6hdFzMh9T8HCvyDF4dlsBK6k8EOV8Gr8rGH7SwJCEDkZ+xFGvxG10CVYuHuf+JcYjwXl5PD1EWrfZVtGDw93qNXhDe3gcpKMoFN74A1hzMBpidkAJR9RQZxPD4azsBJmHSVVI29Dc1wf1sb73QLISkWJQ3Kz5IsJLx5Er1GAhDTZlwXj2mAJgkYTa2uDEZ4ydG+S+PKpQEtKxSKQ==',
    signature: '1de4520f99cef77037c976a64b624beee2225f17',
  },
] as const;

const cryptoFor = (receiveId: string) => createCrypto({ token: TOKEN, encodingAesKey: KEY, receiveId, random: () => RANDOM });

/** Seals bytes of our own making, however odd. */
function sealed(...parts: readonly Buffer[]): string {
  const key = Buffer.from(`${KEY}=`, 'base64');
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false);
  return Buffer.concat([cipher.update(Buffer.concat(parts)), cipher.final()]).toString('base64');
}
const length = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

describe('the envelope', () => {
  for (const { what, id, text, encrypt, signature } of VECTORS) {
    it(`decrypts and encrypts ${what} as published`, () => {
      const crypto = cryptoFor(id);
      expect(crypto.signed({ ...AT, encrypt, signature })).toBe(true);
      expect(crypto.open(encrypt)).toBe(text);
      expect(crypto.close(text, AT.timestamp, AT.nonce)).toEqual({ ...AT, encrypt, signature });
    });
  }

  it('equals that of Tencent’s own package', () => {
    const theirs = new WecomCrypto(TOKEN, KEY, CORP);
    const crypto = cryptoFor(CORP);
    for (const text of ['', '券码 0123 😀', 'x'.repeat(2000)]) {
      const { encrypt, signature } = theirs.encrypt(text, AT.timestamp, AT.nonce);
      expect(crypto.signed({ ...AT, encrypt, signature })).toBe(true);
      expect(crypto.open(encrypt)).toBe(text);
      expect(theirs.decrypt(crypto.close(text, AT.timestamp, AT.nonce).encrypt)).toBe(text);
    }
  });

  it('refuses a wrong signature of any length', () => {
    const crypto = cryptoFor(CORP);
    const { encrypt, signature } = VECTORS[0];
    const others = [
      '',
      '0',
      signature.slice(1),
      `${signature}0`,
      signature.toUpperCase(),
      `0${signature.slice(1)}`,
      '号'.repeat(40),
    ];
    for (const other of others) expect(crypto.signed({ ...AT, encrypt, signature: other })).toBe(false);
    expect(crypto.signed({ ...AT, timestamp: '1700000002', encrypt, signature })).toBe(false);
    expect(crypto.signed({ ...AT, nonce: 'nonce124', encrypt, signature })).toBe(false);
  });

  it('decrypts nothing for another recipient', () => {
    expect(cryptoFor(CORP).open(seal(KEY, 'hello', 'wwcorp0000000002'))).toBeUndefined();
    expect(cryptoFor(CORP).open(seal(KEY, 'hello', ''))).toBeUndefined();
    expect(cryptoFor('').open(seal(KEY, 'hello', CORP))).toBeUndefined();
  });

  it('decrypts nothing with a wrong padding or length', () => {
    const crypto = cryptoFor('');
    const text = Buffer.from('twelve bytes');
    expect(crypto.open(sealed(RANDOM, length(12), text, Buffer.alloc(32, 32)))).toBe('twelve bytes');
    // Padding that does not agree, none at all, and more than there may be.
    expect(
      crypto.open(sealed(RANDOM, length(12), text, Buffer.concat([Buffer.alloc(31, 7), Buffer.from([32])]))),
    ).toBeUndefined();
    expect(crypto.open(sealed(RANDOM, length(12), text))).toBeUndefined();
    expect(crypto.open(sealed(RANDOM, length(12), text, Buffer.alloc(32, 0)))).toBeUndefined();
    expect(crypto.open(sealed(RANDOM, length(12), text, Buffer.alloc(32, 33)))).toBeUndefined();
    expect(crypto.open(sealed(RANDOM, length(12), text, Buffer.alloc(64, 64)))).toBeUndefined();
    // Lengths past the end: the rest would be taken for the text, and the missing id for the empty one.
    expect(crypto.open(sealed(RANDOM, length(0xffffffff), text, Buffer.alloc(32, 32)))).toBeUndefined();
    expect(crypto.open(sealed(RANDOM, length(13), text, Buffer.alloc(32, 32)))).toBeUndefined();
    expect(crypto.open(sealed(Buffer.alloc(16), Buffer.alloc(16, 16)))).toBeUndefined();
  });

  it('decrypts nothing that is truncated or malformed', () => {
    const crypto = cryptoFor(CORP);
    const { encrypt } = VECTORS[1];
    for (const odd of [
      '',
      ' ',
      encrypt.slice(4),
      encrypt.slice(0, -4),
      `${encrypt}\n`,
      encrypt.replace('+', '-'),
      'é'.repeat(88),
    ])
      expect(crypto.open(odd)).toBeUndefined();
  });

  it('requires a key of full length', () => {
    expect(() => createCrypto({ token: TOKEN, encodingAesKey: KEY.slice(1), receiveId: CORP })).toThrow();
  });
});
