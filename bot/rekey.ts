/** `npm run rekey`: seals everything in the database anew with `SECRET_KEY`, and says what is to be done next. */
import { ChainBroken } from '../services/facts/fact-chain.ts';
import { rekey as moveToKey } from '../services/lifecycle/rekey.ts';
import { loadConfig, type Config } from './config/config.ts';
import { openStorage, StartRefused } from './app/storage.ts';

/** Runs the command and prints what came of it. Resolves with the exit code: 1 when something is left to do. */
export async function rekey(
  config: Config | { readonly mistakes: readonly string[] } = loadConfig(),
  write: (line: string) => void = (line) => void process.stdout.write(`${line}\n`),
): Promise<0 | 1> {
  if ('mistakes' in config) {
    for (const mistake of config.mistakes) write(`✗ ${mistake}`);
    return 1;
  }
  const say = (zh: string, en: string): string => (config.locale === 'en' ? en : zh);
  const storage = await openStorage(config).catch((error: unknown) => {
    if (error instanceof StartRefused) return error;
    throw error;
  });
  if (storage instanceof StartRefused) {
    write(`✗ ${storage.message}`);
    return 1;
  }
  const { database, seal, key, former } = storage;
  try {
    const { values, facts, unreadable } = await moveToKey({ db: database.db, seal, key, former });
    write(
      say(
        `✓ 已用现在的密钥重新加密 ${values} 项，重新封好 ${facts} 条操作记录。`,
        `✓ ${values} values were sealed anew with the current key, and ${facts} facts of the audit trail.`,
      ),
    );
    if (unreadable > 0)
      write(
        say(
          `! 有 ${unreadable} 项哪个密钥都打不开，没有改动：它们本来就不能用了。`,
          `! ${unreadable} values open with no key and were left as they are: they were of no use before.`,
        ),
      );
    if (former.length > 0)
      write(
        say(
          '现在可以删掉 SECRET_KEY_FORMER，再重启（还没用的邀请会作废；过一天再删就不会）。',
          'SECRET_KEY_FORMER can be removed now, then restart (open invitations end with it; a day later none does).',
        ),
      );
    return 0;
  } catch (error) {
    if (!(error instanceof ChainBroken)) throw error;
    write(
      say(
        '✗ 操作记录被改过，没有重新封（重新封会掩盖改动）；其余都已重新加密。先运行 npm run doctor 看是哪一条，SECRET_KEY_FORMER 请留着。',
        '✗ The audit trail was altered and is not sealed anew, as that would hide it; everything else is. Run npm run doctor to see where, and keep SECRET_KEY_FORMER.',
      ),
    );
    return 1;
  } finally {
    await database.close();
  }
}
