/** Checks the audit trail: that no fact was altered, removed or inserted. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseKey } from '../../services/database/secret-key.ts';
import { checkChain, type ChainFinding } from '../../services/facts/check-chain.ts';
import { bad, ok, type Check, type Finding, type Say } from './check.ts';
import { openStorage, type Storage } from './storage.ts';

/** While the program runs on SQLite the database is locked: a copy of it can be checked. */
export function factsCheck(kept: Storage, say: Say): Check {
  return {
    name: say('操作记录', 'Audit trail'),
    async run() {
      const key = await keyOf(kept);
      if (!key) return ok(say('没有密钥，没有查', 'not checked, there is no key'));
      const found = await openStorage(kept.database);
      if (found === 'none') return ok(say('还没有', 'none yet'));
      if (found === 'in use')
        return ok(
          say('程序正在运行：停下后再查，或查一份备份', 'the program is running: stop it first, or check a copy of the database'),
        );
      if (found instanceof Error) return ok(say('数据库打不开，没有查', 'not checked, the database does not open'));
      try {
        return worded(await checkChain(found.db, key, kept.formerKey ? [kept.formerKey] : []), say);
      } finally {
        await found.close();
      }
    },
  };
}

async function keyOf({ secretKey, dataDir }: Storage): Promise<Buffer | undefined> {
  if (secretKey) return secretKey;
  const file = path.join(dataDir, 'secret.key');
  return existsSync(file) ? parseKey(await readFile(file, 'utf8')) : undefined;
}

function worded(found: ChainFinding, say: Say): Finding {
  switch (found.kind) {
    case 'whole': {
      const { facts, unsealed } = found;
      const waiting = say(`（最新 ${unsealed} 条还没有封）`, ` (the newest ${unsealed} are not sealed yet)`);
      return ok(say(`共 ${facts} 条，完整`, `${facts} facts, whole`) + (unsealed > 0 ? waiting : ''));
    }
    case 'broken': {
      const { stream, sequence, why } = found;
      const words = {
        missing: say('缺失', 'is missing'),
        altered: say('被改过', 'was altered'),
        unsealed: say('的封被去掉，或是后加的', 'lost its seal, or was put in'),
      };
      return bad(
        say(
          `${stream} 的第 ${sequence} 条${words[why]}：有人直接改了数据库，请与备份对照`,
          `number ${sequence} of ${stream} ${words[why]}: somebody changed the database itself; compare it with a backup`,
        ),
      );
    }
    case 'miscounted':
      return bad(
        say(
          `封了 ${found.counted ?? '?'} 条，现有 ${found.facts} 条：末尾或整段被删过，请与备份对照`,
          `${found.counted ?? '?'} facts were sealed and ${found.facts} are there: the end of a stream, or one as a whole, was removed; compare it with a backup`,
        ),
      );
  }
}
