import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSeal, WrongKey } from '../../../services/database/seal.ts';
import { findKey, parseKey } from '../../../services/database/secret-key.ts';

describe('the key in the data folder', () => {
  let folder: string;
  const file = (): string => path.join(folder, 'secret.key');
  beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), 'hexiao-key-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it('is generated at the first start, mode 0600', async () => {
    const key = await findKey(undefined, folder);
    expect(key).toHaveLength(32);
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    expect(parseKey(await readFile(file(), 'utf8'))).toEqual(key);
  });

  it('is the same at every later start, and for processes that start together', async () => {
    const keys = await Promise.all([1, 2, 3, 4].map(() => findKey(undefined, folder)));
    expect(new Set([...keys, await findKey(undefined, folder)].map((key) => key.toString('hex'))).size).toBe(1);
  });

  it('is not read or written when SECRET_KEY is given', async () => {
    const given = randomBytes(32);
    expect(await findKey(given, folder)).toBe(given);
    expect(await readdir(folder)).toEqual([]);
  });

  it.each(['', 'short', randomBytes(31).toString('base64'), randomBytes(33).toString('base64')])(
    'is refused when the file holds %j, and the file is left as it is',
    async (text) => {
      await writeFile(file(), text);
      await expect(findKey(undefined, folder)).rejects.toThrow(`${file()} does not hold a key`);
      expect(await readFile(file(), 'utf8')).toBe(text);
    },
  );

  it('cannot be made in a folder that is not there', async () => {
    await expect(findKey(undefined, path.join(folder, 'missing'))).rejects.toThrow('ENOENT');
  });

  it.each([
    ['a line end', (key: string) => `${key}\n`, true],
    ['no padding', (key: string) => key.replace('=', ''), false],
    ['a letter too many', (key: string) => `A${key}`, false],
    ['the other alphabet', () => '-_'.repeat(21).concat('A='), false],
  ])('may be written with %s: %#', (_, write, fine) => {
    expect(parseKey(write(Buffer.alloc(32, 0xfb).toString('base64'))) !== undefined).toBe(fine);
  });
});

describe('a seal', () => {
  const seal = createSeal(randomBytes(32));

  it.each(['', 'secret', '券码 🎱 \u0000', 'x'.repeat(1_000_000)])('gives back what it sealed', (text) => {
    expect(seal.open(seal.seal(text)) === text).toBe(true);
  });

  it('uses a new nonce each time', () => expect(seal.seal('a')).not.toBe(seal.seal('a')));

  it('does not open altered or truncated text, or text sealed with another key', () => {
    const sealed = seal.seal('secret');
    const bytes = Buffer.from(sealed.slice(3), 'base64');
    const turned = bytes.map((byte, n) => (n === bytes.length - 1 ? byte ^ 1 : byte));
    for (const other of [
      `v1.${Buffer.from(turned).toString('base64')}`,
      sealed.slice(0, -8),
      sealed.slice(0, 20),
      'v1.',
      '',
      'nonsense',
    ])
      expect(() => seal.open(other)).toThrow(WrongKey);
    expect(() => createSeal(randomBytes(32)).open(sealed)).toThrow(WrongKey);
  });

  it('does not reveal the text in its errors', () => {
    const sealed = seal.seal('open-sesame');
    const message = (() => {
      try {
        return createSeal(randomBytes(32)).open(sealed);
      } catch (error) {
        return String(error);
      }
    })();
    expect(message).not.toContain('sesame');
    expect(message).not.toContain(sealed);
  });
});
