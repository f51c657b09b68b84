/** Answers and requests of Douyin, byte by byte: the vectors V1, V2, V6 and V8 to V15; V3, V4, V5 and V7 are signatures, in `message.test.ts`. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Coupon } from '../../../../services/coupons/coupon.ts';
import { createDouyin } from '../../../../services/platforms/douyin/douyin.ts';
import { parseJson } from '../../../../services/platforms/json-http.ts';
import type { Receipt, VerifyRequest } from '../../../../services/platforms/platform.ts';
import { ACCOUNT } from '../../../doubles/douyin.ts';
import { faultOf, openHarness, type Harness } from './harness.ts';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const STORE = '7160000000000000001';
const SESSION = { token: ACCOUNT, expiresAt: Number.MAX_SAFE_INTEGER };
const NOW = 1_754_000_000_000;
const TOKEN = '{"data":{"access_token":"clt.1","expires_in":7200,"error_code":0,"description":""},"message":"success"}';
const EXTRA = '"extra":{"error_code":0,"description":"","sub_error_code":0,"sub_description":"","logid":"L1","now":1754000000}';

type Said = string | { readonly status: number; readonly text: string };

/** The platform before a server that says exactly these texts, one after the other, after the token. */
async function saying(...answers: readonly Said[]) {
  const asked: { readonly url: string; readonly body: string }[] = [];
  const left = [...answers];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (request.url?.startsWith('/oauth/')) return void response.end(TOKEN);
      asked.push({ url: request.url ?? '', body });
      const answer = left.shift() ?? '{}';
      if (typeof answer === 'string') return void response.end(answer);
      response.writeHead(answer.status).end(answer.text);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const harness: Harness = await openHarness();
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  open.push(harness, {
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  });
  return { asked, harness, platform: createDouyin({ ...harness.parts, baseUrl, now: () => NOW }) };
}

const certificate = (rest: string): string =>
  `{"encrypted_code":"CgY+/abc==","certificate_id":7520000000000000001,"status":1,"start_time":1753900000,"expire_time":1760000000,${rest}}`;
const prepared = (...certificates: readonly string[]): string =>
  `{"data":{"error_code":0,"description":"","verify_token":"vt-1","order_id":"1079000000000000001","certificates":[${certificates.join()}]},${EXTRA}}`;
const PACKAGE = prepared(
  certificate(
    '"sku":{"sku_id":"1790000000000001","title":"3小时棋牌","groupon_type":1,"market_price":12800,"account_id":"7170000000000000001"},"amount":{"original_amount":6800,"list_market_amount":12800,"pay_amount":6300,"coupon_pay_amount":6300,"merchant_ticket_amount":0,"payment_discount_amount":0,"platform_discount_amount":500}',
  ),
);
const TIMES_CARD = prepared(
  certificate('"sku":{"sku_id":"2","title":"次卡","groupon_type":3},"time_card":{"times_count":10,"times_used":3}'),
);
const results = (...rows: readonly object[]): string =>
  `{"data":{"error_code":0,"description":"","verify_results":${JSON.stringify(rows)}},${EXTRA}}`;
const DONE = {
  result: 0,
  msg: '履约成功',
  code: 'CgY+/abc==',
  verify_id: '7520000000000000009',
  certificate_id: '7520000000000000001',
  order_id: '1079000000000000001',
  origin_code: '123456789012345',
  account_id: '7170000000000000001',
};

const CODE = '123456789012345';
const request = ({ code, handle }: Coupon, count = 1): VerifyRequest => ({
  store: STORE,
  code,
  handle,
  count,
  requestId: 'vb-1',
  operator: 'telegram:1',
  operatorName: '王老板',
});
async function verifying(card: string, count: number, ...answers: readonly Said[]) {
  const at = await saying(card, ...answers);
  const coupon = (await at.platform.lookup(SESSION, STORE, CODE, 'douyin')) as Coupon;
  expect(coupon.kind).toBe('coupon');
  return { ...at, coupon, verify: () => at.platform.verify(SESSION, request(coupon, count)) };
}

describe('what is scanned', () => {
  it.each([
    ['V1: a long id as it is', 'I0ZwZEZpb2U1N0pjQVZxS2NJRTFSQW5WK1c4bmxvbnNWdUQ2Wk85Y1N0eHpRUFpMMmZwNTdFM2NKeWlFNDM2QT0'],
    ['an id with signs that are encoded once', 'CgY+/abc=='],
  ])('sends %s', async (_, objectId) => {
    const { platform, asked } = await saying(PACKAGE);
    const link = `https://www.iesdouyin.com/share/commerce/coupon/x/?from=1&object_id=${encodeURIComponent(objectId)}&y=1`;
    expect(await platform.scan!(SESSION, STORE, link)).toMatchObject([{ title: '3小时棋牌', code: '7520000000000000001' }]);
    expect(asked[0]!.url).toContain(`?encrypted_data=${encodeURIComponent(objectId)}&poi_id=${STORE}`);
  });

  it('V2: encodes + / and = once', async () => {
    const { platform, asked } = await saying(PACKAGE);
    // A + that was not encoded is a + of the id, no blank.
    await platform.scan!(SESSION, STORE, 'https://www.iesdouyin.com/c?object_id=CgY+/abc==');
    expect(asked[0]!.url).toContain('encrypted_data=CgY%2B%2Fabc%3D%3D');
  });
});

describe('a coupon', () => {
  it('V6: has its id to the last digit', () => {
    expect(parseJson('{"certificate_id":7520000000000000001}')).toEqual({ certificate_id: '7520000000000000001' });
  });

  it('V8: counts as turnover what the merchant does not give, and says what was paid', async () => {
    const { platform, asked } = await saying(PACKAGE);
    const coupon = (await platform.lookup(SESSION, STORE, CODE, 'douyin')) as Coupon;
    expect(coupon).toMatchObject({
      code: CODE,
      title: '3小时棋牌',
      price: 6_800,
      paid: 6_300,
      marketPrice: 12_800,
      remaining: 1,
    });
    expect(coupon).toMatchObject({ validFrom: 1_753_900_000_000, validUntil: 1_760_000_000_000, orderId: '1079000000000000001' });
    expect(coupon.handle).toContain('"7520000000000000001"');
    expect(asked[0]!.url).toBe(`/goodlife/v1/fulfilment/certificate/prepare/?code=${CODE}&poi_id=${STORE}`);
  });
});

describe('a verification', () => {
  it('V9: is done where its result is 0 and has a number', async () => {
    const { verify, asked } = await verifying(PACKAGE, 1, results(DONE));
    const receipt = (await verify()) as Receipt;
    expect(receipt).toMatchObject({
      kind: 'verified',
      at: NOW,
      undoUntil: NOW + 3_585_000,
      items: [{ count: 1, amount: 6_800 }],
    });
    expect(receipt.items[0]!.handle).toContain('"verification":"7520000000000000009"');
    expect(JSON.parse(asked[1]!.body)).toEqual({
      verify_token: 'vt-1',
      poi_id: STORE,
      encrypted_codes: ['CgY+/abc=='],
      order_id: '1079000000000000001',
    });
  });

  it('V10: of a used coupon is refused in a good envelope', async () => {
    const { verify_id: _, ...used } = { ...DONE, result: 1208, msg: '券已核销' };
    const { verify } = await verifying(PACKAGE, 1, results(used));
    expect(await verify()).toMatchObject({ kind: 'refused', reason: 'used' });
  });

  it('V10: that may have been our own is settled by what the coupon is', async () => {
    const used = `"sku":{"groupon_type":1},"verify":{"verify_id":"7520000000000000009","verify_time":1753999999,"verify_type":4,"poi_id":${STORE}}`;
    const { platform, coupon, verify } = await verifying(PACKAGE, 1, { status: 504, text: '' }, prepared(certificate(used)));
    expect(await faultOf(verify())).toMatchObject({ outcome: 'unknown' });
    const lost = { ...request(coupon), seenUnusedAt: NOW - 5_000, submittedAt: NOW - 2_000, asked: 0, notes: [] };
    const { result } = await platform.query(SESSION, lost, NOW);
    expect(result).toMatchObject({
      kind: 'verified',
      certainty: 'inferred',
      at: 1_753_999_999_000,
      items: [{ count: 1, amount: 6_800 }],
    });
  });

  it.each([
    ['V13: a page', '<html>502</html>'],
    ['V13: HTTP 504', { status: 504, text: '' }],
    ['a result 0 without a number', results({ ...DONE, verify_id: '' })],
    ['good data beside a bad envelope', `{"data":{"error_code":0},"extra":{"error_code":2100004,"description":"系统繁忙"}}`],
    ['a yes without any result', results()],
    ['an envelope without a code', '{"data":{"verify_results":[]}}'],
  ])('answered with %s is unsure', async (_, answer) => {
    const { verify } = await verifying(PACKAGE, 1, answer);
    expect(await faultOf(verify())).toMatchObject({ outcome: 'unknown' });
  });
});

describe('an undo', () => {
  const LATE =
    '{"data":{"error_code":3000001,"description":"已超过可撤销时限,无法撤销核销"},"extra":{"error_code":3000001,"description":"已超过可撤销时限,无法撤销核销","sub_error_code":2034000910,"sub_description":"已超过可撤销时限,无法撤销核销","logid":"L2","now":1754000000}}';
  const undoing = async (answer: string) => {
    const at = await verifying(PACKAGE, 1, results(DONE), answer);
    const { items } = (await at.verify()) as Receipt;
    const undo = { ...request(at.coupon), receiptHandle: items[0]!.handle!, requestId: 'un-1' };
    return { ...at, undone: await at.platform.undo!(SESSION, undo) };
  };

  it('V11: that is too late is final', async () => {
    const { undone, harness } = await undoing(LATE);
    expect(undone).toMatchObject({ kind: 'refused', reason: 'undo-late' });
    expect(harness.logged).toMatchObject([{ code: '3000001', subCode: '2034000910', logId: 'L2' }]);
  });

  it('V12: is done by a yes that has nothing else', async () => {
    const { undone, asked } = await undoing('{"data":{"error_code":0,"description":""}}');
    expect(undone).toEqual({ kind: 'undone', at: NOW });
    expect(JSON.parse(asked[2]!.body)).toEqual({ verify_id: '7520000000000000009', certificate_id: '7520000000000000001' });
  });
});

describe('several uses', () => {
  const use = (serial: number, verify_id: string, original: number) => ({
    ...DONE,
    verify_id,
    verify_amount_info: {
      times_card_serial_amount: {
        serial_numb: serial,
        amount: { original_amount: original, merchant_ticket_amount: 7_495, pay_amount: original - 7_495 },
      },
    },
  });

  it('V14: of a times card are the same code several times, each with its number and its amount', async () => {
    const { verify, asked, coupon } = await verifying(TIMES_CARD, 2, results(use(5, '72', 26_895), use(4, '71', 20_000)));
    expect(coupon).toMatchObject({ remaining: 7 });
    expect(coupon.price).toBeUndefined();
    const { items } = (await verify()) as Receipt;
    expect(items.map(({ count, amount, handle }) => [count, amount, handle?.includes('"72"')])).toEqual([
      [1, 19_400, true],
      [1, 12_505, false],
    ]);
    expect(JSON.parse(asked[1]!.body)).toMatchObject({ encrypted_codes: ['CgY+/abc==', 'CgY+/abc=='] });
  });

  const ONE = certificate('"sku":{"groupon_type":1},"amount":{"original_amount":6800}');
  const TWO = prepared(ONE, ONE.replace('abc==', 'def==').replace('7520000000000000001', '7520000000000000002'));

  it('V15: in another order than asked are told apart by their codes', async () => {
    const second = { ...DONE, code: 'CgY+/def==', verify_id: '72', origin_code: '222222222222222' };
    const { verify } = await verifying(TWO, 2, results(second, DONE));
    const { items } = (await verify()) as Receipt;
    expect(items.map(({ code, handle }) => [code, handle?.includes('CgY+/def==')])).toEqual([
      [undefined, false],
      ['222222222222222', true],
    ]);
  });

  it('V15: of which one is missing are unsure, never done', async () => {
    const { verify } = await verifying(TWO, 2, results(DONE));
    expect(await faultOf(verify())).toMatchObject({ kind: 'nonsense', outcome: 'unknown' });
  });

  it('of which one is refused are one done and one not', async () => {
    const { verify } = await verifying(TWO, 2, results({ code: 'CgY+/def==', result: 1229, msg: '风控' }, DONE));
    expect((await verify()) as Receipt).toMatchObject({ items: [{ amount: 6_800 }, { refusal: { reason: 'risk' } }] });
  });
});
