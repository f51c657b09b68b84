/** Parses the XML of WeCom's callbacks strictly: no entities, no guessed types, nothing malformed. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** The root's children by name: text, further elements, or a list for a repeated name. */
export type Fields = Readonly<Record<string, unknown>>;

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  // Ids have more digits than a number holds.
  parseTagValue: false,
  processEntities: false,
  trimValues: false,
  maxNestedTags: 20,
});

/** Gives the fields of `<xml>…</xml>`; undefined for anything else. The caller limits the length. */
export function readXml(text: string): Fields | undefined {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text) || text.includes('\0')) return undefined;
  try {
    if (XMLValidator.validate(text) !== true) return undefined;
    const root: unknown = parser.parse(text);
    return isFields(root) && isFields(root['xml']) ? root['xml'] : undefined;
  } catch {
    return undefined;
  }
}

/** Gives the text at a path of names; empty for a missing or repeated element. */
export function textAt(fields: Fields, ...path: readonly string[]): string {
  let found: unknown = fields;
  for (const name of path) found = isFields(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  return typeof found === 'string' ? found : '';
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
