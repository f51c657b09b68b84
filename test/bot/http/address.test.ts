import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { addressOf } from '../../../bot/http/address.ts';

/** The address of a request whose connection comes from `peer`. */
async function told(peer: string, forwarded?: string): Promise<string> {
  const app = new Hono().get('/', (c) => c.text(addressOf(c)));
  const incoming = { socket: { remoteAddress: peer } };
  const answer = await app.request('/', forwarded === undefined ? {} : { headers: { 'x-forwarded-for': forwarded } }, {
    incoming,
  });
  return await answer.text();
}

test('it is the connection’s own, however it is written', async () => {
  expect(await told('203.0.113.7')).toBe('203.0.113.7');
  expect(await told('::ffff:203.0.113.7')).toBe('203.0.113.7');
});

test('of a proxy nearby it is what that wrote last; nobody else is believed', async () => {
  expect(await told('127.0.0.1', '203.0.113.7')).toBe('203.0.113.7');
  expect(await told('::1', 'made-up, 198.51.100.1, 203.0.113.7')).toBe('203.0.113.7');
  expect(await told('10.1.2.3', 'nonsense')).toBe('10.1.2.3');
  expect(await told('203.0.113.7', '198.51.100.1')).toBe('203.0.113.7');
});

test('of IPv6 it is the network of a household', async () => {
  expect(await told('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2');
  expect(await told('2001:db8:1:2::9')).toBe('2001:db8:1:2');
  expect(await told('2001:db8::9')).toBe('2001:db8:0:0');
});
