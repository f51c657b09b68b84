/** The cases of docs/cases/, held to the tests: every row names a test that is there, or says why it has none. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from './map.ts';

const FOLDER = 'docs/cases';
const pages = readdirSync(path.join(ROOT, FOLDER)).map((name) => `${FOLDER}/${name}`);
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

interface Row {
  readonly came: string;
  readonly shown: string;
}

/** The rows of a page: what came, what is answered, and what shows it. Blanks around `|` part them; a bar within is written `\|`. */
const rowsOf = (page: string): readonly Row[] =>
  read(page)
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| Came |'))
    .map((line) => line.slice(2, -2).split(' | '))
    .map(([came = '', , shown = '', ...more]) => ({ came, shown: more.length > 0 ? 'too many cells' : shown }));

const TEST = /^`(test\/[\w./-]+)` (\S.*)$/;

/** Whether a file has a test, or a table's line, of that name. */
function holds(file: string, title: string): boolean {
  if (!existsSync(path.join(ROOT, file))) return false;
  const text = read(file);
  if (file.endsWith('.tsv')) return text.split('\n').some((line) => line.split('\t')[1] === title);
  return ["'", '"', '`'].some((quote) => text.includes(`${quote}${title}${quote}`));
}

/** What is wrong with what a row shows; nothing where it names tests, or gives a reason in a sentence. */
function wrongWith({ came, shown }: Row): readonly string[] {
  if (/^As it is: .{20,}\.$/.test(shown)) return [];
  return shown.split('<br>').flatMap((one) => {
    const [, file = '', title = ''] = TEST.exec(one) ?? [];
    return holds(file, title) ? [] : [`${came}: ${one}`];
  });
}

describe.each(pages)('%s', (page) => {
  test('names tests that are there, by their titles, or the reason why a thing is as it is', () => {
    expect(rowsOf(page).length).toBeGreaterThan(4);
    expect(rowsOf(page).flatMap(wrongWith)).toEqual([]);
  });

  test('tells each case once', () => {
    const all = rowsOf(page).map(({ came }) => came);
    expect(all.filter((came, n) => all.indexOf(came) !== n)).toEqual([]);
  });
});
