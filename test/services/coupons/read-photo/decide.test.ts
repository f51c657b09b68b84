import { describe, expect, it } from 'vitest';
import type { Barcode } from '../../../../services/coupons/read-photo/barcodes.ts';
import { decide } from '../../../../services/coupons/read-photo/decide.ts';
import type { Printed } from '../../../../services/coupons/read-photo/text/printed.ts';

const BARCODE: Barcode = { text: '665447174473', product: false, x: 400, y: 650, reach: 250 };

/** Without a word that says what it is, two hundred pixels above the barcode. */
const above = (digits: string, sureness: number): Printed => ({
  digits,
  box: { x: 400, y: 450, width: 300, height: 35, ux: 1, uy: 0 },
  called: 'nothing',
  whole: true,
  inside: true,
  twice: true,
  spread: { centres: [], room: Infinity },
  intact: true,
  least: sureness,
  mean: sureness,
});

const sureBeside = (printed: Printed): readonly string[] => {
  const reading = decide({ barcodes: [BARCODE], printed: [printed] });
  return reading.kind === 'read' ? reading.sure : [];
};

describe('digits beside a barcode', () => {
  it('that are another number, as long or not, read well or not, leave neither sure', () => {
    for (const digits of ['538430919140', '5384309140', '951883779539067'])
      for (const sureness of [0.99, 0.8]) expect(sureBeside(above(digits, sureness)), `${digits}, ${sureness}`).toEqual([]);
  });

  it('that were hard to read and are nearly the same, or a part of it, leave the barcode sure', () => {
    for (const digits of ['665447174413', '6654471744', '5447174473', '65447174413'])
      expect(sureBeside(above(digits, 0.8)), digits).toEqual(['665447174473']);
  });

  it('that are noise leave the barcode sure', () => {
    expect(sureBeside(above('5384309140', 0.4))).toEqual(['665447174473']);
  });
});

describe('a product', () => {
  const product: Barcode = { text: '9780764544200', product: true, x: 400, y: 650, reach: 250 };
  const under = (digits: string, more: Partial<Printed> = {}): Printed => ({
    ...above(digits, 0.99),
    box: { x: 400, y: 720, width: 300, height: 35, ux: 1, uy: 0 },
    ...more,
  });
  const far = { x: 400, y: 1500, width: 300, height: 35, ux: 1, uy: 0 };

  it.each([
    ['its digits', '9780764544200', {}],
    ['its digits without the first', '780764544200', {}],
    ['its digits elsewhere in the picture', '780764544200', { box: far }],
  ])('is not offered by %s', (_, digits, more) => {
    expect(decide({ barcodes: [product], printed: [under(digits, more)] })).toEqual({ kind: 'none' });
  });

  it('does not hide a coupon beside it: called a code, or away from the bars', () => {
    for (const printed of [under('538430919140', { called: 'code' }), under('538430919140', { box: far })])
      expect(decide({ barcodes: [product], printed: [printed] })).toMatchObject({ unsure: [{ code: '538430919140' }] });
  });

  it.each(['6901234567892', '9780764544200'])('is not offered by a barcode of another kind that holds only %s', (text) => {
    const barcode = { ...BARCODE, text };
    expect(decide({ barcodes: [barcode], printed: [under(text, { whole: false })] }).kind).toBe('none');
    // With another check digit it is a number like any other.
    const other = `${text.slice(0, -1)}${(Number(text.at(-1)) + 1) % 10}`;
    expect(decide({ barcodes: [{ ...BARCODE, text: other }], printed: [] }).kind).toBe('read');
  });
});

const read = (...texts: string[]) =>
  decide({ barcodes: texts.map((text) => ({ text, product: false, x: 400, y: 650, reach: 250 })), printed: [] });

describe('a barcode alone', () => {
  it.each([
    ['digits and nothing else', '0332808512', '0332808512'],
    ['digits with a line end', ' 0332808512\r\n', '0332808512'],
    ['a platform’s link that calls them a code', 'https://g.meituan.com/verify?code=580430893230&type=1', '580430893230'],
    ['a link of another platform', 'http://m.dianping.com/c?couponCode=5804308932', '5804308932'],
  ])('with %s is a sure code', (_, text, code) => expect(read(text)).toEqual({ kind: 'read', sure: [code], unsure: [] }));

  it.each([
    ['a prefix, in Code 128', '005-3379497200006', '3379497200006'],
    ['a word', '券码：7992697494', '7992697494'],
    ['a word in English', 'Code: 7992697494', '7992697494'],
    ['JSON', '{"order":"1234567890"}', '1234567890'],
    ['JSON that calls it a code', '{"code":"1234567890"}', '1234567890'],
    ['a stranger’s link', 'https://g.example.com/verify?code=580430893230&type=1', '580430893230'],
    ['a stranger’s link without a name for it', 'https://g.example.com/580430893230', '580430893230'],
    ['a platform’s link that does not call it a code', 'https://g.meituan.com/x/580430893230', '580430893230'],
    ['a host that begins like a platform’s', 'https://meituan.com.evil.com/?code=580430893230', '580430893230'],
    ['a host that ends like a platform’s', 'https://evil-meituan.com/?code=580430893230', '580430893230'],
    ['a platform for a user', 'https://meituan.com@evil.com/?code=580430893230', '580430893230'],
    ['a platform’s name and a user', 'https://user:pass@www.meituan.com/?code=580430893230', '580430893230'],
    ['a platform’s name and a port', 'https://www.meituan.com:8443/?code=580430893230', '580430893230'],
    ['a backslash', 'https://evil.com\\@www.meituan.com/?code=580430893230', '580430893230'],
    ['a platform’s link and a word', 'https://www.meituan.com/?code=580430893230 谢谢', '580430893230'],
    ['a platform’s link and its end', "https://www.meituan.com/?code=580430893230'x", '580430893230'],
    ['a link of somebody’s that looks like Douyin’s', 'https://evil.com/?encrypted_data=x&code=580430893230', '580430893230'],
    ['what looks like a mobile number', '13565635289', '13565635289'],
    ['what looks like a payment of WeChat’s', '134567890123456789', '134567890123456789'],
    ['what looks like a payment of Alipay’s', '281234567890123456', '281234567890123456'],
  ])('with %s is asked about', (_, text, code) =>
    expect(read(text)).toMatchObject({ kind: 'read', sure: [], unsure: [{ code, why: 'doubtful' }] }),
  );

  it.each([
    'WIFI:T:WPA;S:shop;P:1234567890;;',
    'wifi:S:1234567890;T:nopass;;',
    'MECARD:N:Sean Owen;TEL:+12125658770;EMAIL:srowen@example.org;;',
    'BIZCARD:N:Sean;X:Owen;B:12125658770;;',
    'BEGIN:VCARD\nVERSION:3.0\nTEL:12125658770\nEND:VCARD',
    '\uFEFF\u200BBEGIN:VCARD\r\nTEL:12125658770\r\nEND:VCARD',
    'BEGIN:VEVENT\nUID:1234567890\nEND:VEVENT',
    'smsto:10086123456:hi',
    'sms:10086123456',
    'tel:4008208820',
    'TEL:+8657188888888',
    'mailto:1234567890@qq.com',
    'MATMSG:TO:1234567890@qq.com;SUB:1234567890;;',
    'geo:31.2304160000,121.4737010000',
    'weixin://wxpay/bizpayurl?pr=1234567890',
    'weixin://dl/business/?t=1234567890',
    'wxp://f2f0-1234567890',
    'alipays://platformapi/startapp?saId=10000007&code=1234567890',
    'alipayqr://platformapi/startapp?code=1234567890',
    'https://qr.alipay.com/1234567890',
    'HTTPS://QR.ALIPAY.COM/FKX1?code=1234567890',
    'https://wx.tenpay.com/f2f?code=1234567890',
    'https://payapp.weixin.qq.com/t?code=1234567890',
    'https://qr.95516.com/00010000/1234567890',
    'https://u.wechat.com/1234567890',
    'https://wa.me/8613800138000',
    'upi://pay?pa=1234567890@bank&code=1234567890',
    'otpauth://totp/shop?secret=1234567890',
    '00020101021126410014 1234567890 5802CN',
  ])('with a payment, a network, a contact or a message is no code, and nothing for a platform: %s', (text) =>
    expect(read(text)).toEqual({ kind: 'none' }),
  );

  it.each([
    ['an identity number', '110101199003077571'],
    ['a hidden code', '000000000000'],
    ['digits of another length', '123456789'],
  ])('with %s is no code', (_, text) => expect(read(text)).toEqual({ kind: 'none' }));

  it.each([
    'https://evil.com/?object_id=1234567890',
    'https://evil.com/?to=https://meituan.com/?code=1234567890',
    'weixin2://x?y=1234567890',
    'user:1234567',
  ])('with what only a gateway could know is handed on as it is: %s', (text) =>
    expect(read(text)).toEqual({ kind: 'none', scanned: text }),
  );

  it('with Douyin’s link comes before other texts', () =>
    expect(read('https://evil.com/?object_id=x', 'WIFI:S:shop;P:1234567890;;', 'https://v.douyin.com/iRNBho5/')).toEqual({
      kind: 'none',
      scanned: 'https://v.douyin.com/iRNBho5/',
    }));
});

describe('digits printed beside a barcode', () => {
  const printed = (digits: string): Printed => ({ ...above(digits, 0.99), called: 'code' });
  const beside = (text: string, digits: string) => decide({ barcodes: [{ ...BARCODE, text }], printed: [printed(digits)] });

  it('equal to the code of a foreign link count as printed digits, no more', () => {
    expect(beside('https://g.example.com/?code=580430893230', '580430893230')).toMatchObject({
      sure: [],
      unsure: [{ code: '580430893230', why: 'digits' }],
    });
  });

  it('that are all or a part of a product’s number are no code; other digits beside it are', () => {
    const product = (digits: string) =>
      decide({ barcodes: [{ ...BARCODE, text: '9780764544200', product: true }], printed: [above(digits, 0.99)] });
    for (const digits of ['9780764544200', '780764544200', '0764544200'])
      expect(product(digits), digits).toEqual({ kind: 'none' });
    expect(product('0332808512')).toMatchObject({ kind: 'read', unsure: [{ code: '0332808512' }] });
  });

  it('that are part of a network or a contact are no code', () => {
    expect(beside('WIFI:S:shop;P:1234567890;;', '1234567890')).toEqual({ kind: 'none' });
    expect(beside('MECARD:N:Owen;TEL:+12125658770;;', '12125658770')).toEqual({ kind: 'none' });
  });
});
