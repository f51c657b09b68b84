/** Masks what must not be read in a log: secrets by name, by look and by value, and every run of digits that may be a code. */

const HIDDEN = '****';

/** The longest text of one field, characters: strangers send more, and a log line must not grow with it. */
const LONGEST = 2000;
/** The last word goes with what is cut off, up to so many characters: half a secret is not known as one. */
const LONGEST_WORD = 200;

/** Fields whose text is hidden whatever it looks like. */
const SECRET_NAME = /authorization|cookie|password|secret|token|api_?key/i;

const LOOKS: readonly (readonly [RegExp, string])[] = [
  // The secret half of a Telegram bot token, which is part of every Bot API address. It begins at the colon: a look for the
  // digits in front would begin anew at each digit of a long number.
  [/(?<=\d{6}:)[\w-]{30,}/g, HIDDEN],
  // A JSON web token.
  [/eyJ[\w-]{5,}(?:\.[\w-]*)*/g, HIDDEN],
  [/(authorization["']?\s*[:=]\s*["']?)(?:(?:bearer|basic)\s+)?[^\s"',;}]+/gi, `$1${HIDDEN}`],
  [/\b(bearer\s+)[\w.~+/=-]{8,}/gi, `$1${HIDDEN}`],
  // The password in an address.
  [/(:\/\/[^\s:@/]*:)[^\s@/]+@/g, `$1${HIDDEN}@`],
];

/**
 * Eight digits or more, also in groups with blanks, dots or hyphens between: coupon codes, phone numbers, chat ids. The last
 * four stay, to tell them apart. Days, addresses of machines and numbers of known holes (`kept`) are no such thing.
 */
const DIGITS =
  /(?<kept>\bCVE-\d{4}-\d{4,7}\b|(?<!\d-?)(?:19|20)\d\d-[01]\d-[0-3]\d(?!-?\d)|(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![.\d]))|[\d０-９](?:[ .-]?[\d０-９]){7,}/g;

/**
 * Masks JSON data, keys included, and cuts long texts; numbers of eight digits or more become masked text. Times as ISO text
 * stay as they are. The time it takes grows with the text's length, not faster.
 */
export function createRedact(secrets: readonly string[] = []): (value: unknown) => unknown {
  // Whoever sets a secret of three letters would have every word masked.
  const known = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]).filter((secret) => secret.length >= 4);
  known.sort((a, b) => b.length - a.length);

  const maskText = (text: string): string => {
    let masked = text;
    for (const secret of known) masked = masked.replaceAll(secret, HIDDEN);
    masked = cut(masked);
    for (const [look, instead] of LOOKS) masked = masked.replace(look, instead);
    return masked.replace(DIGITS, (run: string, kept?: string) => kept ?? HIDDEN + run.replaceAll(/[ .-]/g, '').slice(-4));
  };

  const mask = (value: unknown, name = ''): unknown => {
    if (typeof value === 'string') return SECRET_NAME.test(name) ? HIDDEN : maskText(value);
    if (typeof value === 'number') return Math.abs(value) >= 1e7 ? HIDDEN + String(Math.trunc(value)).slice(-4) : value;
    if (Array.isArray(value)) return value.map((item) => mask(item, name));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [maskText(key), mask(field, key)]));
  };
  return mask;
}

function cut(text: string): string {
  if (text.length <= LONGEST) return text;
  const end = text.lastIndexOf(' ', LONGEST);
  return `${text.slice(0, Math.max(end, LONGEST - LONGEST_WORD))}…`;
}
