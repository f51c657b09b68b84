/** The linter's rule `fences/imports`: refuses an import that the table in `fences.ts` does not allow. */
import path from 'node:path';
import type { RuleTester } from 'oxlint/plugins-dev';
import { EXCEPTIONS, PACKAGES, PARTS } from './fences.ts';

// The linter's package exports its types through its tester alone.
type Rule = Extract<Parameters<RuleTester['run']>[1], { create: unknown }>;
type Visitor = ReturnType<Rule['create']>;
type Node = Parameters<NonNullable<Visitor['NewExpression']>>[0]['arguments'][number];

const ROOT = path.resolve(import.meta.dirname, '..');
const fromRoot = (file: string): string => path.relative(ROOT, file).replaceAll(path.sep, '/');

const holds = (place: string, file: string): boolean => file === place || file.startsWith(`${place}/`);

/** The part that holds a file, and its folder or file: they differ where the part's name has a `*`. */
function partOf(file: string): { readonly part: string; readonly place: string } | undefined {
  const segments = file.split('/');
  for (let depth = segments.length; depth > 0; depth -= 1) {
    const place = segments.slice(0, depth).join('/');
    if (place in PARTS) return { part: place, place };
    const siblings = [...segments.slice(0, depth - 1), '*'].join('/');
    if (depth < segments.length && siblings in PARTS) return { part: siblings, place };
  }
  return undefined;
}

function troubleWithFile(importer: string, target: string): string | undefined {
  const found = partOf(target);
  if (!found) return `${target} belongs to no part: give it a row in test/fences.ts.`;
  const { part, place } = found;
  const may = [place, ...PARTS[part]!];
  if (may.some((allowed) => holds(allowed, importer)) || EXCEPTIONS[importer] === part) return undefined;
  return `${part} is imported only from ${may.join(', ')}: see test/fences.ts.`;
}

function troubleWithPackage(importer: string, specifier: string): string | undefined {
  const name = specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  const may = Object.hasOwn(PACKAGES, name) ? PACKAGES[name]! : undefined;
  if (!may) return `${name} has no place: give it a row in test/fences.ts.`;
  if (may.some((allowed) => holds(allowed, importer))) return undefined;
  return `${name} is imported only from ${may.join(', ')}: see test/fences.ts.`;
}

/** `a` of `'a'` and of a template without expressions. */
function textOf(node: Node): string | undefined {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : undefined;
  return node.type === 'TemplateLiteral' && node.expressions.length === 0
    ? (node.quasis[0]?.value.cooked ?? undefined)
    : undefined;
}

const ofThisFile = (node: Node | undefined): boolean =>
  node?.type === 'MemberExpression' &&
  node.object.type === 'MetaProperty' &&
  node.property.type === 'Identifier' &&
  node.property.name === 'url';

const create: Rule['create'] = ({ filename, report }) => {
  const importer = fromRoot(filename);
  if (holds('test', importer) || importer.startsWith('..')) return {};

  const complain = (node: Node, message: string | undefined): void => {
    if (message !== undefined) report({ node, message });
  };
  const file = (node: Node, address: string): void =>
    complain(node, troubleWithFile(importer, fromRoot(path.resolve(path.dirname(filename), address))));

  const see = (node: Node | null): void => {
    if (!node) return;
    const specifier = textOf(node);
    if (specifier === undefined) complain(node, 'An import is written out: its fence cannot be checked otherwise.');
    else if (specifier.startsWith('.') || specifier.startsWith('/')) file(node, specifier);
    else if (!specifier.startsWith('node:')) complain(node, troubleWithPackage(importer, specifier));
  };

  return {
    ImportDeclaration: ({ source }) => see(source),
    ExportAllDeclaration: ({ source }) => see(source),
    ExportNamedDeclaration: ({ source }) => see(source),
    ImportExpression: ({ source }) => see(source),
    TSImportType: ({ source }) => see(source),
    // `import.meta.resolve('package')`
    CallExpression({ callee, arguments: [first] }) {
      if (callee.type === 'MemberExpression' && callee.object.type === 'MetaProperty' && first) see(first);
    },
    // `new URL('worker.ts', import.meta.url)`: threads, child processes and files that are read.
    NewExpression({ callee, arguments: [first, base] }) {
      if (callee.type !== 'Identifier' || callee.name !== 'URL' || !first || !ofThisFile(base)) return;
      const address = textOf(first);
      // A folder may have any of its own files read, by a name that is put together.
      if (address !== undefined) file(first, address);
    },
  };
};

export default { meta: { name: 'fences' }, rules: { imports: { create } } };
