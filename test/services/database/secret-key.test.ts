import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSeal, PLACES, WrongKey } from '../../../services/database/seal.ts';
import { findKey, parseKey } from '../../../services/database/secret-key.ts';
import { sealedBefore } from '../../fixtures/sealed-before.ts';

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
  const key = randomBytes(32);
  const seal = createSeal(key);
  const place = PLACES.account('a');

  it.each(['', 'secret', '券码 🎱 \u0000', 'x'.repeat(1_000_000)])('gives back what it sealed', (text) => {
    expect(seal.open(seal.seal(text, place), place) === text).toBe(true);
  });

  it('uses a new nonce each time', () => expect(seal.seal('a', place)).not.toBe(seal.seal('a', place)));

  it('does not open altered or truncated text, or text sealed with another key', () => {
    const sealed = seal.seal('secret', place);
    const head = sealed.slice(0, sealed.lastIndexOf('.') + 1);
    const bytes = Buffer.from(sealed.slice(head.length), 'base64');
    const turned = bytes.map((byte, n) => (n === bytes.length - 1 ? byte ^ 1 : byte));
    for (const other of [
      head + Buffer.from(turned).toString('base64'),
      // A shorter tag would be guessed sooner.
      head + bytes.subarray(0, 16).toString('base64'),
      sealed.slice(0, -8),
      sealed.slice(0, 24),
      sealed.replace('v2.', 'v9.'),
      'v2.',
      'v1.',
      '',
      'nonsense',
    ])
      expect(() => seal.open(other, place)).toThrow(WrongKey);
    expect(() => createSeal(randomBytes(32)).open(sealed, place)).toThrow(WrongKey);
  });

  it('opens only where it was sealed: not in another row, column or table', () => {
    const sealed = seal.seal('secret', place);
    for (const other of [PLACES.account('b'), PLACES.inbox('a'), PLACES.kv('a', ''), PLACES.kv('', 'a')])
      expect(() => seal.open(sealed, other)).toThrow(WrongKey);
    // Parts that are the same when they are joined are two places.
    expect(() => seal.open(seal.seal('x', PLACES.kv('ab', 'c')), PLACES.kv('a', 'bc'))).toThrow(WrongKey);
  });

  it('opens what a former key sealed, and what earlier versions sealed only where these are told to have been', () => {
    const next = createSeal(randomBytes(32), { former: [randomBytes(32), key] });
    expect(next.open(seal.seal('secret', place), place)).toBe('secret');
    const before = sealedBefore(key, 'secret');
    expect(() => next.open(before, place)).toThrow(WrongKey);
    expect(createSeal(randomBytes(32), { former: [key], placeless: true }).open(before, place)).toBe('secret');
  });

  it('hides words behind an index that tells nothing without the key, and that former keys still find', () => {
    const [index] = seal.indexes('123456');
    expect(seal.indexes('123456')).toEqual([index]);
    expect(createSeal(randomBytes(32)).indexes('123456')).not.toContain(index);
    expect(createSeal(randomBytes(32), { former: [key] }).indexes('123456')[1]).toBe(index);
  });

  it('does not reveal the text in its errors', () => {
    const sealed = seal.seal('open-sesame', place);
    const message = (() => {
      try {
        return createSeal(randomBytes(32)).open(sealed, place);
      } catch (error) {
        return String(error);
      }
    })();
    expect(message).not.toContain('sesame');
    expect(message).not.toContain(sealed);
  });
});
