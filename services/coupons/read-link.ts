/** Extracts coupon codes from links. No platform documents its link format: a result is a candidate. */
import { hostOf } from './link-hosts.ts';

export interface LinkContent {
  /** Only Douyin can tell the code behind its links. */
  readonly douyin: boolean;
  /** The candidate: digits at the place of a code. */
  readonly digits?: string;
  /** A platform's own link calls the digits a code. Links of other hosts can be forged. */
  readonly named: boolean;
}

/**
 * Matches links with a scheme, and Douyin's without one as its app shares them, unless they end another host or are part of an
 * address. A link ends at blanks, punctuation and Chinese characters.
 */
export const LINK =
  /(?:[a-z][a-z0-9+-]{0,19}:\/\/|(?<![\w.@%&=/-]|[^\P{L}\p{Script=Han}])(?:v\.|www\.)?(?:ies)?douyin\.com\/)[^\s"'<>,;!()\u3000-\u303f\u3400-\u9fff]*/giu;

const NAMES: ReadonlySet<string> = new Set(['code', 'couponcode', 'receipt_code']);
const LAST_SEGMENT = /(?:^|\/([^/]*))\/(\d+)\/?$/;
/** Path segments before a number that is no coupon: shops, deals, orders, users. */
const NUMBERED = /^(?:shops?|stores?|poi|deals?|goods|items?|products?|skus?|orders?|users?|u|member|review|note|video|c|s)$/i;

export function readLink(link: string): LinkContent {
  const nothing = { douyin: false, named: false };
  const address = /\s/.test(link) ? null : URL.parse(/^[a-z][a-z0-9+-]*:\/\//i.test(link) ? link : `https://${link}`);
  if (!address || !/^https?:$/.test(address.protocol)) return nothing;
  const host = hostOf(address);
  if (host === 'private') return nothing;
  if (host === 'douyin') return { douyin: true, named: false };
  const called = codesIn(address);
  const [code] = called;
  if (code !== undefined) return { douyin: false, digits: code, named: host === 'platform' && called.size === 1 };
  const [, before = '', segment] = LAST_SEGMENT.exec(address.pathname) ?? [];
  return segment && !NUMBERED.test(before) ? { douyin: false, digits: segment, named: false } : nothing;
}

/** The numbers that parameters call a code, in the query and behind `#`. */
function codesIn({ search, hash }: URL): ReadonlySet<string> {
  const queries = [search, hash.replace(/^[^?]*/, '')].map((query) => new URLSearchParams(query));
  const called = queries.flatMap((query) => [...query]).filter(([name]) => NAMES.has(name.toLowerCase()));
  return new Set(called.map(([, value]) => value).filter((value) => /^\d+$/.test(value)));
}
