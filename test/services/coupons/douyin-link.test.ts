import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createFollowDouyinLink, type FollowDouyinLinkParts } from '../../../services/coupons/douyin-link.ts';
import { startDouyinLinks } from '../../doubles/douyin-links.ts';
import { systemTime } from '../../../services/time/time.ts';

let douyin: Awaited<ReturnType<typeof startDouyinLinks>>;
beforeAll(async () => {
  douyin = await startDouyinLinks();
});
afterEach(() => douyin.asked.splice(0));
afterAll(() => douyin.stop());

const follower = (parts: Partial<FollowDouyinLinkParts> = {}) => {
  const { connector, resolve } = douyin;
  return createFollowDouyinLink({ monotonic: systemTime.monotonic, connector, resolve, ...parts });
};
const SHORT = 'https://v.douyin.com/iRNBho5/';
const none = (why: string) => ({ kind: 'none', why });

describe('a short link of Douyin', () => {
  it('leads to the id of a coupon, decoded once; the page itself is not asked for', async () => {
    douyin.link('v.douyin.com/iRNBho5/', {
      to: 'https://www.iesdouyin.com/share/commerce/coupon/7?from=app&object_id=Ab%2Bc%252F1%3D%3D&x=1',
    });
    expect(await follower()(SHORT)).toEqual({ kind: 'coupon', objectId: 'Ab+c%2F1==' });
    expect(douyin.asked).toEqual([{ host: 'v.douyin.com', path: '/iRNBho5/', cookie: undefined }]);
  });

  it('may have no slash at its end, no scheme, or http', async () => {
    douyin.link('v.douyin.com/bare', { to: 'https://www.iesdouyin.com/share/?object_id=A1', status: 301 });
    for (const link of ['https://v.douyin.com/bare', 'v.douyin.com/bare', 'http://v.douyin.com/bare'])
      expect(await follower()(link)).toEqual({ kind: 'coupon', objectId: 'A1' });
  });

  it('leads to a mini-app', async () => {
    douyin.link('v.douyin.com/mini/', { to: 'https://www.douyin.com/microapp?encrypted_data=CgYI%2BASAB' });
    expect(await follower()('https://v.douyin.com/mini/')).toEqual({ kind: 'mini-app', encryptedData: 'CgYI+ASAB' });
  });

  it('a plus sign stays one, and what cannot be decoded is no id', async () => {
    expect(await follower()('https://www.iesdouyin.com/share/?object_id=a+b')).toEqual({ kind: 'coupon', objectId: 'a+b' });
    expect(await follower()('https://www.iesdouyin.com/share/?object_id=%E4%A')).toEqual(none('no-coupon'));
    expect(await follower()('https://www.iesdouyin.com/share/?my_object_id=1&object_id=')).toEqual(none('no-coupon'));
  });

  it('that is long already says it itself: nobody is asked', async () => {
    expect(await follower()('https://www.iesdouyin.com/share/commerce/coupon/?object_id=A1')).toMatchObject({ objectId: 'A1' });
    expect(douyin.asked).toEqual([]);
  });

  it('whose coupon stands in an address that is asked for without encryption is read and not asked for', async () => {
    douyin.link('v.douyin.com/plain/', { to: 'http://www.iesdouyin.com/share/?object_id=A1' });
    expect(await follower()('https://v.douyin.com/plain/')).toEqual({ kind: 'coupon', objectId: 'A1' });
    expect(douyin.asked).toHaveLength(1);
  });

  it('of somebody else’s is not asked for, and its id is nobody’s', async () => {
    for (const link of ['https://example.com/?object_id=A1', 'https://v.douyin.com@example.com/?encrypted_data=A1'])
      expect(await follower()(link)).toEqual(none('elsewhere'));
    expect(douyin.asked).toEqual([]);
  });

  it('is followed three times, with no cookie, and not a fourth time', async () => {
    const chain = ['v.douyin.com/a/', 'www.douyin.com/b', 'www.iesdouyin.com/c', 'm.iesdouyin.com/d'] as const;
    for (const [n, link] of chain.slice(0, -1).entries()) douyin.link(link, { to: `https://${chain[n + 1]}` });
    expect(await follower()('https://v.douyin.com/a/')).toEqual(none('too-far'));
    expect(douyin.asked.map(({ host, cookie }) => [host, cookie])).toEqual([
      ['v.douyin.com', undefined],
      ['www.douyin.com', undefined],
      ['www.iesdouyin.com', undefined],
    ]);
    douyin.link('www.iesdouyin.com/c', { to: '/d?object_id=A1' });
    expect(await follower()('https://v.douyin.com/a/')).toEqual({ kind: 'coupon', objectId: 'A1' });
  });

  it.each([
    'https://example.com/',
    'https://douyin.com.example.com/',
    'https://evildouyin.com/',
    'http://www.douyin.com/plain',
    'https://www.douyin.com:8443/',
    'https://user@www.douyin.com/',
    'https://example.com/?object_id=A1',
    'https://example.com/?encrypted_data=A1',
    'https://evil-douyin.com/?object_id=A1',
    'https://douyin.com.example.com/?object_id=A1',
    'https://www.douyin.com@example.com/?object_id=A1',
    'https://www.douyin.com:8443/?object_id=A1',
    'snssdk1128://goodlife/coupon?object_id=A1',
    'https://127.0.0.1/',
    'https://[::1]/',
    'ftp://v.douyin.com/',
    'file:///etc/passwd',
  ])('does not lead to %s', async (to) => {
    douyin.link('v.douyin.com/away/', { to });
    expect(await follower()('https://v.douyin.com/away/')).toEqual(none('elsewhere'));
    expect(douyin.asked).toHaveLength(1);
  });

  it.each([200, 204, 304, 404, 500])('that is answered by %d is no coupon', async (status) => {
    douyin.link('v.douyin.com/gone/', status);
    expect(await follower()('https://v.douyin.com/gone/')).toEqual(none('no-coupon'));
  });

  it('ends at a page whose body nobody reads', async () => {
    douyin.link('v.douyin.com/page/', 'page');
    expect(await follower()('https://v.douyin.com/page/')).toEqual(none('no-coupon'));
  });

  it('has so much time for the whole way', async () => {
    douyin.link('v.douyin.com/hm/', { to: 'https://www.douyin.com/silent' });
    douyin.link('www.douyin.com/silent', 'silence');
    expect(await follower({ timeMs: 400 })('https://v.douyin.com/hm/')).toEqual(none('unreachable'));
    expect(douyin.asked).toHaveLength(2);
  });

  it.each(['not a link', 'https://', '', `https://v.douyin.com/${'x'.repeat(5000)}`])('%.30s is none', async (link) => {
    expect((await follower()(link)).kind).toBe('none');
    expect(douyin.asked).toEqual([]);
  });
});

describe('where a host of Douyin is said to be', () => {
  it.each([
    '127.0.0.1',
    '10.1.2.3',
    '100.64.0.1',
    '169.254.169.254',
    '172.31.255.1',
    '192.168.1.1',
    '0.0.0.0',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:101.226.4.6',
    'fe80::1',
    'fd00::1',
    '64:ff9b::a01:203',
    '2002:a01:203::1',
    '2001:db8::1',
    'not an address',
  ])('%s is not the public internet, and nobody goes there', async (address) => {
    const follow = follower({
      resolve: (_, done) =>
        done(null, [
          { address: '101.226.4.6', family: 4 },
          { address, family: 4 },
        ]),
    });
    expect(await follow(SHORT)).toEqual(none('elsewhere'));
    expect(douyin.asked).toEqual([]);
  });

  it.each(['101.226.4.6', '172.32.0.1', '100.128.0.1', '240e:bf::1', '2408:8756::7'])('%s is', async (address) => {
    douyin.link('v.douyin.com/iRNBho5/', { to: 'https://www.douyin.com/?object_id=A1' });
    const follow = follower({ resolve: (_, done) => done(null, [{ address, family: 4 }]) });
    expect(await follow(SHORT)).toEqual({ kind: 'coupon', objectId: 'A1' });
  });

  it('nowhere', async () => {
    const follow = follower({ resolve: (_, done) => done(new Error('ENOTFOUND'), []) });
    expect(await follow(SHORT)).toEqual(none('unreachable'));
    expect(await follower({ resolve: (_, done) => done(null, []) })(SHORT)).toEqual(none('unreachable'));
  });

  it('without a double the connection itself asks the same question', async () => {
    // The real connector, which would speak TLS: it never gets as far.
    const { asked } = douyin;
    const follow = createFollowDouyinLink({
      monotonic: systemTime.monotonic,
      resolve: (_, done) => done(null, [{ address: '127.0.0.1', family: 4 }]),
    });
    expect(await follow(SHORT)).toEqual(none('elsewhere'));
    expect(asked).toEqual([]);
  });
});
