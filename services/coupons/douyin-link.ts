/** Follows a short link of Douyin's to what its app means by it, and to nowhere else. Nothing of any page is read. */
import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Agent, buildConnector, request } from 'undici';
import { hostOf } from './link-hosts.ts';
import { isPublicAddress } from './public-address.ts';

export type DouyinLink =
  /** A coupon of 抖音来客; its platform calls the id `encrypted_data`. Decoded once: it is to be encoded once when it is sent. */
  | { readonly kind: 'coupon'; readonly objectId: string }
  /** A coupon of a mini-app, which only the mini-app's own interface takes. Decoded once. */
  | { readonly kind: 'mini-app'; readonly encryptedData: string }
  | { readonly kind: 'none'; readonly why: DouyinDeadEnd };

export type DouyinDeadEnd =
  /** It ends at a page that is no coupon, or at no page. */
  | 'no-coupon'
  /** It leads away from Douyin, or to an address that is not on the public internet. */
  | 'elsewhere'
  /** More than three redirections. */
  | 'too-far'
  /** No answer within the time, or no connection. */
  | 'unreachable';

/** Never rejects. */
export type FollowDouyinLink = (link: string) => Promise<DouyinLink>;

export interface FollowDouyinLinkParts {
  /** Opens connections; to whatever address, `lookup` has to be asked for it. */
  readonly connector?: (lookup: LookupFunction) => buildConnector.connector;
  /** All addresses of a host, as the system knows them. */
  readonly resolve?: Resolve;
  /** For the whole way. */
  readonly timeMs?: number;
}

export type Resolve = (host: string, done: (error: Error | null, addresses: readonly LookupAddress[]) => void) => void;

const MOST_HOPS = 3;
const LONGEST = 4096;

class NotPublic extends Error {}

export function createFollowDouyinLink(parts: FollowDouyinLinkParts = {}): FollowDouyinLink {
  const { timeMs = 5000 } = parts;
  const resolve: Resolve = parts.resolve ?? ((host, done) => systemLookup(host, { all: true }, done));
  const connector = parts.connector ?? ((lookup) => buildConnector({ lookup, timeout: timeMs }));
  const dispatcher = new Agent({
    connect: connector(publicOnly(resolve)),
    connections: 4,
    keepAliveTimeout: 1,
    maxHeaderSize: 16_384,
  });

  return async (link) => {
    const signal = AbortSignal.timeout(timeMs);
    try {
      let address = parse(/^https?:/i.test(link) ? link : `https://${link}`);
      for (let hops = 0; ; hops++) {
        if (!address) return deadEnd('no-coupon');
        if (hostOf(address) !== 'douyin') return deadEnd('elsewhere');
        const coupon = couponIn(address);
        if (coupon) return coupon;
        // What came in as http is asked for by https; nobody is sent from one to the other.
        if (hops === 0 && address.protocol === 'http:') address.protocol = 'https:';
        if (address.protocol !== 'https:') return deadEnd('elsewhere');
        if (hops === MOST_HOPS) return deadEnd('too-far');
        const { statusCode, headers, body } = await request(address, { dispatcher, signal });
        body.on('error', () => undefined).destroy();
        const { location } = headers;
        if (statusCode < 300 || statusCode > 399 || typeof location !== 'string') return deadEnd('no-coupon');
        address = parse(location, address);
      }
    } catch (error) {
      return deadEnd(error instanceof NotPublic ? 'elsewhere' : 'unreachable');
    }
  };
}

const deadEnd = (why: DouyinDeadEnd): DouyinLink => ({ kind: 'none', why });

function parse(address: string, base?: URL): URL | undefined {
  return (address.length <= LONGEST && URL.parse(address, base)) || undefined;
}

/** What stands in the address itself: nobody needs to be asked for it. */
function couponIn({ search }: URL): DouyinLink | undefined {
  const objectId = parameter(search, 'object_id');
  if (objectId) return { kind: 'coupon', objectId };
  const encryptedData = parameter(search, 'encrypted_data');
  return encryptedData ? { kind: 'mini-app', encryptedData } : undefined;
}

/** Decoded once, and only what is encoded with `%`: the ids are Base64, where `+` means `+`. */
function parameter(search: string, name: string): string | undefined {
  const [raw] = search
    .slice(1)
    .split('&')
    .filter((pair) => pair.startsWith(`${name}=`));
  try {
    return raw === undefined ? undefined : decodeURIComponent(raw.slice(name.length + 1));
  } catch {
    return undefined;
  }
}

/** Looks a host up where the connection is made, so that nobody can change his mind in between. */
function publicOnly(resolve: Resolve): LookupFunction {
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
