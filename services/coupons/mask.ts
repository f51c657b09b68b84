/** Formats coupon codes: masked for logs, whole or grouped for people. */

/** Masks a code for logs and public places: `****7494` is enough to find the coupon and too little to use it. */
export function maskCode(code: string): string {
  return `****${code.length > 4 ? code.slice(-4) : ''}`;
}

/** The last four digits, by which people tell coupons apart. */
export const codeTail = (code: string): string => code.slice(-4);

/** Shows a code for comparison by eye: digits whole, of longer texts from barcodes the end. */
export const shownCode = (code: string): string => (/^\d+$/.test(code) || code.length <= 20 ? code : `…${code.slice(-8)}`);

/** Groups a code as the apps print it: 4-4-4, 4-4-2, and 4-3-4 for eleven digits. Codes of fewer than eight digits stay as they are. */
export function groupCode(code: string): string {
  if (!/^\d{8,}$/.test(code)) return code;
  return code.length === 11 ? code.replace(/^(.{4})(.{3})/, '$1 $2 ') : code.replace(/.{4}(?=.)/g, '$& ');
}
