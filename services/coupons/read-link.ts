/** Coupon codes in links. No shop's link format is documented, so what is found is a candidate, nothing more. */
import { hostOf } from './link-hosts.ts';

export interface LinkContent {
  /** Only Douyin can tell the code behind its links. */
  readonly douyin: boolean;
  /** Digits where a code would stand. */
  readonly digits?: string;
  /** A platform's own link calls them a code. Anybody can write a link of his own that does. */
  readonly named: boolean;
}

/**
 * Links with a scheme, and Douyin's as its app shares them, which are not the end of another host or a part of an address.
 * They end at blanks, punctuation and Chinese characters.
 */
export const LINK =
  /(?:[a-z][a-z0-9+-]{0,19}:\/\/|(?<![\w.@%&=/-]|[^\P{L}\p{Script=Han}])(?:v\.|www\.)?(?:ies)?douyin\.com\/)[^\s"'<>,;!()\u3000-\u303f\u3400-\u9fff]*/giu;

const NAMES: ReadonlySet<string> = new Set(['code', 'couponcode', 'receipt_code']);
const LAST_SEGMENT = /(?:^|\/([^/]*))\/(\d+)\/?$/;
/** What shops number in their addresses that is not a coupon. */
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

/** What its parameters call a code, also those of a page behind `#`. */
function codesIn({ search, hash }: URL): ReadonlySet<string> {
  const queries = [search, hash.replace(/^[^?]*/, '')].map((query) => new URLSearchParams(query));
  const called = queries.flatMap((query) => [...query]).filter(([name]) => NAMES.has(name.toLowerCase()));
  return new Set(called.map(([, value]) => value).filter((value) => /^\d+$/.test(value)));
}
