/** The address that a request comes from: of the client itself where a proxy of ours forwards it. */
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { BlockList, isIP } from 'node:net';

/** A proxy stands on this machine or in its private network. */
const near = new BlockList();
for (const [network, bits] of [
  ['127.0.0.0', 8],
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  near.addSubnet(network, bits);
near.addAddress('::1', 'ipv6');
near.addSubnet('fc00::', 7, 'ipv6');
near.addSubnet('fe80::', 10, 'ipv6');

const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '');
const familyOf = (address: string) => (isIP(address) === 6 ? 'ipv6' : 'ipv4');

/** Whether a connection comes from this machine or its private network. */
export const isNear = (address: string): boolean =>
  isIP(plain(address)) !== 0 && near.check(plain(address), familyOf(plain(address)));

/**
 * The client's address; an IPv6 one by its network of 64 bits, which one household has. Of `X-Forwarded-For` the last address
 * counts, which the nearest proxy wrote itself, and only where that proxy is near. Empty under `app.request()`.
 */
export function addressOf(c: Context): string {
  const { incoming } = (c.env ?? {}) as Partial<HttpBindings>;
  const peer = plain(incoming?.socket.remoteAddress ?? '');
  const told = c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() ?? '';
  const client = isIP(told) !== 0 && isNear(peer) ? told : peer;
  return isIP(client) === 6 ? networkOf(client) : client;
}

/** The first four groups of an IPv6 address. */
function networkOf(address: string): string {
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const rest = tail === undefined ? [] : tail.split(':').filter((group) => group !== '');
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - groups.length - rest.length);
  return [...groups, ...Array.from({ length: zeros }, () => '0'), ...rest].slice(0, 4).join(':');
}
