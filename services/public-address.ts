/** Keeps requests to addresses that people name on the public internet, against server-side request forgery. */
import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { buildConnector } from 'undici';

/** Finds all addresses of a host. */
export type Resolve = (host: string, done: (error: Error | null, addresses: readonly LookupAddress[]) => void) => void;

/** The code of the error of a connection to an address that is not on the public internet. */
export const NOT_PUBLIC = 'NOT_PUBLIC';

class NotPublic extends Error {
  readonly code = NOT_PUBLIC;
}

/** Asks the system for all addresses of a host. */
export const systemResolve: Resolve = (host, done) => systemLookup(host, { all: true }, done);

/**
 * Resolves a host at the moment of connecting, so that its address cannot change between check and use. Fails where one of its
 * addresses is not public. Hosts that are addresses themselves are not resolved: `publicConnector` checks them too.
 */
export function publicOnly(resolve: Resolve): LookupFunction {
  return (host, options: LookupOptions, done) => {
    resolve(host, (error, addresses) => {
      const first = addresses[0];
      if (error || !first) return done(error ?? new Error('no such host'), '');
      if (!addresses.every(({ address }) => isPublicAddress(address))) return done(new NotPublic('not a public address'), '');
      if (options.all) return done(null, [...addresses]);
      return done(null, first.address, first.family);
    });
  };
}

/** Makes a connector that opens connections to public addresses only. `timeoutMs` spans one connection. */
export function publicConnector(timeoutMs: number, resolve: Resolve = systemResolve): buildConnector.connector {
  const connect = buildConnector({ lookup: publicOnly(resolve), timeout: timeoutMs });
  return (options, done) => {
    const host = options.hostname.replace(/^\[|\]$/g, '');
    if (isIP(host) !== 0 && !isPublicAddress(host)) return done(new NotPublic('not a public address'), null);
    connect(options, done);
  };
}

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
