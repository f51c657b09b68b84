/** Checks the storage: that the database opens, and that the secret key fits it. */
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { openPostgres, openSqlite, type Database } from '../../services/database/database.ts';
import { AHEAD_MS, createSharedClock, unsharedClock } from '../../services/database/shared-clock.ts';
import { WrongKey } from '../../services/database/seal.ts';
import { isProven, openSeal, parseKey } from '../../services/database/secret-key.ts';
import type { Config } from '../config/config.ts';
import { bad, codeOf, ok, warn, type Check, type Finding, type Say } from './check.ts';

/** The part of the configuration that names the storage. */
export type Storage = Pick<Config, 'database' | 'dataDir' | 'secretKey'> & Partial<Pick<Config, 'formerKey'>>;

/** Opens the database, and compares its clock with this machine's. It does not create a missing one: the first start does. */
export function databaseCheck({ database }: Storage, say: Say, now: () => number = Date.now): Check {
  return {
    name: say('数据库', 'Database'),
    async run() {
      const found = await openStorage(database);
      if (found === 'none') return ok(say('SQLite，首次启动时创建', 'SQLite, made at the first start'));
      if (found === 'in use') return ok(say('SQLite，程序正在运行', 'SQLite, the program is running'));
      if (found instanceof Error) return bad(whyClosed(database.kind, codeOf(found), say));
      const clock = found.embedded ? unsharedClock(now) : createSharedClock(found.db, now);
      try {
        await clock.compare();
      } finally {
        await found.close();
      }
      if (Math.abs(clock.aheadMs()) > AHEAD_MS) return bad(otherTime(clock.aheadMs(), say));
      return ok(say('可以打开', 'opens'));
    },
  };
}

function otherTime(aheadMs: number, say: Say): string {
  const minutes = Math.round(Math.abs(aheadMs) / 60_000);
  return say(
    `可以打开，但本机时间比数据库的${aheadMs > 0 ? '快' : '慢'}了 ${minutes} 分钟：请开启自动对时（timedatectl set-ntp true）`,
    `opens, but this machine's clock is ${minutes} minutes ${aheadMs > 0 ? 'ahead of' : 'behind'} the database's: let it set its time (timedatectl set-ntp true)`,
  );
}

/** Compares the key with the database; warns of a key file that others can read. */
export function keyCheck(kept: Storage, say: Say): Check {
  const file = path.join(kept.dataDir, 'secret.key');
  const lost = say(
    '数据库里的凭据要用原来的密钥才能读：请放回（数据未被改动）',
    'the credentials in the database need the key they were sealed with: put it back (nothing was changed)',
  );
  return {
    name: say('密钥', 'Secret key'),
    async run(): Promise<Finding> {
      if (!kept.secretKey && !existsSync(file)) {
        if (kept.database.kind === 'postgres') {
          return warn(
            say(
              '没有 SECRET_KEY：每个实例会各自生成，互相读不懂；请给它们同一个',
              'no SECRET_KEY: each instance would make its own; give all the same',
            ),
          );
        }
        if (existsSync(kept.database.file)) return bad(`${file}: ${lost}`);
        return ok(say('首次启动时生成', 'made at the first start'));
      }
      const key = kept.secretKey ?? parseKey(await readFile(file, 'utf8'));
      if (!key)
        return bad(
          say(
            `${file} 里不是密钥（32 字节 base64）：请放回原文件`,
            `${file} holds no key (32 bytes in base64): put the right file back`,
          ),
        );

      const found = await openStorage(kept.database);
      if (found === 'in use') return ok(say('程序正在使用', 'in use by the running program'));
      if (found instanceof Error) return warn(say('数据库打不开，无法核对', 'cannot be compared, the database does not open'));
      if (found !== 'none') {
        try {
          const seal = await openSeal(found.db, key, kept.formerKey ? [kept.formerKey] : []);
          if (kept.formerKey)
            return (await isProven(found.db, seal))
              ? warn(
                  say(
                    '已全部换成现在的密钥：可以删掉 SECRET_KEY_FORMER',
                    'everything is sealed with the current key: SECRET_KEY_FORMER can be removed',
                  ),
                )
              : warn(
                  say(
                    '还有用原来的密钥加密的数据：运行 npm run rekey',
                    'some data is sealed with the former key: run npm run rekey',
                  ),
                );
        } catch (error) {
          if (error instanceof WrongKey) return bad(`${kept.secretKey ? 'SECRET_KEY' : file}: ${lost}`);
          throw error;
        } finally {
          await found.close();
        }
      }
      if (!kept.secretKey && (await stat(file)).mode & 0o077) {
        return warn(say(`其他用户也能读 ${file}：chmod 600 ${file}`, `others can read ${file}: chmod 600 ${file}`));
      }
      return ok(say('与数据库相符；请另存一份备份', 'fits the database; keep a copy of it elsewhere'));
    },
  };
}

/** Opens the database, or says why not. SQLITE_BUSY means that the running program holds the lock. */
export async function openStorage(database: Config['database']): Promise<Database | 'none' | 'in use' | Error> {
  if (database.kind === 'sqlite' && !existsSync(database.file)) return 'none';
  try {
    return await (database.kind === 'sqlite' ? openSqlite(database.file) : openPostgres(database.url));
  } catch (error) {
    if (database.kind === 'sqlite' && codeOf(error) === 'SQLITE_BUSY') return 'in use';
    return error instanceof Error ? error : new Error('not opened', { cause: error });
  }
}

function whyClosed(kind: 'sqlite' | 'postgres', code: string, say: Say): string {
  if (kind === 'sqlite') {
    return say(
      `SQLite 文件打不开（${code}）：检查文件权限和磁盘，或从备份恢复`,
      `the SQLite file does not open (${code}): look at its permissions and the disk, or restore a backup`,
    );
  }
  switch (code) {
    case '28P01':
    case '28000':
      return say(
        'PostgreSQL 拒绝登录：检查 DATABASE_URL 的用户名和密码',
        'PostgreSQL refuses the login: check user and password in DATABASE_URL',
      );
    case '3D000':
      return say(
        'PostgreSQL 上没有这个数据库：先创建它（createdb）',
        'there is no such database in PostgreSQL: create it first (createdb)',
      );
    case '42501':
      return say('PostgreSQL 用户没有建表权限：请授权', 'the PostgreSQL user may not create tables: grant it');
    default:
      return say(
        `PostgreSQL 连不上（${code}）：检查 DATABASE_URL 的主机、端口和防火墙`,
        `PostgreSQL cannot be reached (${code}): check host and port in DATABASE_URL, and firewalls`,
      );
  }
}
