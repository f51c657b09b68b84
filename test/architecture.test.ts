/** What the house looks like, checked by reading it: what the linter enforces, and what it cannot express. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '..');
const PROGRAM = ['bot', 'handlers', 'services', 'locales'];

/** Paths below the given folders, from the root, files and folders. */
const below = (...folders: string[]): string[] =>
  folders.flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { withFileTypes: true, recursive: true }).map((entry) =>
      path.relative(ROOT, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'),
    ),
  );
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const sources = below(...PROGRAM).filter((file) => file.endsWith('.ts'));
/** The packages a source imports, by name. */
const packagesOf = (file: string): string[] =>
  [...read(file).matchAll(/(?:\bfrom|^import|\bimport\()\s*'([@\w][\w./@-]*)'/gm)]
    .map((match) => match[1]!)
    .filter((name) => !name.startsWith('node'))
    .map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'));

describe('the linter finds what is planted', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'hexiao-planted-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const plants: Record<string, string> = {
    'bot/grammy.ts': "export { Bot } from 'grammy';",
    'bot/telegram/kysely.ts': "export { sql } from 'kysely';",
    'bot/config/env-reader.ts': "export const port = process.env['PORT'];",
    'handlers/upwards.ts': "export * from '../bot/channel/channel.ts';",
    'handlers/later.ts': "export const channel = import('../bot/channel/channel.ts');",
    'handlers/undici.ts': "export { fetch } from 'undici';",
    'services/upwards.ts': "export type * from '../handlers/message.ts';",
    'services/deep/upwards.ts': "export * from '../../bot/channel.ts';",
    'services/words.ts': "export * from '../locales/index.ts';",
    'services/platforms/bottleneck.ts': "export * as Bottleneck from 'bottleneck';",
    'services/platforms/rate-limited.ts': "export * as Keyv from 'keyv';",
    'services/ledger/pg.ts': "export * as pg from 'pg';",
    'services/ledger/sqlite.ts': "export * as sqlite from 'better-sqlite3';",
    'services/ledger/migrator.ts': "export * as migration from 'kysely/migration';",
    'services/database/dayjs.ts': "export * as dayjs from 'dayjs/plugin/utc.js';",
    'services/round.ts': "import type { B } from './about.ts';\nexport interface A { b: B }",
    'services/about.ts': "import type { A } from './round.ts';\nexport interface B { a: A }",
    'locales/upwards.ts': "export * from '../services/log.ts';",
    'services/loud.ts': "console.log('hello');",
    'services/loose.ts': 'export const loose = (value: any): unknown => value;',
  };
  const allowed: Record<string, string> = {
    'bot/telegram/grammy.ts': "export { Bot } from 'grammy';",
    'bot/config/config.ts': "export const port = process.env['PORT'];",
    'bot/downwards.ts': "export * from '../handlers/message.ts';\nexport * from '../services/log.ts';",
    'handlers/downwards.ts': "export * from '../services/log.ts';\nexport * from '../locales/index.ts';",
    'services/database/kysely.ts': "export { sql } from 'kysely';\nexport * as keyv from 'keyv';\nexport * as pg from 'pg';",
    'services/time/business-day.ts': "export * as dayjs from 'dayjs';",
    'test/anything.ts':
      "export { Bot } from 'grammy';\nexport * from '../bot/channel/channel.ts';\nexport const port = process.env['PORT'];",
  };

  copyFileSync(path.join(ROOT, '.oxlintrc.json'), path.join(folder, '.oxlintrc.json'));
  for (const [file, text] of Object.entries({ ...plants, ...allowed })) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), `${text}\n`);
  }
  const oxlint = path.join(ROOT, 'node_modules/oxlint/bin/oxlint');
  const report = spawnSync(process.execPath, [oxlint, '--format', 'unix', ...PROGRAM, 'test'], { cwd: folder, encoding: 'utf8' });
  const found = new Set(report.stdout.split('\n').map((line) => line.slice(0, line.indexOf(':'))));

  test.each(Object.keys(plants))('%s is refused', (file) => expect(found).toContain(file));
  test.each(Object.keys(allowed))('%s is let pass', (file) => expect(found).not.toContain(file));
});

test('the environment is read in one place', () => {
  const readers = sources.filter((file) => /process\??\.env|=\s*process\b(?!\.)|['"](node:)?process['"]/.test(read(file)));
  expect(readers).toEqual(['bot/config/config.ts']);
});

test('bodies of requests are read in one place, under its limits', () => {
  const reads = /\breq(?:uest)?(?:\.raw)?\.(?:body\b|(?:arrayBuffer|blob|bytes|formData|json|parseBody|text)\()/;
  const unlimited = sources.filter((file) => file.startsWith('bot/') && reads.test(read(file)));
  expect(unlimited.filter((file) => file !== 'bot/http/body.ts' && !/\.limited\(/.test(read(file)))).toEqual([]);
});

test('a file has one reason to change: none is longer than 250 lines', () => {
  const long = below('bot', 'handlers', 'services')
    .filter((file) => /\.(ts|js)$/.test(file))
    .map((file) => ({ file, lines: read(file).split('\n').length - 1 }));
  expect(long.filter(({ lines }) => lines > 250)).toEqual([]);
});

test('nothing is without a home: no folder or file of helpers', () => {
  const homeless = below(...PROGRAM, 'test').filter((file) =>
    /(^|\/)(utils?|helpers?|common|misc|shared|lib)(\/|\.ts$|$)/.test(file),
  );
  expect(homeless).toEqual([]);
});

describe('packages', () => {
  const { dependencies = {}, devDependencies = {} }: Record<string, Record<string, string>> = JSON.parse(read('package.json'));

  test('what the program imports is there without the development packages', () => {
    // Run by hand, when a sentence is added.
    const running = sources.filter((file) => file !== 'locales/generate.ts');
    const imported = running.flatMap((file) => packagesOf(file).map((name) => ({ file, name })));
    expect(imported.filter(({ name }) => !(name in dependencies))).toEqual([]);
  });

  test('none is carried for nothing', () => {
    const used = new Set(sources.flatMap(packagesOf));
    expect(Object.keys(dependencies).filter((name) => !used.has(name))).toEqual([]);
    expect(Object.keys(dependencies).filter((name) => name in devDependencies)).toEqual([]);
  });
});
