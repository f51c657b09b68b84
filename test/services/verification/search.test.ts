/** A search asks the gateways whose codes look so, by rank, and no others. */
import { expect, test } from 'vitest';
import { createSearch } from '../../../services/verification/search.ts';
import { createGateway, type Gateway } from '../../doubles/gateways.ts';

const TEN = '7992697494';
const TWELVE = '013541450619';
const FIFTEEN = '104686126200130';

const search = (gateways: readonly Gateway[], code: string, anywhere?: boolean) =>
  createSearch({
    client: async ({ accountId }) => gateways.find(({ storeAccount }) => storeAccount.accountId === accountId)!.client,
  })(
    gateways.map(({ storeAccount }) => storeAccount),
    code,
    anywhere,
  );
const asked = (gateways: readonly Gateway[]) => gateways.map((gateway) => gateway.asked.length);

test('an only gateway is asked, whatever the code looks like: the evidence is thin', async () => {
  for (const code of [TEN, TWELVE, FIFTEEN]) {
    const umember = createGateway('umember', { meituan: 'coupon' });
    expect(await search([umember], code)).toMatchObject({ kind: 'found', found: [{ coupon: { code } }] });
    expect(umember.asked).toEqual([`meituan ${code}`]);
  }
});

test('a code is asked for only where codes look so', async () => {
  const umember = createGateway('umember', { meituan: 'not-found' });
  const allinpay = createGateway('allinpay', { dining: 'not-found', douyin: 'coupon' });
  const found = await search([umember, allinpay], FIFTEEN);
  expect(found).toMatchObject({
    kind: 'found',
    found: [{ storeAccount: { id: 'allinpay' }, coupon: { title: 'allinpay douyin' } }],
  });
  expect(umember.asked).toEqual([]);
  expect(allinpay.asked).toEqual([`douyin ${FIFTEEN}`]);
});

test('of gateways to one system one is asked, and the one that can undo comes first', async () => {
  const gateways = [
    createGateway('umember', { meituan: 'coupon' }),
    createGateway('dianping', { meituan: 'coupon' }),
    createGateway('meituan', { meituan: 'coupon' }),
  ];
  expect(await search(gateways, TEN)).toMatchObject({ found: [{ storeAccount: { id: 'meituan' } }] });
  expect(asked(gateways)).toEqual([0, 0, 1]);
});

test('the rank alone decides which gateway to one system is asked first', async () => {
  const gateways = [
    createGateway('meituan', { meituan: 'coupon' }, 2),
    createGateway('umember', { meituan: 'coupon' }, 1),
    createGateway('dianping', { meituan: 'coupon' }, Number.MAX_SAFE_INTEGER),
  ];
  expect(await search(gateways, TEN)).toMatchObject({ found: [{ storeAccount: { id: 'umember' } }] });
  expect(asked(gateways)).toEqual([0, 1, 0]);
});

test('a gateway that does not answer leaves it to the next', async () => {
  const gateways = [createGateway('meituan', { meituan: 'fault' }), createGateway('umember', { meituan: 'coupon' })];
  expect(await search(gateways, TEN)).toMatchObject({ found: [{ storeAccount: { id: 'umember' } }] });
});

test.each(['used', 'expired', 'refunded'] as const)('what is %s at one gateway is not asked for at another', async (reason) => {
  const gateways = [createGateway('meituan', { meituan: reason }), createGateway('umember', { meituan: 'coupon' })];
  expect(await search(gateways, TEN)).toMatchObject({ kind: 'nowhere', refusal: { reason } });
  expect(asked(gateways)).toEqual([1, 0]);
});

test.each(['not-found', 'wrong-store', 'unauthorised', 'quota', 'config'] as const)(
  'a gateway that says %s may be wrong about it: the next is asked',
  async (reason) => {
    const gateways = [createGateway('meituan', { meituan: reason }), createGateway('umember', { meituan: 'coupon' })];
    expect(await search(gateways, TEN)).toMatchObject({ kind: 'found', found: [{ storeAccount: { id: 'umember' } }] });
  },
);

test('of several refusals the one that says most is told', async () => {
  const gateways = [
    createGateway('meituan', { meituan: 'not-found' }),
    createGateway('dianping', { meituan: 'wrong-store' }),
    createGateway('umember', { meituan: 'unauthorised' }),
  ];
  expect(await search(gateways, TEN)).toMatchObject({ kind: 'nowhere', refusal: { reason: 'wrong-store' } });
});

test('twelve digits may be of two markets: both are asked, and where both know them somebody chooses', async () => {
  const both = createGateway('allinpay', { dining: 'coupon', douyin: 'coupon' });
  expect(await search([both], TWELVE)).toMatchObject({
    kind: 'found',
    found: [{ coupon: { market: 'dining' } }, { coupon: { market: 'douyin' } }],
  });
  const one = createGateway('allinpay', { dining: 'used', douyin: 'coupon' });
  const found = await search([one], TWELVE);
  expect(found).toMatchObject({ kind: 'found', found: [{ coupon: { title: 'allinpay douyin' } }] });
  expect(found).not.toHaveProperty('found.0.coupon.market');
});

test('not found at one market means nothing while another does not answer', async () => {
  const gateway = createGateway('allinpay', { dining: 'not-found', douyin: 'fault' });
  await expect(search([gateway], TWELVE)).rejects.toMatchObject({ kind: 'unreachable' });
  const used = createGateway('allinpay', { dining: 'used', douyin: 'fault' });
  expect(await search([used], TWELVE)).toMatchObject({ kind: 'nowhere', refusal: { reason: 'used' } });
});

test.each(['not-found', 'wrong-store'] as const)(
  '%s at one account is no answer for the store while another account does not answer',
  async (reason) => {
    const gateways = [createGateway('meituan', { meituan: reason }), createGateway('umember', { meituan: 'fault' })];
    await expect(search(gateways, TEN)).rejects.toMatchObject({ kind: 'unreachable' });
  },
);

test('an account that must be bound again says so, whatever the others answer', async () => {
  for (const other of ['not-found', 'fault'] as const) {
    const gateways = [createGateway('meituan', { meituan: 'unauthorised' }), createGateway('umember', { meituan: other })];
    expect(await search(gateways, TEN)).toMatchObject({ kind: 'nowhere', refusal: { reason: 'unauthorised' } });
  }
});

test('what is found nowhere is looked for anywhere when somebody says so', async () => {
  const gateways = [createGateway('umember', { meituan: 'coupon' }), createGateway('allinpay', { dining: 'not-found' })];
  expect(await search(gateways, TWELVE)).toEqual({
    kind: 'nowhere',
    refusal: { kind: 'refused', reason: 'not-found' },
    elsewhere: true,
  });
  expect(await search(gateways, TWELVE, true)).toMatchObject({ kind: 'found', found: [{ storeAccount: { id: 'umember' } }] });
});

test.each(['coupon', 'not-found', 'wrong-store', 'other', 'unauthorised', 'fault'] as const)(
  'an exclusive gateway that says %s is the only one asked for its market, here and anywhere',
  async (word) => {
    const douyin = createGateway('douyin', { douyin: word });
    const allinpay = createGateway('allinpay', { dining: 'not-found', douyin: 'coupon' });
    for (const anywhere of [false, true]) {
      const found = await search([allinpay, douyin], FIFTEEN, anywhere).catch(() => 'fault');
      if (word === 'coupon') expect(found).toMatchObject({ kind: 'found', found: [{ storeAccount: { id: 'douyin' } }] });
      else expect(found).not.toMatchObject({ kind: 'found' });
    }
    expect(allinpay.asked).toEqual([`dining ${FIFTEEN}`]);
    expect(douyin.asked).toHaveLength(2);
  },
);
