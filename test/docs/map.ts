/** `npm run map`: prints every source file with the first sentence of its opening comment, folder by folder. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

export const ROOT = path.resolve(import.meta.dirname, '../..');
const FOLDERS = ['bot', 'handlers', 'services', 'locales', 'test'] as const;

/** Source files below a folder, as paths from the root of the project. */
export function sourcesOf(folder: string): readonly string[] {
  return readdirSync(path.join(ROOT, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.(ts|js)$/.test(entry.name))
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'))
    .toSorted();
}

/** The first sentence of a file's opening comment; undefined where the file opens with anything else. */
export function firstSentence(text: string): string | undefined {
  const comment = /^(?:\/\/ @ts-check\n)?\/\*\*([\s\S]*?)\*\//.exec(text)?.[1];
  const said = comment
    ?.replaceAll(/\n\s*\*/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return said && (/^.*?[.。](?=\s|$)/.exec(said)?.[0] ?? said);
}

/** The lines to print. Test files are left out: their names and titles say what they hold. */
export function map(): readonly string[] {
  const files = FOLDERS.flatMap(sourcesOf).filter((file) => !file.endsWith('.test.ts'));
  const folders = Map.groupBy(files, (file) => path.dirname(file));
  return [...folders.keys()].toSorted().flatMap((folder) => [
    `${folder}/`,
    ...folders.get(folder)!.map((file) => {
      const sentence = firstSentence(readFileSync(path.join(ROOT, file), 'utf8'));
      return `  ${path.basename(file)}  ${sentence ?? ''}`.trimEnd();
    }),
    '',
  ]);
}

if (import.meta.main) process.stdout.write(`${map().join('\n')}\n`);
