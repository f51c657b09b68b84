/** Recognises numbers of a code's length that are something else by their digits: telephones, dates, cards, products, identities. */

const MOBILE = /^(?:(?:00)?86)?1[3-9]\d{9}$/;
/** Area codes of large cities, whose numbers have eight digits; then a subscriber's first digit. */
const LANDLINE =
  /^0(?:10|2\d|311|37[179]|411|431|451|51\d|523|527|53[12]|551|57[1-79]|59[15]|592|731|75[457]|760|769|791|851|871|898|991)[2-8]\d{7}$/;

/** Landlines with their dash or blank, and service numbers. Apps print codes of twelve digits `0335 4145 0619`. */
const LANDLINE_AS_WRITTEN = /^(?:0\d{2,3}(?:-\d{3,4} ?\d{4}| \d{7,8})|[48]00([ -])\d{3,4}\1\d{3,4})$/;

/** Recognises a telephone number by its digits, or as it is written: with separators. */
export const isPhone = (digits: string, written: string): boolean => MOBILE.test(digits) || LANDLINE_AS_WRITTEN.test(written);

/** Recognises a landline of a large city, or a 400 number, written in one piece. Codes begin so as well, though rarely. */
export const mayBePhone = (digits: string): boolean => LANDLINE.test(digits) || /^400[016-9]\d{6}$/.test(digits);

/** yyyyMMdd of 2010–2039, with any digits after it. */
const DATE = /^20[123]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])/;
const HOUR = '(?:[01]\\d|2[0-3])';
const CLOCK = new Map([
  [10, new RegExp(`^${HOUR}$`)],
  [12, new RegExp(`^${HOUR}[0-5]\\d$`)],
  [14, new RegExp(`^${HOUR}[0-5]\\d[0-5]\\d$`)],
]);

/** Recognises a date, with an hour, a time or a serial number behind it. */
export const isDate = (digits: string): boolean => DATE.test(digits) && (CLOCK.get(digits.length)?.test(digits.slice(8)) ?? true);

/** Recognises one digit over and over: apps show it while they hide a code, and people when they laugh (`666…`, `2333…`). */
export const isRepeated = (digits: string): boolean => /^(?:2(?=3))?(\d)\1*$/.test(digits);

/** Recognises digits that count up or down: `1234567890`, `0987654321`. */
export function isSequence(digits: string): boolean {
  const steps = new Set(digits.split('').map((digit, n) => (n === 0 ? '' : (Number(digit) - Number(digits[n - 1]) + 10) % 10)));
  steps.delete('');
  return steps.size === 1 && (steps.has(1) || steps.has(9));
}

/** Recognises prices beside each other: groups that end alike, `188 288 388 488`. One grouped code in 10,000 does. */
export function arePrices(groups: readonly string[]): boolean {
  const ends = new Set(groups.map((group) => group.slice(-2)));
  return groups.length > 2 && ends.size === 1 && groups.every(({ length }) => length >= 3);
}

/** Payment codes of WeChat and Alipay, 18 digits for a till to scan: each spends its owner's money for a minute. */
const PAYMENT = /^(?:1[0-5]|2[5-9]|30)\d{16}$/;

export const isPaymentCode = (digits: string): boolean => PAYMENT.test(digits);

/** EAN-13 of what shops here sell: China, Hong Kong, Taiwan, Japan, Korea, Singapore, and books. */
const PRODUCT = /^(?:69\d|489|471|4[59]\d|88[058]|97[789])\d{10}$/;

/**
 * Recognises a product's number by its country and check digit. One code of thirteen digits in 300 looks the same. UPC's twelve
 * digits say no country: they count only as printed under a barcode, `0 12345 67890 5`.
 */
export function isProduct(digits: string, groups: readonly string[]): boolean {
  const printed = ['1,6,6', '1,5,5,1'].includes(String(groups.map(({ length }) => length)));
  return (printed || PRODUCT.test(digits)) && checkDigit(digits.slice(0, -1)) === digits.at(-1);
}

/** The check digit of EAN and UPC: weights 3 and 1 from the right. */
function checkDigit(digits: string): string {
  const sum = digits
    .split('')
    .reduceRight((total, digit, n) => total + Number(digit) * ((digits.length - n) % 2 === 1 ? 3 : 1), 0);
  return String((10 - (sum % 10)) % 10);
}

/** Recognises a telephone's IMEI and a card of American Express: fifteen digits with Luhn's check digit. */
export const isDeviceOrCard = (digits: string): boolean => /^(?:35|86|34|37)\d{13}$/.test(digits) && luhn(digits);

function luhn(digits: string): boolean {
  const sum = digits.split('').reduceRight((total, digit, n) => {
    const doubled = Number(digit) * ((digits.length - n) % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}

const IDENTITY = /^[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{4}$/;
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Recognises a mainland identity number by its date of birth and check digit (GB 11643). It is never a code and never shown. */
export function isIdentityNumber(digits: string): boolean {
  if (!IDENTITY.test(digits)) return false;
  const sum = WEIGHTS.reduce((total, weight, n) => total + weight * Number(digits[n]), 0);
  return '10X98765432'[sum % 11] === digits[17];
}

/** Recognises an identity number with a digit mistyped: a province and a date of birth, whatever the check digit. */
export const mayBeIdentity = (digits: string): boolean => IDENTITY.test(digits);
