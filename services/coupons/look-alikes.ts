/** Detects numbers of a code's length that are, or may be, something else: mobile numbers, dates, payments, identity numbers. */

/**
 * The reason to ask the person before the platform: the number may be a mobile number or a date, the app hid the code, or
 * the number comes from a link that is no platform's own or does not call it a code.
 */
export type Doubt = 'phone' | 'date' | 'hidden' | 'link';

const MOBILE = /^(?:86)?1[3-9]\d{9}$/;
/** yyyyMMdd of 2010–2039, with any digits after it. */
const DATE = /^20[123]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])/;
const HOUR = '(?:[01]\\d|2[0-3])';
const CLOCK = new Map([
  [10, new RegExp(`^${HOUR}$`)],
  [12, new RegExp(`^${HOUR}[0-5]\\d$`)],
  [14, new RegExp(`^${HOUR}[0-5]\\d[0-5]\\d$`)],
]);

/**
 * Gives the doubt about a number of a code's length. Eleven-digit codes collide with mainland mobile numbers; apps show equal
 * digits while they hide a code. `groups` are the digits as written: `400-820-8820` is a service number and `0571-88888888` a
 * landline only when written so.
 */
export function doubtAbout(digits: string, groups: readonly string[]): Exclude<Doubt, 'link'> | undefined {
  if (/^(\d)\1*$/.test(digits)) return 'hidden';
  if (MOBILE.test(digits)) return 'phone';
  if (groups.length === 3 && /^[48]00$/.test(groups[0] ?? '')) return 'phone';
  if (groups.length === 2 && /^0\d{3}$/.test(groups[0] ?? '') && /^\d{7,8}$/.test(groups[1] ?? '')) return 'phone';
  if (DATE.test(digits) && (CLOCK.get(digits.length)?.test(digits.slice(8)) ?? true)) return 'date';
  return undefined;
}

/** Payment codes of WeChat and Alipay, 18 digits for a till to scan: each spends its owner's money for a minute. */
const PAYMENT = /^(?:1[0-5]|2[5-9]|30)\d{16}$/;

export const isPaymentCode = (digits: string): boolean => PAYMENT.test(digits);

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Recognises a mainland identity number by its date of birth and check digit (GB 11643). It is never a code and never shown. */
export function isIdentityNumber(digits: string): boolean {
  if (!/^[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{4}$/.test(digits)) return false;
  const sum = WEIGHTS.reduce((total, weight, n) => total + weight * Number(digits[n]), 0);
  return '10X98765432'[sum % 11] === digits[17];
}
