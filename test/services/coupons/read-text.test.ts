import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCodes } from '../../../services/coupons/read-text.ts';
import { judgeDigits } from '../../../services/coupons/code-rules.ts';
import { wordAsDigits } from '../../../services/coupons/spelling.ts';

const A = '7992697494';
const B = '5948286811';
/** Eleven digits of a real coupon that look just like a mobile number. */
const MOBILE = '13565635289';

describe('a code is found', () => {
  it.each([
    ['alone', A, A],
    ['with leading zeros', '0332808512', '0332808512'],
    ['of eleven digits', '23565635289', '23565635289'],
    ['of twelve digits', '013541450619', '013541450619'],
    ['of thirteen digits', '0109760017002', '0109760017002'],
    ['of fourteen digits', '77012321150807', '77012321150807'],
    ['of fifteen digits', '104686126200130', '104686126200130'],
    ['of eighteen digits', '000000248531847767', '000000248531847767'],
    ['as the app prints ten digits', '7992 6974 94', A],
    ['as the app prints twelve digits', '0135 4145 0619', '013541450619'],
    ['as the app prints eleven digits', '2356 563 5289', '23565635289'],
    ['as the app prints thirteen digits', '0109 7600 1700 2', '0109760017002'],
    ['as the app prints fifteen digits', '1046 8612 6200 130', '104686126200130'],
    ['with dashes', '7992-6974-94', A],
    ['with long dashes', '7992—6974—94', A],
    ['with a minus sign', '7992−6974−94', A],
    ['with dots', '7992.6974.94', A],
    ['with middle dots', '7992·6974·94', A],
    ['with no-break blanks', '7992\u00A06974\u00A094', A],
    ['with thin blanks', '7992\u20096974\u200994', A],
    ['with full-width blanks', '7992　6974　94', A],
    ['in full-width digits', '７９９２６９７４９４', A],
    ['in mathematical digits', '𝟕𝟗𝟗𝟐𝟔𝟗𝟕𝟒𝟗𝟒', A],
    ['with zero-width blanks inside', '79\u200B92\u200C697\uFEFF494', A],
    ['with right-to-left marks', '\u202E7992697494\u202C', A],
    ['with soft hyphens', '7992\u00AD6974\u00AD94', A],
    ['with nulls inside', '7992\u00006974\u000094', A],
    ['in threes', '799 269 7494', A],
    ['in fives', '79926 97494', A],
    ['in fours and sixes', '7992 697494', A],
    ['digit by digit', '7 9 9 2 6 9 7 4 9 4', A],
    ['with blank lines around', '\n\n  7992697494 \r\n', A],
    ['in small talk', '帮我核一下 7992697494 谢谢', A],
    ['in groups, in small talk', '帮我核一下 7992 6974 94 谢谢', A],
    ['without blanks in small talk', '这个券7992697494能用吗', A],
    ['after its label', '券码：7992697494', A],
    ['after its label on the line before', '券码\n7992697494', A],
    ['after its label in brackets', '【券码】7992697494', A],
    ['after an English label', 'Code: 7992697494', A],
    ['in brackets', '（7992697494）', A],
    ['in Markdown bold', '**7992697494**', A],
    ['before a full stop', '7992697494。', A],
    ['before a comma', '7992697494，两个人', A],
    ['after a mention', '@核销助手 7992697494', A],
    ['with a count', '7992697494 2张', A],
    ['with x2', '7992697494x2', A],
    ['with *2', '7992697494*2', A],
    ['after a table number', '8号桌 7992697494', A],
    ['after a table number and in groups', '8 7992 6974 94', A],
    ['after a list number', '1. 7992697494', A],
    ['after a list number without blank', '1.7992697494', A],
    ['after a list number and in groups', '2.7992 6974 94', A],
    ['after a circled number', '①7992697494', A],
    ['after a keycap', '1️⃣7992697494', A],
    ['after a written date', '2026-11-22 7992697494', A],
    ['before a time', '7992697494 18:30到', A],
    ['after a time and in groups', '18:30 7992 6974 94', A],
    ['after a keycap and in groups', '1️⃣ 7992 6974 94', A],
    ['after a circled number and in groups', '② 7992 6974 94', A],
    ['twice, once', '7992697494 7992 6974 94', A],
    ['looking like a mobile number, called a code', `券码 ${MOBILE}`, MOBILE],
    ['looking like a mobile number, to be verified', `核销 ${MOBILE}`, MOBILE],
    ['looking like a date, called a code', '券码：202611221830', '202611221830'],
    [
      'in the message of the platform',
      '【美团】您购买的“台球畅打2小时”券码：7992 6974 94，有效期至2026-12-31，请到店出示。客服电话10107888',
      A,
    ],
    ['beside its order', '订单号：4867 3021 9988 1234 567\n券码：7992 6974 94\n手机号：138****8000', A],
    ['beside a mobile number', '电话13800138000 券码7992697494', A],
    ['beside a price', '￥49.00 7992697494', A],
    ['in a platform’s link', 'https://g.meituan.com/coupon?from=app&code=7992697494', A],
    ['in a platform’s link, by other names', 'https://m.dianping.com/c?couponCode=7992697494&x=1 请核销', A],
    ['in a platform’s link, by yet another name', 'https://i.meituan.com/q?receipt_code=013541450619#top', '013541450619'],
    ['behind a link', 'https://m.example.com/ 7992697494', A],
    ['in a platform’s link without blanks', '看https://meituan.com/?code=7992697494，谢谢', A],
    ['in a stranger’s link, and written beside it', 'https://m.example.com/?code=7992697494 券码7992697494', A],
  ])('%s', (_, text, code) => expect(readCodes(text)).toMatchObject({ codes: [code], doubtful: [], odd: undefined }));
});

describe('several codes are found', () => {
  it.each([
    ['on lines', `${A}\n${B}`],
    ['on Windows lines', `${A}\r\n${B}`],
    ['with blanks', `${A} ${B}`],
    ['with commas', `${A},${B}`],
    ['with Chinese commas', `${A}，${B}`],
    ['with 、', `${A}、${B}`],
    ['with a slash', `${A}/${B}`],
    ['with a dash', `${A}-${B}`],
    ['with words', `${A} 和 ${B}`],
    ['in groups on lines', '7992 6974 94\n5948 2868 11'],
    ['in groups with commas', '7992 6974 94，5948 2868 11'],
    ['in a numbered list', `1. ${A}\n2. ${B}`],
    ['in a list with circled numbers', `①${A} ②${B}`],
    ['labelled each', `券码1：${A}\n券码2：${B}`],
  ])('%s', (_, text) => expect(readCodes(text)).toMatchObject({ codes: [A, B], doubtful: [], odd: undefined }));
});

describe('a number that may be something else is asked about', () => {
  it.each([
    ['a code in a stranger’s link', 'https://m.example.com/coupon?from=app&code=7992697494', A, 'link'],
    ['a code at the end of a stranger’s link', 'https://m.example.com/coupon/7992697494', A, 'link'],
    ['a code at the end of a link with a question', 'https://m.example.com/coupon/7992697494/?s=1', A, 'link'],
    ['a code at the end of a platform’s link, which does not call it one', 'https://g.meituan.com/x/7992697494', A, 'link'],
    ['a code in the link of a host that begins like a platform', 'https://meituan.com.evil.com/?code=7992697494', A, 'link'],
    ['a code in a stranger’s link that has more of Douyin’s', 'https://evil.com/?encrypted_data=x&code=7992697494', A, 'link'],
    ['a mobile number in a stranger’s link', `https://m.example.com/?code=${MOBILE}`, MOBILE, 'phone'],
    ['a mobile number', MOBILE, MOBILE, 'phone'],
    ['a mobile number in groups', '138 0013 8000', '13800138000', 'phone'],
    ['a mobile number with dashes', '138-0013-8000', '13800138000', 'phone'],
    ['a mobile number with the country', '+8613800138000', '8613800138000', 'phone'],
    ['a mobile number with the country apart', '+86 138 0013 8000', '13800138000', 'phone'],
    ['a mobile number in words', '今晚两位 13800138000', '13800138000', 'phone'],
    ['a service number', '400-820-8820', '4008208820', 'phone'],
    ['a landline', '0571-88888888', '057188888888', 'phone'],
    ['a date and hour', '2026112218', '2026112218', 'date'],
    ['a date and time', '202611221830', '202611221830', 'date'],
    ['a date and time to the second', '20261122183000', '20261122183000', 'date'],
    ['a date and time in groups', '2026 1122 1830', '202611221830', 'date'],
    ['a date and a serial number', '2026112200123', '2026112200123', 'date'],
    ['a code that the app hides', '000000000000', '000000000000', 'hidden'],
    ['a hidden code, labelled', '券码：0000 0000 0000', '000000000000', 'hidden'],
    ['a hidden code of ones', '1111111111', '1111111111', 'hidden'],
    ['a code in groups on lines', '7992 6974\n94', A, 'spelling'],
    ['a code with a letter for a digit', '594B286811', B, 'spelling'],
    ['a code in Chinese numerals', '七九九二六九七四九四', A, 'spelling'],
  ])('%s', (_, text, code, why) =>
    expect(readCodes(text)).toMatchObject({ codes: [], doubtful: [{ code, why }], odd: undefined }),
  );

  it.each([
    ['2026112225', 'no such hour'],
    ['202613221830', 'no such month'],
    ['202611321830', 'no such day'],
    ['202611221860', 'no such minute'],
    ['203912321830', 'no such day'],
  ])('but not %s: %s', (text) => expect(readCodes(text)).toMatchObject({ codes: [text], doubtful: [] }));

  it('and is not both a code and doubtful', () => {
    expect(readCodes(`券码${MOBILE} 就是这个 ${MOBILE}`)).toMatchObject({ codes: [MOBILE], doubtful: [] });
  });
});

describe('everything else is left alone', () => {
  it.each([
    '',
    ' ',
    '你好',
    '今晚8点',
    '3号桌 4个人',
    '今晚8点 3号桌 138****8000',
    '订单号：1234567890',
    '订单编号:20261122183000',
    '运单号 1234567890123',
    '手机号：13800138000',
    '手机尾号 8000',
    '电话 13800138000',
    '电话号码是 13800138000',
    '微信号：1234567890',
    '加微信1234567890',
    'QQ 1234567890',
    'QQ群：1234567890',
    '单号 123456789012',
    '身份证号 110101199003077571',
    '110101199003077571 张三',
    '门店编号 1234567890',
    'Tel: 13800138000',
    'order no. 1234567890',
    '2026-11-22 18:30',
    '2026-11-22 18:30:00',
    '2026/11/22 18:30',
    '2026.11.22',
    '2026年11月22日18点30分',
    '11-22 18:30-22:00',
    '营业时间 10:00-22:00',
    '¥1234567890',
    '1234567890元',
    '1234567890.00',
    '49.9 59.9 69.9 79.9 89.9',
    '199.00 299.00',
    '原价 188 288 388 488',
    '31.2304160000,121.4737010000',
    '192.168.100.200 进不去',
    '6222 0212 3456 7890 123',
    '6222021234567890',
    '4867302199881234567',
    '1234567890123456',
    '12345 67890 12345 67890',
    '138****8000',
    '1234****1234567890',
    'SF1234567890123',
    'wxid_1234567890',
    'a1234567890',
    '1234567890@qq.com',
    '2026 1122 18:30',
    '1000 2000 30人',
    '01 05 12 23 30 08 11',
    '3 5 8',
    '12345',
    '1234567890123456789012345678901234567890',
    'https://www.dianping.com/shop/1234567890',
    'https://i.meituan.com/deal/1234567890?from=1234567890',
    'https://m.example.com/coupon?phone=1234567890',
    'https://m.example.com/1234567890/coupon',
    'm.dianping.com/1234567890',
    'https://evil.com/?object_id=1234567890',
    'https://evil.com/?encrypted_data=1234567890',
    'https://wa.me/8613800138000',
    'https://qr.alipay.com/1234567890',
    'https://qr.95516.com/00010000/1234567890',
    'weixin://wxpay/bizpayurl?pr=1234567890',
    'wxp://f2f1234567890',
    'alipays://platformapi/startapp?appId=1234567890',
    'ftp://v.douyin.com/1234567890',
    'evil-douyin.com/1234567890',
    '<b>hi</b> &#1234567890abc;',
    '👍👍',
  ])('%j', (text) => expect(readCodes(text)).toMatchObject({ codes: [], doubtful: [], bare: false, douyin: undefined }));
});

describe('a number of the wrong length', () => {
  it.each([
    ['123456', '123456'],
    ['799269749', '799269749'],
    ['1234567890123456', '1234567890123456'],
    ['7992 6974 9', '799269749'],
    ['１２３４５６', '123456'],
    ['7992 6974\n9', '799269749'],
  ])('is told, when there is nothing else: %j', (text, odd) => expect(readCodes(text).odd).toBe(odd));

  it.each(['3号桌', '18:30', '2026-11-22', '49.9', '', ' ', '券码 123456', A, MOBILE, '7992 6974\n94', '110101199003077571'])(
    'is not made of %j',
    (text) => expect(readCodes(text).odd).toBeUndefined(),
  );
});

describe('a message of codes and nothing else', () => {
  it.each([A, `${A}\n${B}`, ` ${A}。`, `${MOBILE} 👌`, '7992 6974 94', '138 0013 8000', `https://g.meituan.com/?code=${A}`])(
    'is %j',
    (text) => expect(readCodes(text).bare).toBe(true),
  );

  it.each([`今晚两位 ${MOBILE}`, `${A} 8`, `核销 ${A}`, `2026-11-22 ${A}`, `${A} https://m.example.com/?code=${B} ok`])(
    'is not %j',
    (text) => expect(readCodes(text).bare).toBe(false),
  );
});

describe('a link of Douyin', () => {
  it.each([
    'https://v.douyin.com/iRNBho5/',
    'v.douyin.com/iRNBho5',
    '8.43 复制打开抖音，看看【团购】 https://v.douyin.com/iRNBho5/ 1@3.com',
    'https://www.iesdouyin.com/share/1234567890',
    'http://v.douyin.com/iRNBho5/',
    '看v.douyin.com/iRNBho5/，谢谢',
    'https://www.iesdouyin.com/share/commerce/coupon/?object_id=1234567890',
    'https://www.douyin.com/microapp?encrypted_data=AbC&code=1234567890',
  ])('is handed on as it is, and nothing is read from it: %s', (text) => {
    const found = readCodes(text);
    expect(found).toMatchObject({ codes: [], doubtful: [] });
    expect(found.douyin).toMatch(/^(?:https?:\/\/)?[a-z.]+\.com\/\S+$/);
    expect(text).toContain(found.douyin);
  });

  it('is the first, where there are several', () =>
    expect(readCodes('https://v.douyin.com/one/ https://v.douyin.com/two/').douyin).toBe('https://v.douyin.com/one/'));

  it.each([
    'https://douyin.com.example.org/',
    'https://notdouyin.com/',
    'https://evil-douyin.com/x/?object_id=AbC',
    'evil-douyin.com/x/?object_id=AbC',
    'mydouyin.com/x/',
    'https://evil.com/v.douyin.com/x/',
    'https://evil.com/?to=v.douyin.com/x/',
    'https://evil.com/?to=https://v.douyin.com/x/',
    'https://v.douyin.com@evil.com/x/',
    'https://user@v.douyin.com/x/',
    'https://v.douyin.com:8443/x/',
    'https://evil.com\\@v.douyin.com/x/',
    'https://evil.com/?object_id=AbC',
    'https://evil.com/?encrypted_data=AbC',
    'https://evil.com/#?object_id=AbC',
    'ftp://v.douyin.com/x/',
    '抖音的券怎么用',
  ])('is not %s', (text) => expect(readCodes(text).douyin).toBeUndefined());
});

const lengths = fc.constantFrom(10, 12, 13, 14, 15, 18);
/** Codes that look like nothing else: they begin with 9. */
const codes = lengths
  .chain((n) => fc.stringMatching(new RegExp(`^9\\d{${n - 2}}[0-8]$`)))
  .filter((code) => judgeDigits(code, [code]).verdict === 'code');
const chat = fc.array(
  fc.oneof(
    codes,
    fc.stringMatching(/^[\d .\-:/*xX@¥+]{1,30}$/),
    fc.constantFrom(
      '券码：',
      '订单号',
      '\n',
      ' ',
      '、',
      '，',
      '今晚8点',
      'https://',
      '?code=',
      'v.douyin.com/',
      '\u200B',
      '1️⃣',
      '①',
      '零',
      'O',
      '元',
    ),
    fc.string({ unit: 'binary', maxLength: 10 }),
  ),
  { maxLength: 12 },
);

describe('any text', () => {
  it('never fails, invents no digit, and repeats no code', () => {
    fc.assert(
      fc.property(chat, (parts) => {
        const text = parts.join('');
        const { codes: found, doubtful, odd, bare } = readCodes(text);
        const plain = text.normalize('NFKC');
        const digits = plain.replace(/\D/g, '');
        const spelled = plain.replace(/[^]/g, (character) => wordAsDigits(character) ?? '');
        const all = [...found, ...doubtful.map(({ code }) => code)];
        for (const code of found) expect(digits).toContain(code);
        for (const code of all) {
          expect(spelled).toContain(code);
          expect([10, 11, 12, 13, 14, 15, 18]).toContain(code.length);
        }
        expect(new Set(all).size).toBe(all.length);
        expect(odd === undefined || all.length === 0).toBe(true);
        expect(bare && all.length === 0).toBe(false);
      }),
      { numRuns: 10_000 },
    );
  });

  it('yields the same codes when its codes are read again', () => {
    fc.assert(
      fc.property(chat, (parts) => {
        const { codes: found } = readCodes(parts.join(''));
        const again = readCodes(found.map((code) => `券码 ${code}`).join('\n'));
        expect([again.codes, again.doubtful]).toEqual([found, []]);
      }),
      { numRuns: 2000 },
    );
  });

  it('finds every code in every list, however it is separated and printed', () => {
    const printed = fc
      .tuple(codes, fc.constantFrom('', ' ', '-', '\u00A0'))
      .map(([code, by]) => ({ code, shown: code.replace(/.{4}(?=.)/g, `$&${by}`) }))
      // One of twelve digits in 10,000 is printed as three prices would be: 9188 0288 5388.
      .filter(({ code, shown }) => judgeDigits(code, shown.split(/\D/)).verdict === 'code');
    const separators = fc.constantFrom('\n', '、', ', ', '，', ' / ', '；', '\r\n', ' 和 ');
    fc.assert(
      fc.property(
        fc.uniqueArray(printed, { minLength: 1, maxLength: 6, selector: ({ code }) => code }),
        separators,
        (list, by) => {
          expect(readCodes(list.map(({ shown }) => shown).join(by)).codes).toEqual(list.map(({ code }) => code));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['words', '今晚8点 3号桌 四个人，老地方见。'],
    ['digits', '1'],
    ['spaced digits', '1 '],
    ['dotted digits', '1.'],
    ['broken runs', '1 1-'],
    ['blanks', ' '],
    ['lines', '\n'],
    ['dates', '2026-11-22 18:30 '],
    ['orders', '订单号：4867302199881234567\n'],
    ['links', 'http://a/b '],
    ['characters that fold into many', 'ﷺ'],
    ['marks nobody sees', '1\u200B'],
    ['masks', '1**'],
    ['list marks', '12. '],
    ['letters for digits', '1O 2'],
    ['Chinese numerals', '一二，'],
    ['prices and codes', '4.9 1234 '],
    ['groups on lines', '0332\n80,'],
  ])('reads a megabyte of %s to its end', (_, piece) => {
    // It takes tens of milliseconds; what grew with the square of the length would take hours, and the test would end first.
    expect(readCodes(piece.repeat(Math.ceil(1_000_000 / Buffer.byteLength(piece))))).toHaveProperty('codes');
  });
});
