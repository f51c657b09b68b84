/** The encryption key: from `SECRET_KEY`, else generated once into the data folder. A wrong key is refused and changes nothing. */
import { readFile, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { keepOnce, resealValue } from './collections.ts';
import type { Db } from './database.ts';
import { createSeal, PLACES, WrongKey, type Seal } from './seal.ts';

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

/** The collection and key of the sealed word that the key must open. */
export const PROOF = 'key-proof';

/** What the proof says: everything in this database is sealed for its place. Earlier versions wrote the proof's own name. */
const PLACED = 'placed';

const PROOF_PLACE = PLACES.kv(PROOF, PROOF);

/**
 * Checks the key against the database and returns its seal. The first start stores a sealed word, later starts must open it,
 * with the key or with a former one. Throws `WrongKey` otherwise and has changed nothing.
 */
export async function openSeal(db: Db, key: Buffer, former: readonly Buffer[] = []): Promise<Seal> {
  const seal = createSeal(key, { former, placeless: true });
  const proof = seal.open(await keepOnce(db, PROOF, PROOF, seal.seal(PLACED, PROOF_PLACE)), PROOF_PLACE);
  if (proof !== PLACED && proof !== PROOF) throw new WrongKey('the proof says something else');
  return proof === PLACED ? createSeal(key, { former }) : seal;
}

const readProof = (db: Db) => db.selectFrom('kv').select('v').where('ns', '=', PROOF).where('k', '=', PROOF).executeTakeFirst();

/** Whether the proof is sealed with the current key, which it is once all the rest is. */
export const isProven = async (db: Db, seal: Seal): Promise<boolean> =>
  (await readProof(db))?.v.startsWith(seal.current) ?? false;

/** Writes the proof anew: from now on the current key alone opens this database, and what is sealed without a place does not. */
export async function prove(db: Db, seal: Seal): Promise<void> {
  const before = (await readProof(db))?.v;
  if (before !== undefined) await resealValue(db, { ns: PROOF, k: PROOF, before }, seal.seal(PLACED, PROOF_PLACE));
}
