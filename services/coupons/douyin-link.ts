/** Follows a short link of Douyin's to the coupon it stands for, and to nowhere else. The body of a page is never read. */
import type { LookupFunction } from 'node:net';
import { buildConnector } from 'undici';
import { createHttp, HttpFault } from '../http.ts';
import type { Time } from '../time/time.ts';
import { hostOf } from './link-hosts.ts';
import { publicOnly, systemResolve, type Resolve } from '../public-address.ts';

export type DouyinLink =
  /** A coupon of 抖音来客, whose platform names the id `encrypted_data`. Decoded once, so it is encoded once when it is sent. */
  | { readonly kind: 'coupon'; readonly objectId: string }
  /** A coupon of a mini-app, which only the mini-app's own interface accepts. Decoded once. */
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
  /** Makes the connector; every connection resolves its host by `lookup`. */
  readonly connector?: (lookup: LookupFunction) => buildConnector.connector;
  /** All addresses of a host, as the system knows them. */
  readonly resolve?: Resolve;
  /** The timeout for all redirects together. */
  readonly timeMs?: number;
  readonly monotonic: Time['monotonic'];
}

const MOST_HOPS = 3;
const LONGEST = 4096;

export function createFollowDouyinLink(parts: FollowDouyinLinkParts): FollowDouyinLink {
  const { timeMs = 5000, monotonic } = parts;
  const resolve: Resolve = parts.resolve ?? systemResolve;
  const connector = parts.connector ?? ((lookup) => buildConnector({ lookup, timeout: timeMs }));
  const http = createHttp({ connect: connector(publicOnly(resolve)), connections: 4 });

  return async (link) => {
    const until = monotonic() + timeMs;
    try {
      let address = parse(/^https?:/i.test(link) ? link : `https://${link}`);
      for (let hops = 0; ; hops++) {
        if (!address) return deadEnd('no-coupon');
        if (hostOf(address) !== 'douyin') return deadEnd('elsewhere');
        const coupon = couponIn(address);
        if (coupon) return coupon;
        // A link typed as http is requested by https; a redirect to http is not followed.
        if (hops === 0 && address.protocol === 'http:') address.protocol = 'https:';
        if (address.protocol !== 'https:') return deadEnd('elsewhere');
        if (hops === MOST_HOPS) return deadEnd('too-far');
        const timeoutMs = Math.max(1, until - monotonic());
        const { status, headers } = await http({ url: address, timeoutMs, newConnection: true, readsBody: () => false });
        const { location } = headers;
        if (status < 300 || status > 399 || typeof location !== 'string') return deadEnd('no-coupon');
        address = parse(location, address);
      }
    } catch (error) {
      return deadEnd(error instanceof HttpFault && error.code === 'NOT_PUBLIC' ? 'elsewhere' : 'unreachable');
    }
  };
}

const deadEnd = (why: DouyinDeadEnd): DouyinLink => ({ kind: 'none', why });

function parse(address: string, base?: URL): URL | undefined {
  return (address.length <= LONGEST && URL.parse(address, base)) || undefined;
}

/** The coupon that the address itself names; no request is needed for it. */
function couponIn({ search }: URL): DouyinLink | undefined {
  const objectId = parameter(search, 'object_id');
  if (objectId) return { kind: 'coupon', objectId };
  const encryptedData = parameter(search, 'encrypted_data');
  return encryptedData ? { kind: 'mini-app', encryptedData } : undefined;
}

/** Reads a parameter, decoding `%` once and keeping `+`, which is a digit of Base64. */
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
