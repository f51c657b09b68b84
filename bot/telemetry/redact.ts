/** Redacts log lines: secrets by field name, by pattern and by value, and every run of digits that may be a code. */

const HIDDEN = '****';

/** Length limit of one field, characters: strangers send longer texts, and a log line must not grow with them. */
const LONGEST = 2000;
/** Cutting also drops the last word, up to this many characters: half a secret would match no pattern. */
const LONGEST_WORD = 200;

/** Names of fields whose text is always masked. */
const SECRET_NAME = /authorization|cookie|password|secret|token|api_?key/i;

const LOOKS: readonly (readonly [RegExp, string])[] = [
  // The secret half of a Telegram bot token, part of every Bot API address. The pattern starts at the colon: one that starts
  // at the digits would take quadratic time on a long number.
  [/(?<=\d{6}:)[\w-]{30,}/g, HIDDEN],
  // A key of our API.
  [/\bhx_[\w-]{8,}/g, HIDDEN],
  // The secret of a link of ours: a place's page, an owner's books, a file.
  [/(?<=\/[bfs]\/)[\w-]{16,}/g, HIDDEN],
  // A JSON web token.
  [/eyJ[\w-]{5,}(?:\.[\w-]*)*/g, HIDDEN],
  [/(authorization["']?\s*[:=]\s*["']?)(?:(?:bearer|basic)\s+)?[^\s"',;}]+/gi, `$1${HIDDEN}`],
  [/\b(bearer\s+)[\w.~+/=-]{8,}/gi, `$1${HIDDEN}`],
  // The password in an address.
  [/(:\/\/[^\s:@/]*:)[^\s@/]+@/g, `$1${HIDDEN}@`],
];

/**
 * Runs of eight digits or more, also in groups with blanks, dots or hyphens between: coupon codes, phone numbers, chat ids.
 * The last four stay, to tell them apart. Dates, IP addresses and CVE numbers (`kept`) are exempt.
 */
const DIGITS =
  /(?<kept>\bCVE-\d{4}-\d{4,7}\b|(?<!\d-?)(?:19|20)\d\d-[01]\d-[0-3]\d(?!-?\d)|(?<![\d.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![.\d]))|[\d０-９](?:[ .-]?[\d０-９]){7,}/g;

/**
 * Creates the redaction of JSON data, keys included. It cuts long texts, and numbers of eight digits or more become masked
 * text. ISO times stay as they are. It runs in linear time.
 */
export function createRedact(secrets: readonly string[] = []): (value: unknown) => unknown {
  // A configured secret of three letters would mask parts of every word.
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
