/** Reads the XML of WeCom's callbacks: no entities, no types guessed, nothing that is not well-formed. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** What stands in the root element by name: text, further elements, or a list where a name comes more than once. */
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

/** The fields of `<xml>…</xml>`, or nothing for anything else. The caller limits the length. */
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

/** The text at a path of names; empty where there is none, or more than one. */
export function textAt(fields: Fields, ...path: readonly string[]): string {
  let found: unknown = fields;
  for (const name of path) found = isFields(found) && Object.hasOwn(found, name) ? found[name] : undefined;
  return typeof found === 'string' ? found : '';
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
