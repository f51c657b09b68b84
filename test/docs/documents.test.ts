/** The documents, held to the code: links, settings, commands, folders, lengths. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../../bot/config/config.ts';
import { COMMANDS } from '../../handlers/commands.ts';
import { practiceSamples } from '../../services/platforms/practice/samples.ts';
import { firstSentence, map, ROOT, sourcesOf } from './map.ts';

const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
/** Paths below a folder, from the root of the project. */
const below = (folder: string) =>
  readdirSync(path.join(ROOT, folder), { withFileTypes: true, recursive: true }).map((entry) => ({
    folder: entry.isDirectory(),
    at: path.relative(ROOT, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'),
  }));
const pages = below('docs').flatMap(({ at }) => (at.endsWith('.md') ? [at] : []));
const documents = [...readdirSync(ROOT).filter((name) => name.endsWith('.md')), ...pages];
/** Pages for developers, which are English like the code. */
const ENGLISH_ONLY = [
  ...['architecture', 'words', 'add-a-platform', 'add-a-channel', 'bench', 'cases', 'chaos', 'simulation'].map(
    (name) => `docs/${name}.md`,
  ),
  ...pages.filter((page) => page.startsWith('docs/cases/')),
];

describe('links', () => {
  /** The anchors of a page, as GitHub makes them of its headings. */
  const anchorsOf = (file: string): readonly string[] =>
    [...read(file).matchAll(/^#+ (.+)$/gm)].map((match) =>
      match[1]!
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    );
  const linksOf = (file: string): readonly string[] =>
    [...read(file).matchAll(/\]\(([^)\s]+)\)|src="([^"]+)"/g)]
      .map((match) => match[1] ?? match[2]!)
      .filter((link) => !/^https?:/.test(link));

  test.each(documents)('%s: every relative link leads somewhere', (file) => {
    const broken = linksOf(file).filter((link) => {
      const [to = '', anchor] = link.split('#');
      const target = to === '' ? file : path.join(path.dirname(file), to);
      if (!existsSync(path.join(ROOT, target))) return true;
      return anchor !== undefined && !anchorsOf(target).includes(decodeURIComponent(anchor));
    });
    expect(broken).toEqual([]);
  });

  test('every page can be reached from both READMEs', () => {
    const reached = (start: string): ReadonlySet<string> => {
      const found = new Set([start]);
      for (const file of found)
        for (const link of linksOf(file)) {
          const to = path.join(path.dirname(file), link.split('#')[0]!);
          if (to.endsWith('.md') && existsSync(path.join(ROOT, to))) found.add(to);
        }
      return found;
    };
    for (const start of ['README.md', 'README.en.md'])
      expect(
        pages.filter((page) => !reached(start).has(page)),
        start,
      ).toEqual([]);
  });
});

describe('two languages', () => {
  const chinese = pages.filter((page) => !page.startsWith('docs/en/') && !ENGLISH_ONLY.includes(page));
  const english = (page: string): string => page.replace(/^docs\//, 'docs/en/');

  test('every page for owners and operators is there in both', () => {
    expect(pages.filter((page) => page.startsWith('docs/en/')).toSorted()).toEqual(chinese.map(english).toSorted());
  });

  test.each(chinese)('%s and its English page lead to each other, and have the same parts', (page) => {
    const top = (file: string): string => read(file).split('\n').slice(0, 4).join('\n');
    const between = (from: string, to: string): string => `(${path.relative(path.dirname(from), to)})`;
    expect(top(page)).toContain(between(page, english(page)));
    expect(top(english(page))).toContain(between(english(page), page));
    const parts = (file: string): readonly number[] => [...read(file).matchAll(/^(#+) /gm)].map((match) => match[1]!.length);
    expect(parts(english(page))).toEqual(parts(page));
  });
});

describe.each(['README.md', 'README.en.md'])('%s', (file) => {
  test('is short, and begins with the two commands', () => {
    const lines = read(file).split('\n');
    expect(lines.length - 1).toBeLessThanOrEqual(120);
    const begin = lines.slice(0, 30).join('\n');
    for (const command of ['npm ci && npm start', 'npm ci && npm test']) expect(begin).toContain(command);
  });
});

test('every script a document names is one of package.json', () => {
  const { scripts }: { scripts: Record<string, string> } = JSON.parse(read('package.json'));
  const named = documents.flatMap((file) =>
    [...read(file).matchAll(/npm run ([\w-]+)/g)].map((match) => ({ file, script: match[1]! })),
  );
  expect(named.filter(({ script }) => !Object.hasOwn(scripts, script))).toEqual([]);
});

describe('settings', () => {
  /** Every variable that the configuration asks for. */
  const asked = new Set<string>();
  readConfig(new Proxy({}, { get: (_, name) => void asked.add(String(name)) }));
  const variables = [...asked].toSorted();

  test('there are some', () => expect(variables).toContain('TELEGRAM_BOT_TOKEN'));

  test.each(['docs/settings.md', 'docs/en/settings.md'])('%s lists every variable, and no other', (file) => {
    const listed = [...read(file).matchAll(/^\| (`[A-Z][^|]*)\|/gm)].flatMap((row) =>
      [...row[1]!.matchAll(/`([A-Z][A-Z_]+)`/g)].map((match) => match[1]!),
    );
    expect(listed.toSorted()).toEqual(variables);
  });

  test('.env.example has every variable, and no other', () => {
    const listed = [...read('.env.example').matchAll(/^#?([A-Z][A-Z_]+)=/gm)].map((match) => match[1]!);
    expect(listed.toSorted()).toEqual(variables);
  });
});

describe.each(['docs/commands.md', 'docs/en/commands.md'])('%s', (file) => {
  test('names every command with its word, and no other', () => {
    const rows = read(file)
      .split('\n')
      .filter((line) => line.startsWith('| `/'))
      .map((line) => line.split(' | '));
    const named = rows.flatMap(([commands = '']) => [...commands.matchAll(/`\/([a-z]+)/g)].map((match) => match[1]!));
    expect(named.toSorted()).toEqual(COMMANDS.map(({ name }) => name).toSorted());
    const words = rows
      .map(([, said = '']) => said)
      .join(' ')
      .split(' ');
    expect(COMMANDS.filter((command) => !words.includes(command.words[0]!)).map(({ name }) => name)).toEqual([]);
  });
});

test.each(['docs/platforms/practice.md', 'docs/en/platforms/practice.md'])('%s lists every family of practice codes', (file) => {
  const listed = [...read(file).matchAll(/\| (\d{4}) (?=\|)/g)].map((match) => match[1]!);
  expect(listed.toSorted()).toEqual(practiceSamples.map(({ family }) => family).toSorted());
});

describe('docs/architecture.md', () => {
  const MIRRORS = /^test\/(?:bot|handlers|services|locales)$/;
  const named = [...read('docs/architecture.md').matchAll(/`((?:bot|handlers|services|locales|test|docs)\/[\w./-]*)`/g)].map(
    (match) => match[1]!,
  );
  const folders = new Set(named.filter((name) => name.endsWith('/')).map((name) => name.slice(0, -1)));

  test('names every folder of the program, and those of test/ and docs/ that mirror none of them', () => {
    const inside = (folder: string, deep: boolean) =>
      below(folder).filter(({ at, folder: is }) => is && (deep || at.split('/').length === 2));
    const there = [
      ...['bot', 'handlers', 'services', 'locales'].flatMap((folder) => [folder, ...inside(folder, true).map(({ at }) => at)]),
      ...['test', 'docs'].flatMap((folder) => inside(folder, false).map(({ at }) => at)),
    ].filter((folder) => !MIRRORS.test(folder));
    expect(there.filter((folder) => !folders.has(folder))).toEqual([]);
  });

  test('names no folder that is not there', () => {
    expect([...folders].filter((folder) => !existsSync(path.join(ROOT, folder)))).toEqual([]);
  });
});

test('files that pages for developers name are there', () => {
  const files = ['bot', 'handlers', 'services', 'locales', 'test'].flatMap((folder) => below(folder).map(({ at }) => at));
  const names = new Set(files.map((file) => path.basename(file)));
  const missing = ['CONTRIBUTING.md', ...ENGLISH_ONLY].flatMap((page) =>
    [...read(page).matchAll(/`((?:[\w-]+\/)*[\w.-]+\.(?:ts|js|ftl))`/g)]
      .map((match) => match[1]!)
      .filter((name) => (name.includes('/') ? !files.includes(name) : !names.has(name)))
      .map((name) => `${page}: ${name}`),
  );
  expect(missing).toEqual([]);
});

describe('sources', () => {
  test('each opens with a sentence that says what it is for', () => {
    const sources = ['bot', 'handlers', 'services', 'locales'].flatMap(sourcesOf);
    expect(sources.filter((file) => !/[.。]$|https:\/\/\S+$/.test(firstSentence(read(file)) ?? ''))).toEqual([]);
  });

  test('each has its line in the map', () => {
    const lines = map();
    for (const file of ['bot/start.js', 'handlers/answer.ts', 'locales/index.ts']) {
      expect(lines).toContain(`${path.dirname(file)}/`);
      expect(lines).toContain(`  ${path.basename(file)}  ${firstSentence(read(file))}`);
    }
  });
});

test('documents speak of the project alone: no machine of anybody, nothing left to be done', () => {
  const strange = documents.flatMap((file) =>
    [...read(file).matchAll(/(?:\/work\/|\/root\/|\/home\/\w|\.\.\/shared|TODO|FIXME|127\.0\.0\.1:\d{5})[^\s`]*/g)].map(
      (match) => `${file}: ${match[0]}`,
    ),
  );
  expect(strange).toEqual([]);
});
