/** Coupon codes in links. No shop's link format is documented, so what is found is a candidate, nothing more. */

export interface LinkContent {
  /** Only Douyin can tell the code behind its links. */
  readonly douyin: boolean;
  /** Digits where a code would stand. */
  readonly digits?: string;
  /** The link calls them a code itself. */
  readonly named: boolean;
}

/** Links with a scheme, and Douyin's as its app shares them. They end at blanks, punctuation and Chinese characters. */
export const LINK = /(?:https?:\/\/|(?:v\.|www\.)?(?:ies)?douyin\.com\/)[^\s"'<>,;!()\u3000-\u303f\u3400-\u9fff]*/gi;

const DOUYIN = /^(?:https?:\/\/)?(?:[^/@?#]*\.)?(?:ies)?douyin\.com(?:[/:?#]|$)|[?&](?:encrypted_data|object_id)=/i;
const PARAMETER = /[?&](?:code|couponcode|receipt_code)=(\d+)(?:[&#]|$)/i;
const LAST_SEGMENT = /\/([^/?#]*)\/(\d+)\/?(?:[?#]|$)/;
/** What shops number in their addresses that is not a coupon. */
const NUMBERED = /^(?:shops?|stores?|poi|deals?|goods|items?|products?|skus?|orders?|users?|u|member|review|note|video|c|s)$/i;

export function readLink(address: string): LinkContent {
  if (DOUYIN.test(address)) return { douyin: true, named: false };
  const parameter = PARAMETER.exec(address)?.[1];
  if (parameter) return { douyin: false, digits: parameter, named: true };
  const [, before = '', segment] = LAST_SEGMENT.exec(address) ?? [];
  return segment && !NUMBERED.test(before) ? { douyin: false, digits: segment, named: false } : { douyin: false, named: false };
}
