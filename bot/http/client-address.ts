/** Tells where a request comes from, as limits per address count it. */
import type { HttpBindings } from '@hono/node-server';
import type { Context } from 'hono';
import { isIP } from 'node:net';
import { isPublicAddress } from '../../services/public-address.ts';

/**
 * An IPv4 address, or the first 56 bits of an IPv6 one, which one customer of a provider has; '' without a connection. A proxy
 * on this machine or in a private network (Docker's) is believed: what it appended last to `X-Forwarded-For` is the address
 * that it saw.
 */
export function clientAddress(c: Context): string {
  const { incoming } = (c.env ?? {}) as Partial<HttpBindings>;
  const peer = plain(incoming?.socket.remoteAddress ?? '');
  const seen = isNear(peer) ? plain(c.req.header('x-forwarded-for')?.split(',').at(-1)?.trim() ?? '') : '';
  return network(isIP(seen) === 0 ? peer : seen);
}

/** Whether a connection comes from this machine or a private network. */
export const isNear = (address: string): boolean => isIP(plain(address)) !== 0 && !isPublicAddress(plain(address));

/** An IPv4 address may be written as an IPv6 one, and an IPv6 one may name its interface. */
const plain = (address: string): string => address.replace(/^::ffff:(?=[\d.]+$)/i, '').replace(/%.*$/, '');

function network(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = [], tail = []] = address.split('::').map((half) => half.split(':').filter(Boolean));
  const groups = [...head, ...Array<string>(Math.max(0, 8 - head.length - tail.length)).fill('0'), ...tail];
  const [a, b, c, d = '0'] = groups.map((group) => group.toLowerCase().padStart(4, '0'));
  return `${a}:${b}:${c}:${d.slice(0, 2)}`;
}
