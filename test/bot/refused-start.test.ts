/** Starts that cannot be: one sentence that names the variable and the mend, no stack, and nothing is changed. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, describe, expect, it } from 'vitest';

const START = path.join(import.meta.dirname, '../../bot/start.js');
const KEY = Buffer.alloc(32, 1).toString('base64');
const OTHER_KEY = Buffer.alloc(32, 2).toString('base64');

const folders: string[] = [];
const folder = (): string => {
  const made = mkdtempSync(path.join(tmpdir(), 'hexiao-refused-'));
  folders.push(made);
  return made;
};
const settings = (dataDir: string, more: Record<string, string> = {}) => ({
  DATA_DIR: dataDir,
  PORT: '0',
  HOST: '127.0.0.1',
  ...more,
});

const running = new Set<ChildProcess>();
/** What each wrote to its output. */
const said = new WeakMap<ChildProcess, string>();
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
  running.clear();
  for (const made of folders.splice(0)) rmSync(made, { recursive: true, force: true });
});

/** Starts it and waits until it is there. */
async function live(dataDir: string, more?: Record<string, string>, node: readonly string[] = []): Promise<ChildProcess> {
  const child = spawn(process.execPath, [...node, START], {
    cwd: dataDir,
    env: settings(dataDir, more),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.stdout.setEncoding('utf8').on('data', (text: string) => said.set(child, (said.get(child) ?? '') + text));
  while (!said.get(child)?.includes('"ready"')) {
    const [text] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [unknown];
    if (typeof text !== 'string') throw new Error(`it did not start: ${said.get(child) ?? ''}`);
  }
  return child;
}

/** The line of its log with these words. */
function lineOf(child: ChildProcess, words: string): unknown {
  const line = said
    .get(child)
    ?.split('\n')
    .find((one) => one.includes(`"msg":"${words}"`));
  return JSON.parse(line ?? 'null');
}

async function stop(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number];
  expect(code).toBe(0);
}

/** A start that is refused: its sentence. */
function refused(dataDir: string, more: Record<string, string> = {}, as: { uid?: number } = {}): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [START], {
    cwd: tmpdir(),
    env: settings(dataDir, more),
    encoding: 'utf8',
    timeout: 20_000,
    ...as,
  });
  expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  const lines = stderr
    .trim()
    .split('\n')
    .filter((line) => !line.includes('CVE-'));
  expect(lines).toHaveLength(1);
  return lines[0]!;
}

/** Everything in the database, as text. */
function contents(dataDir: string): string {
  const database = new Database(path.join(dataDir, 'hexiao.sqlite'), { readonly: true });
  try {
    const tables = database.prepare(`select name from sqlite_master where type = 'table' order by name`).all() as {
      name: string;
    }[];
    return JSON.stringify(tables.map(({ name }) => [name, database.prepare(`select * from "${name}"`).all()]));
  } finally {
    database.close();
  }
}

describe('a DATA_DIR', { timeout: 30_000 }, () => {
  it('whose place a file has taken is refused, and the file stays', () => {
    const file = path.join(folder(), 'data');
    writeFileSync(file, 'a letter');
    expect(refused(file)).toMatch(/^DATA_DIR: .*(choose a folder this user may write to|the folder must be writable)/);
    expect(readFileSync(file, 'utf8')).toBe('a letter');
  });

  it('this user may not write to is refused', () => {
    const dataDir = path.join(folder(), 'locked');
    mkdirSync(dataDir);
    chmodSync(path.dirname(dataDir), 0o755);
    chmodSync(dataDir, 0o555);
    // Root may write everywhere, so it stands back.
    const words = refused(dataDir, {}, process.getuid?.() === 0 ? { uid: 65_534 } : {});
    expect(words).toMatch(/^DATA_DIR: .*hexiao\.sqlite cannot be opened .*the folder must be writable/);
    expect(readdirSync(dataDir)).toEqual([]);
  });

  it('whose database is none is refused, and the file stays as it is', () => {
    const dataDir = folder();
    const file = path.join(dataDir, 'hexiao.sqlite');
    writeFileSync(file, 'not a database, but somebody’s notes '.repeat(200));
    const before = readFileSync(file);
    expect(refused(dataDir)).toMatch(/^DATA_DIR: .*cannot be opened \(file is not a database\)/);
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('that cannot be locked for another reason is not said to be in use', () => {
    const dataDir = folder();
    writeFileSync(path.join(dataDir, 'hexiao.sqlite.lock'), 'scribble '.repeat(200));
    expect(refused(dataDir)).toMatch(/^DATA_DIR: .*cannot be opened \(file is not a database\)/);
  });

  it('that another copy uses is refused, and the other lives on', async () => {
    const dataDir = folder();
    const first = await live(dataDir);
    expect(refused(dataDir)).toMatch(/^DATA_DIR: .*another copy of the program is using .*hexiao\.sqlite/);
    expect(first.exitCode).toBeNull();
    await stop(first);
    await stop(await live(dataDir));
  });

  it('is free again after the copy that used it was killed', async () => {
    const dataDir = folder();
    const first = await live(dataDir);
    first.kill('SIGKILL');
    await once(first, 'exit');
    await stop(await live(dataDir));
  });
});

describe('a SECRET_KEY', { timeout: 30_000 }, () => {
  it('other than the one things were sealed with is refused, and changes nothing', async () => {
    const dataDir = folder();
    await stop(await live(dataDir, { SECRET_KEY: KEY }));
    const before = contents(dataDir);
    const words = refused(dataDir, { SECRET_KEY: OTHER_KEY });
    expect(words).toMatch(/^SECRET_KEY: .*put the former key back, .*\(nothing was changed\) · .*请放回原来的/);
    expect(words).not.toContain(OTHER_KEY.slice(0, 8));
    expect(contents(dataDir)).toBe(before);
    await stop(await live(dataDir, { SECRET_KEY: KEY }));
  });

  it('that is lost from the data folder is refused, as its successor opens nothing', async () => {
    const dataDir = folder();
    await stop(await live(dataDir));
    const before = contents(dataDir);
    const file = path.join(dataDir, 'secret.key');
    const key = readFileSync(file);
    writeFileSync(file, `${OTHER_KEY}\n`);
    expect(refused(dataDir)).toMatch(/^SECRET_KEY: /);
    expect(contents(dataDir)).toBe(before);
    writeFileSync(file, 'garbage');
    expect(refused(dataDir)).toMatch(/^SECRET_KEY: .*secret\.key does not hold a key/);
    writeFileSync(file, key);
    await stop(await live(dataDir));
  });
});

describe('a start on a network that is down', { timeout: 30_000 }, () => {
  it('that holds up Telegram holds up nothing else, and does not count Telegram among those that hear', async () => {
    const dataDir = folder();
    // Nobody listens on port 9.
    const more = { TELEGRAM_BOT_TOKEN: '1:test', TELEGRAM_API_ROOT: 'http://127.0.0.1:9' };
    const child = await live(dataDir, more);
    expect(lineOf(child, 'ready')).toMatchObject({ channels: 'web-place wecom-robot' });
    await stop(child);
  });
});

describe('a defect that nobody caught', { timeout: 30_000 }, () => {
  it.each([
    ['uncaughtException', 'throw'],
    ['unhandledRejection', 'Promise.reject'],
  ])('is logged like everything else, masked, and ends the program (%s)', async (event, how) => {
    const defect = `${how}(Object.assign(new Error('of code 1000000079')))`;
    const trap = `data:text/javascript,process.on('SIGUSR2', () => { ${defect} })`;
    const child = await live(folder(), {}, ['--import', encodeURI(trap)]);
    child.kill('SIGUSR2');
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(1);
    expect(lineOf(child, 'stopped by a defect')).toMatchObject({
      level: 'error',
      event,
      error: { message: 'of code ****0079', stack: expect.stringContaining('Error') },
    });
  });
});
