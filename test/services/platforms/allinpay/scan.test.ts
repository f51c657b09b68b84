/** A Douyin coupon's QR code holds a short link; the id in its target takes the place of the digits. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFollowDouyinLink } from '../../../../services/coupons/douyin-link.ts';
import { startDouyinLinks } from '../../../doubles/douyin-links.ts';
import { openStage, type Harness } from './harness.ts';
import { systemTime } from '../../../../services/time/time.ts';

const LINK = 'https://v.douyin.com/iRNBho5/';
const OBJECT = 'CgYIASAHKAESLgosk4Hd+wz==';

let douyin: Awaited<ReturnType<typeof startDouyinLinks>>;
let harness: Harness;
beforeEach(async () => {
  douyin = await startDouyinLinks();
  harness = await openStage({
    follow: createFollowDouyinLink({
      monotonic: systemTime.monotonic,
      connector: douyin.connector,
      resolve: douyin.resolve,
      timeMs: 300,
    }),
  });
});
afterEach(async () => {
  await harness.close();
  await douyin.stop();
});
const scan = (scanned: string) => harness.platform.scan!(harness.session, '147', scanned);

test('a coupon is looked up by what its link leads to, and used by it', async () => {
  douyin.link('v.douyin.com/iRNBho5/', { to: `https://www.iesdouyin.com/share/?object_id=${encodeURIComponent(OBJECT)}` });
  harness.double.books.coupon({ type: 'tiktok', code: OBJECT, yuan: '49.00' });
  const found = await scan(LINK);
  expect(found).toMatchObject([{ kind: 'coupon', code: OBJECT, price: 4_900 }]);
  expect(harness.double.asked('prepare').at(-1)).toMatchObject({ type: 'tiktok', couponNo: OBJECT });
  expect(harness.double.books.used(OBJECT)).toBe(0);
});

test('a link that is nobody’s coupon, and what is no link of Douyin’s, is not found, and costs no call', async () => {
  const before = harness.double.asked('prepare').length;
  expect(await scan(LINK)).toMatchObject({ kind: 'refused', reason: 'not-found' });
  expect(await scan('https://example.com/?object_id')).toMatchObject({ kind: 'refused', reason: 'not-found' });
  expect(await scan('user:1')).toMatchObject({ kind: 'refused', reason: 'not-found' });
  expect(harness.double.asked('prepare')).toHaveLength(before);
});

test('a gateway that does not take it says so', async () => {
  douyin.link('v.douyin.com/iRNBho5/', { to: 'https://www.iesdouyin.com/share/?object_id=A1' });
  expect(await scan(LINK)).toMatchObject({ kind: 'refused', reason: 'not-found' });
});

test('a link that cannot be followed just now is a fault that did nothing', async () => {
  douyin.link('v.douyin.com/iRNBho5/', 'silence');
  await expect(scan(LINK)).rejects.toMatchObject({ kind: 'unreachable', outcome: 'not-done' });
});
