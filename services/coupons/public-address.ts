/** Tells public IP addresses from loopback, private and reserved ones, against server-side request forgery. */
import { BlockList, isIP } from 'node:net';

/** The IANA special-purpose registries for IPv4, and multicast. */
const KEPT_4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const;
/** IANA allocates IPv6 addresses from 2000::/3 alone; reserved in it: protocol assignments (Teredo among them), examples, 6to4. */
const GIVEN_6 = [['2000::', 3]] as const;
const KEPT_6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const list = (family: 'ipv4' | 'ipv6', ranges: readonly (readonly [string, number])[]): BlockList => {
  const blocks = new BlockList();
  for (const [net, prefix] of ranges) blocks.addSubnet(net, prefix, family);
  return blocks;
};
const kept4 = list('ipv4', KEPT_4);
const given6 = list('ipv6', GIVEN_6);
const kept6 = list('ipv6', KEPT_6);

export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 4) return !kept4.check(address, 'ipv4');
  return family === 6 && given6.check(address, 'ipv6') && !kept6.check(address, 'ipv6');
}
