/** The encryption key: from `SECRET_KEY`, else generated once into the data folder. A wrong key is refused and changes nothing. */
import { readFile, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { keepOnce } from './collections.ts';
import type { Db } from './database.ts';
import { createSeal, WrongKey, type Seal } from './seal.ts';

/** 32 bytes of base64, or nothing when the text is not that. */
export function parseKey(text: string): Buffer | undefined {
  const key = Buffer.from(text.trim(), 'base64');
  return key.length === 32 && key.toString('base64') === text.trim() ? key : undefined;
}

/** The given key, or the one in `<folder>/secret.key`, made there (mode 0600) at the first start. */
export async function findKey(given: Buffer | undefined, folder: string): Promise<Buffer> {
  if (given) return given;
  const file = path.join(folder, 'secret.key');
  try {
    await writeFile(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const key = parseKey(await readFile(file, 'utf8'));
  if (!key) throw new Error(`${file} does not hold a key (32 bytes in base64); put the right file back`);
  return key;
}

const PROOF = 'key-proof';

/**
 * Checks the key against the database and returns its seal. The first start stores a sealed word, later starts must open it.
 * Throws `WrongKey` otherwise and has changed nothing.
 */
export async function openSeal(db: Db, key: Buffer): Promise<Seal> {
  const seal = createSeal(key);
  const kept = await keepOnce(db, PROOF, PROOF, seal.seal(PROOF));
  if (seal.open(kept) !== PROOF) throw new WrongKey('the proof says something else');
  return seal;
}
