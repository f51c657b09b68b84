/** `npm run rekey`, as an operator runs it: what it says, and what the doctor and the next start say after it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { rekey } from '../../bot/rekey.ts';
import { openStorage, StartRefused } from '../../bot/app/storage.ts';
import { readConfig, type Config } from '../../bot/config/config.ts';
import { keyCheck } from '../../bot/doctor/storage.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

const [OLD, NEW] = [7, 8].map((byte) => Buffer.alloc(32, byte).toString('base64'));

test('the operator gives both keys, runs it, and takes the former one away', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'rekey-'));
  folders.push(folder);
  const configured = (keys: Readonly<Record<string, string>>): Config => {
    const config = readConfig({ DATA_DIR: folder, LOCALE: 'en', ...keys });
    if ('mistakes' in config) throw new Error(config.mistakes.join());
    return config;
  };
  const ran = async (config: Config): Promise<{ code: number; said: string }> => {
    const lines: string[] = [];
    return { code: await rekey(config, (line) => lines.push(line)), said: lines.join('\n') };
  };
  const doctor = (config: Config) => keyCheck(config, (_, en) => en).run();

  await (await openStorage(configured({ SECRET_KEY: OLD! }))).database.close();
  const alone = configured({ SECRET_KEY: NEW! });
  expect(await ran(alone)).toEqual({ code: 1, said: expect.stringContaining('SECRET_KEY_FORMER') });

  const both = configured({ SECRET_KEY: NEW!, SECRET_KEY_FORMER: OLD! });
  expect(both.secrets).toEqual(expect.arrayContaining([OLD, NEW]));
  expect((await doctor(both)).words).toContain('run npm run rekey');
  expect(await ran(both)).toEqual({ code: 0, said: expect.stringContaining('SECRET_KEY_FORMER can be removed') });
  expect((await doctor(both)).words).toContain('can be removed');

  expect(await ran(alone)).toMatchObject({ code: 0 });
  expect(await doctor(alone)).toMatchObject({ kind: 'ok' });
  await expect(openStorage(configured({ SECRET_KEY: OLD! }))).rejects.toThrow(StartRefused);
});
