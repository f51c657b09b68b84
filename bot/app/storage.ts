/** Opens the storage: the data folder, the database, and the key that seals. Refuses in words. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { openPostgres, openSqlite, type Database } from '../../services/database/database.ts';
import { findKey, openSeal } from '../../services/database/secret-key.ts';
import { WrongKey, type Seal } from '../../services/database/seal.ts';
import type { Config } from '../config/config.ts';

/** Refuses a start: one line for the operator that names the variable and the mend, in English and Chinese. */
export class StartRefused extends Error {
  override readonly name = 'Refused';
}

export interface Storage {
  readonly database: Database;
  readonly seal: Seal;
  /** The key itself: other secrets are derived from it. */
  readonly key: Buffer;
  /** Keys of before: they open what was sealed with them until `npm run rekey` has run. */
  readonly former: readonly Buffer[];
}

/** Throws `StartRefused`, and has changed nothing then. */
export async function openStorage({
  dataDir,
  database: where,
  secretKey,
  formerKey,
}: Pick<Config, 'dataDir' | 'database' | 'secretKey'> & Partial<Pick<Config, 'formerKey'>>): Promise<Storage> {
  await makeFolder(path.resolve(dataDir)).catch((cause: unknown) => {
    throw new StartRefused(
      `DATA_DIR: ${dataDir} cannot be made (${wordsOf(cause)}); choose a folder this user may write to · 无法创建：请换一个本用户能写的目录`,
      {
        cause,
      },
    );
  });
  const database = await (where.kind === 'sqlite' ? openSqlite(where.file) : openPostgres(where.url)).catch((cause: unknown) => {
    throw new StartRefused(
      where.kind === 'sqlite'
        ? `DATA_DIR: ${where.file} cannot be opened (${wordsOf(cause)}); the folder must be writable, with space left, and used by no other copy · 打不开：目录要能写、有空间，且没有另一个程序在用`
        : `DATABASE_URL: PostgreSQL cannot be used (${wordsOf(cause)}); check the address, the user, and that it runs · 不能用：请检查地址、用户，以及它是否在运行`,
      { cause },
    );
  });
  try {
    const key = await findKey(secretKey, dataDir);
    const former = formerKey ? [formerKey] : [];
    return { database, key, former, seal: await openSeal(database.db, key, former) };
  } catch (cause) {
    await database.close();
    const why =
      cause instanceof WrongKey
        ? 'not the key the stored credentials were sealed with; put the former key back, or give it as SECRET_KEY_FORMER (nothing was changed) · 不是封存凭据时的密钥：请放回原来的，或写进 SECRET_KEY_FORMER（没有改动任何数据）'
        : wordsOf(cause);
    throw new StartRefused(`SECRET_KEY: ${why}`, { cause });
  }
}

const wordsOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** Makes a folder and its parents, one by one: Node's own `recursive` never comes back from a place like /proc (26.10). */
async function makeFolder(folder: string): Promise<void> {
  if (existsSync(folder)) return;
  if (!existsSync(path.dirname(folder))) await makeFolder(path.dirname(folder));
  await mkdir(folder).catch((error: unknown) => {
    if (!existsSync(folder)) throw error;
  });
}
