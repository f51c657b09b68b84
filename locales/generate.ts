/** Writes `keys.ts` from `zh-CN.ftl`, so that a missing sentence or argument does not compile: `npm run sentences`. */
import { readFile, writeFile } from 'node:fs/promises';
import { parse, Visitor, type MessageReference, type Pattern, type VariableReference } from '@fluent/syntax';

/** The `$variables` of each message, sorted, including those of selectors and referenced messages. */
export type Variables = ReadonlyMap<string, readonly string[]>;

/** Collects the variables and messages that one pattern references. */
class Mentions extends Visitor {
  readonly variables = new Set<string>();
  readonly sentences = new Set<string>();
  override visitVariableReference(node: VariableReference): void {
    this.variables.add(node.id.name);
  }
  override visitMessageReference(node: MessageReference): void {
    this.sentences.add(node.id.name);
  }
}

/**
 * Reads the sentences of a Fluent file. Throws where the running program would silently lose one: a line it cannot read,
 * a sentence said twice, a sentence without words, a reference to none.
 */
export function readSentences(ftl: string): Variables {
  const mentions = new Map<string, Mentions>();
  for (const entry of parse(ftl, {}).body) {
    if (entry.type === 'Junk') throw new Error(`not Fluent: ${entry.content.trim().split('\n', 1)[0]}`);
    if (entry.type !== 'Message') continue;
    const name = entry.id.name;
    if (mentions.has(name)) throw new Error(`said twice: ${name}`);
    if (!entry.value) throw new Error(`without words: ${name}`);
    mentions.set(name, mentionsOf(entry.value));
  }
  const collect = (name: string, seen: Set<string>): Set<string> => {
    const own = mentions.get(name);
    if (!own) throw new Error(`mentioned but not there: ${name}`);
    if (seen.has(name)) return new Set();
    seen.add(name);
    return new Set([...own.variables, ...[...own.sentences].flatMap((other) => [...collect(other, seen)])]);
  };
  const names = [...mentions.keys()].toSorted();
  return new Map(names.map((name) => [name, [...collect(name, new Set())].toSorted()]));
}

function mentionsOf(pattern: Pattern): Mentions {
  const mentions = new Mentions();
  mentions.visit(pattern);
  return mentions;
}

/** The text of `keys.ts`. */
export function writeKeys(sentences: Variables): string {
  const lines = [...sentences].map(([name, variables]) => {
    const fields = variables.map((variable) => `${spell(variable)}: string | number`);
    return `  ${spell(name)}: ${fields.length > 0 ? `{ ${fields.join('; ')} }` : 'null'};`;
  });
  return `/** Every sentence and its arguments: generated from zh-CN.ftl by \`npm run sentences\`, not written by hand. */
// prettier-ignore
export interface Sentences {
${lines.join('\n')}
}
`;
}

const spell = (name: string): string => (/^[A-Za-z_]\w*$/.test(name) ? name : `'${name}'`);

if (import.meta.main) {
  const ftl = await readFile(new URL('zh-CN.ftl', import.meta.url), 'utf8');
  await writeFile(new URL('keys.ts', import.meta.url), writeKeys(readSentences(ftl)));
}
