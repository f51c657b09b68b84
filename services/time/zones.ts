/** Time zones by their IANA names, and how people type them. */

/** A name of the IANA database, `Europe/Paris`; zones without a place are of use to programs only, but for UTC. */
const NAME = /^[a-z]+(?:\/[a-z0-9_+-]+){1,2}$|^utc$/i;

/** Whether the text is written as a zone's name, known or not. */
export const looksLikeZone = (text: string): boolean => NAME.test(nameIn(text));

/**
 * Reads a zone: its name in any case and with blanks, `europe / paris`, or its city alone where only one zone has it. Undefined
 * for anything else.
 */
export function readZone(text: string): string | undefined {
  const name = nameIn(text);
  const known = NAMES.get(name.toLowerCase());
  if (known !== undefined) return known;
  if (NAME.test(name)) return isZone(name) ? inCase(name) : undefined;
  const cities = [...NAMES.values()].filter((zone) => zone.toLowerCase().endsWith(`/${name.toLowerCase()}`));
  return cities.length === 1 ? cities[0] : undefined;
}

const NAMES: ReadonlyMap<string, string> = new Map(
  Intl.supportedValuesOf('timeZone')
    .filter((name) => NAME.test(name))
    .map((name) => [name.toLowerCase(), name]),
);

/** Blanks around a stroke are none, others are written as `_`. */
const nameIn = (text: string): string =>
  text
    .normalize('NFKC')
    .trim()
    .replaceAll(/\s*\/\s*/g, '/')
    .replaceAll(/\s+/g, '_');

/** Whether it is a name of some zone: many have further names, which are not in the list. */
function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** The name with capitals as in the database: `Asia/Kolkata`, `UTC`. */
const inCase = (name: string): string =>
  name.includes('/') ? name.toLowerCase().replaceAll(/(?<=^|[/_-])[a-z]/g, (letter) => letter.toUpperCase()) : name.toUpperCase();
