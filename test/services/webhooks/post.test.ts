/** One attempt to deliver an event: to public addresses only, within bounds, and what its answer means. */
import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPost, readAddress, type Attempt } from '../../../services/webhooks/post.ts';
import { startMerchantSystem, type Answering, type MerchantSystem } from '../../doubles/merchant-system.ts';

const NOON = Date.UTC(2026, 10, 22, 4);
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const FORMER = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;

let system: MerchantSystem;
beforeEach(async () => {
  system = await startMerchantSystem();
});
afterEach(() => system.close());

const clock = 0;
const parts = { now: () => NOON, monotonic: () => clock };
const post = createPost({ ...parts, privateToo: true });
const event = (url = system.url) => ({
  url: new URL(url),
  id: 'msg_1',
  body: '{"type":"coupon.verified"}',
  secrets: [SECRET, FORMER],
});
const answered = async (answer: Answering): Promise<Attempt> => {
  system.next.push(answer);
  return await post(event());
};
const ok = (message: unknown) => ({ status: 200, body: JSON.stringify({ message }) });

describe('an attempt', () => {
  it('is signed by the specification’s algorithm: id, time and body, with every secret', async () => {
    await post(event());
    const [{ headers, body }] = system.received as [(typeof system.received)[0]];
    const signature = (key: number) =>
      `v1,${createHmac('sha256', Buffer.alloc(32, key))
        .update(`msg_1.${NOON / 1000}.${body}`)
        .digest('base64')}`;
    expect(headers).toMatchObject({
      'webhook-id': 'msg_1',
      'webhook-timestamp': String(NOON / 1000),
      'webhook-signature': `${signature(7)} ${signature(9)}`,
    });
  });

  it.each([
    [{ status: 204 }, { kind: 'delivered', status: 204 }],
    [{ status: 410 }, { kind: 'gone', status: 410 }],
    [{ status: 500 }, { kind: 'failed', status: 500 }],
    [{ status: 404 }, { kind: 'failed', status: 404 }],
    [
      { status: 429, headers: { 'retry-after': '30' } },
      { kind: 'failed', status: 429, afterMs: 30_000 },
    ],
    ['lost', { kind: 'failed', reason: 'UND_ERR_SOCKET' }],
    [
      { status: 200, headers: { 'content-encoding': 'gzip' }, body: 'x' },
      { kind: 'delivered', status: 200 },
    ],
    [
      { status: 200, body: JSON.stringify({ message: 'x', more: 'y'.repeat(60_000) }) },
      { kind: 'delivered', status: 200 },
    ],
  ] as const)('answered with %j ended so: %j', async (answer, ended) => {
    expect(await answered(answer)).toEqual(ended);
  });

  it('follows no redirection: the place it leads to gets nothing', async () => {
    const other = await startMerchantSystem();
    expect(await answered({ status: 307, headers: { location: other.url } })).toEqual({ kind: 'failed', status: 307 });
    expect(other.received).toEqual([]);
    await other.close();
  });

  it.each([
    [ok('3 号桌已开灯'), '3 号桌已开灯'],
    [ok('灯\n已\u202e开'), '灯 已 开'],
    [ok('x'.repeat(201)), undefined],
    [ok(''), undefined],
    [ok(7), undefined],
    [{ status: 200, body: '好' }, undefined],
    [{ status: 200, body: 'null' }, undefined],
  ])('answered with %j says to the customer: %s', async (answer, message) => {
    const ended = await answered(answer);
    expect(ended.kind === 'delivered' && ended.message).toBe(message);
  });

  it('whose answer took more than three seconds says nothing to the customer', async () => {
    let ms = 0;
    const late = createPost({ ...parts, monotonic: () => (ms += 3001), privateToo: true });
    system.next.push(ok('too late'));
    expect(await late(event())).toEqual({ kind: 'delivered', status: 200 });
  });
});

describe('a private address', () => {
  const guarded = createPost(parts);
  it.each(['127.0.0.1', '[::1]', '10.0.0.8', '169.254.169.254', '[::ffff:127.0.0.1]', '0.0.0.0'])(
    'gets nothing where it is written as %s',
    async (host) => {
      const url = system.url.replace('127.0.0.1', host);
      expect(await guarded(event(url))).toEqual({ kind: 'failed', reason: 'private-address' });
      expect(system.received).toEqual([]);
    },
  );

  it('gets nothing behind a name either, looked at in the moment of connecting, not even beside a public one', async () => {
    const resolving = (...addresses: readonly string[]) =>
      createPost({
        ...parts,
        resolve: (_, done) =>
          done(
            null,
            addresses.map((address) => ({ address, family: 4 })),
          ),
      });
    const url = system.url.replace('127.0.0.1', 'shop.example');
    expect(await resolving('127.0.0.1')(event(url))).toEqual({ kind: 'failed', reason: 'private-address' });
    expect(await resolving('8.8.8.8', '127.0.0.1')(event(url))).toEqual({ kind: 'failed', reason: 'private-address' });
    expect(system.received).toEqual([]);
  });
});

it.each([
  ['https://shop.example/hook?token=1', 'https://shop.example/hook?token=1'],
  ['https://shop.example/a#part', 'https://shop.example/a'],
  ['http://shop.example/', 'https-only'],
  ['https://localhost/', 'private-address'],
  ['https://user:pass@shop.example/', 'credentials'],
  ['ftp://shop.example/', 'not-an-address'],
  ['shop.example', 'not-an-address'],
  [`https://shop.example/${'x'.repeat(2000)}`, 'not-an-address'],
])('the address %s is read as %s', (text, read) => {
  expect(String(readAddress(text, false))).toBe(read);
});
