/** Turns the words of an SVG into outlines of Noto Sans SC, so that it looks the same where no font is installed. */
import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import type { Font } from 'fontkit';
import { fontsFor } from '../printing/chinese-font.ts';

/** An element in the order of the document, as the parser gives it: its one name holds its children; text is `#text`. */
type Node = Readonly<Record<string, unknown>> & { readonly ':@'?: Readonly<Record<string, string>> };

const FORM = { preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '', suppressBooleanAttributes: false };
const parser = new XMLParser({ ...FORM, parseTagValue: false, parseAttributeValue: false, trimValues: false });
const builder = new XMLBuilder({ ...FORM });

/** Where a middle line (`dominant-baseline: central`) lies above the foot of the letters, in parts of the size. */
const MIDDLE = 0.35;
/** Size of a text that names none, as browsers have it, and the room of a character that no font has. */
const SIZE = 16;
const MISSING = 0.5;

/** An outline of one character, in units of a font whose em is `em`. */
interface Outline {
  readonly path: string;
  readonly advance: number;
  readonly em: number;
}

/** Gives the SVG with each `text` as `path`. Characters that no font has (most emoji) are a gap. */
export async function outlineText(svg: string): Promise<string> {
  const tree = parser.parse(svg) as readonly Node[];
  const outlines = await outlinesOf(words(tree));
  return builder.build(outlined(tree, outlines));
}

const childrenOf = (node: Node): readonly Node[] =>
  Object.entries(node).flatMap(([name, children]) => (name !== ':@' && Array.isArray(children) ? (children as Node[]) : []));

const words = (nodes: readonly Node[]): string =>
  nodes.map((node) => (typeof node['#text'] === 'string' ? node['#text'] : words(childrenOf(node)))).join('');

async function outlinesOf(text: string): Promise<ReadonlyMap<string, Outline>> {
  const [{ create }, { fonts, of }] = await Promise.all([import('fontkit'), fontsFor(text)]);
  const byName = new Map(fonts.map(({ name, bytes }) => [name, create(bytes) as Font]));
  const found = new Map<string, Outline>();
  for (const character of new Set(text)) {
    const font = byName.get(of(character) ?? '');
    const glyph = font?.glyphForCodePoint(character.codePointAt(0)!);
    if (font && glyph) found.set(character, { path: glyph.path.toSVG(), advance: glyph.advanceWidth, em: font.unitsPerEm });
  }
  return found;
}

const outlined = (nodes: readonly Node[], outlines: ReadonlyMap<string, Outline>): readonly Node[] =>
  nodes.map((node) => {
    if ('text' in node) return drawn(words(childrenOf(node)), node[':@'] ?? {}, outlines);
    return Object.fromEntries(
      Object.entries(node).map(([name, value]) => [
        name,
        name !== ':@' && Array.isArray(value) ? outlined(value as Node[], outlines) : value,
      ]),
    );
  });

/** The group of paths in place of one text. */
function drawn(text: string, attributes: Readonly<Record<string, string>>, outlines: ReadonlyMap<string, Outline>): Node {
  const { style = '', x = '0', y = '0', fill, transform } = attributes;
  const size = Number(/font-size:\s*([\d.]+)/.exec(style)?.[1] ?? attributes['font-size'] ?? SIZE);
  const anchor = attributes['text-anchor'];
  const characters = Array.from(text);
  const advanceOf = (character: string): number => {
    const outline = outlines.get(character);
    return outline ? (outline.advance / outline.em) * size : MISSING * size;
  };
  const wide = characters.reduce((sum, character) => sum + advanceOf(character), 0);
  let at = Number(x) - (anchor === 'middle' ? wide / 2 : anchor === 'end' ? wide : 0);
  const foot = Number(y) + (attributes['dominant-baseline'] === 'central' ? MIDDLE * size : 0);
  const paths: Node[] = [];
  for (const character of characters) {
    const outline = outlines.get(character);
    if (outline?.path) {
      const scale = size / outline.em;
      const place = `translate(${at.toFixed(2)} ${foot.toFixed(2)}) scale(${scale.toFixed(5)} ${(-scale).toFixed(5)})`;
      paths.push({ path: [], ':@': { d: outline.path, transform: place } });
    }
    at += advanceOf(character);
  }
  return { g: paths, ':@': { ...(fill !== undefined && { fill }), ...(transform !== undefined && { transform }) } };
}
