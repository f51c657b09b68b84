import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { addressOf } from '../../../bot/http/address.ts';

/** The address of a request over this connection. */
async function seen(remoteAddress: string | undefined, forwarded?: string): Promise<string> {
  const app = new Hono().get('/', (c) => c.text(addressOf(c)));
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  const env = remoteAddress === undefined ? {} : { incoming: { socket: { remoteAddress } } };
  return await (await app.request('/', { headers }, env)).text();
}

test.each([
  ['8.8.8.8', undefined, '8.8.8.8'],
  ['::ffff:8.8.8.8', undefined, '8.8.8.8'],
  // One household has the addresses of 64 bits.
  ['2a01:4f8:c0c:12ab::1', undefined, '2a01:4f8:c0c:12ab'],
  ['2a01:4f8:c0c:12ab:5:6:7:8', undefined, '2a01:4f8:c0c:12ab'],
  ['2a01::7', undefined, '2a01:0:0:0'],
  // What a client on the internet says of itself is worth nothing.
  ['8.8.8.8', '1.1.1.1', '8.8.8.8'],
  // A proxy appends what it sees; what stands before came from the client.
  ['127.0.0.1', '6.6.6.6, 1.1.1.1', '1.1.1.1'],
  ['::ffff:172.17.0.1', '1.1.1.1', '1.1.1.1'],
  ['::1', '2a01:4f8:c0c:12ab::1', '2a01:4f8:c0c:12ab'],
  ['127.0.0.1', 'unknown', '127.0.0.1'],
  [undefined, '1.1.1.1', ''],
])('a connection from %s that says %s counts as %s', async (remote, forwarded, address) => {
  expect(await seen(remote, forwarded)).toBe(address);
});
