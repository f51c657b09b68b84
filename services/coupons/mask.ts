/** Coupon codes for logs and for eyes. */

/** `****7494`: enough to find it again, too little to use it. For logs and places others can read. */
export function maskCode(code: string): string {
  return `****${code.length > 4 ? code.slice(-4) : ''}`;
}

/** As a person may compare it: digits as they are; of what only a scanner can read, the end. */
export const shownCode = (code: string): string => (/^\d+$/.test(code) || code.length <= 20 ? code : `…${code.slice(-8)}`);

/** In groups as the apps print it: 4-4-4, 4-4-2, and 4-3-4 for eleven. Shorter than eight it stays as it is. */
export function groupCode(code: string): string {
  if (!/^\d{8,}$/.test(code)) return code;
  return code.length === 11 ? code.replace(/^(.{4})(.{3})/, '$1 $2 ') : code.replace(/.{4}(?=.)/g, '$& ');
}
