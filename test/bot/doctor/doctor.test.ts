import { chmodSync, existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { readConfig, type Config } from '../../../bot/config/config.ts';
import { doctor, examine } from '../../../bot/doctor/doctor.ts';
import { accountsCheck } from '../../../bot/doctor/accounts.ts';
import { ask } from '../../../bot/doctor/ask.ts';
import { bad, ok, warn, type Say } from '../../../bot/doctor/check.ts';
import { databaseCheck, keyCheck } from '../../../bot/doctor/storage.ts';
import { clockCheck, folderCheck, nodeCheck } from '../../../bot/doctor/machine.ts';
import { operatorsCheck } from '../../../bot/doctor/operators.ts';
import { platformCheck, portCheck, publicCheck } from '../../../bot/doctor/network.ts';
import { telegramChecks } from '../../../bot/doctor/telegram.ts';
import { hasKnownHole } from '../../../bot/config/node-version.ts';
import { factsCheck } from '../../../bot/doctor/facts.ts';
import { openSqlite, sql } from '../../../services/database/database.ts';
import { createFactChain } from '../../../services/facts/fact-chain.ts';
import { createFacts } from '../../../services/facts/facts.ts';
import { openSeal } from '../../../services/database/secret-key.ts';
import { systemTime } from '../../../services/time/time.ts';

const TOKEN = '123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc';
const NOW = Date.parse('2026-11-22T04:00:00Z');
const now = () => NOW;
const say: Say = (_zh, en) => en;
const temporary = (): string => mkdtempSync(path.join(tmpdir(), 'hexiao-doctor-'));

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A scripted server on the loopback interface. */
async function serving(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<{ url: string; port: number }> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port };
}

/** A double of the Bot API methods that the doctor calls. */
const telegramSays = (methods: Record<string, object>) =>
  serving(({ url = '' }, response) => {
    const result = methods[url.replace(`/bot${TOKEN}/`, '')];
    response.statusCode = result ? 200 : 401;
    response.end(JSON.stringify(result ? { ok: true, result } : { ok: false, error_code: 401, description: 'Unauthorized' }));
  });

const nobody = async (): Promise<string> => {
  const { url } = await serving(() => undefined);
  servers.pop()?.close();
  return url;
};

test.each([
  ['telegram:1', 'ok', '1 operator reviews'],
  ['telegram:1,wecom-bot:zhangsan', 'warn', 'wecom-bot:zhangsan'],
  ['wecom-bot:zhangsan', 'bad', 'that chat channel is not configured'],
])('reviews by %s: %s', async (OPERATORS, kind, words) => {
  const config = readConfig({ TELEGRAM_BOT_TOKEN: TOKEN, ACCESS: 'review', OPERATORS }) as Config;
  expect(await operatorsCheck(config, say).run()).toEqual({ kind, words: expect.stringContaining(words) });
});

describe('Node', () => {
  test.each([
    ['24.12.0', true],
    ['24.22.0', true],
    ['24.22.1', false],
    ['25.9.0', true],
    ['26.10.0', true],
    ['26.12.0', true],
    ['26.12.1', false],
    ['26.13.0', false],
    ['27.0.0', false],
  ])('%s has a known hole: %s', (version, hole) => expect(hasKnownHole(version)).toBe(hole));

  test('a known hole is a warning with the fix', async () => {
    expect(await nodeCheck('26.10.0', say).run()).toMatchObject({ kind: 'warn', words: expect.stringContaining('26.12.1') });
    expect(await nodeCheck('26.12.1', say).run()).toEqual(ok('26.12.1'));
  });
});

describe('the data folder', () => {
  test('a writable one is fine, and is created if missing', async () => {
    const folder = path.join(temporary(), 'data');
    expect(await folderCheck(folder, say).run()).toMatchObject({ kind: 'ok' });
  });

  test('a file in its place is bad', async () => {
    const folder = path.join(temporary(), 'data');
    writeFileSync(folder, '');
    expect(await folderCheck(folder, say).run()).toMatchObject({ kind: 'bad', words: expect.stringContaining('DATA_DIR') });
  });

  test('a full disk is bad, a nearly full one a warning', async () => {
    const found = async (megabytes: number) =>
      (await folderCheck(temporary(), say, async () => megabytes * 1_048_576).run()).kind;
    expect(await Promise.all([found(49), found(50), found(499), found(500)])).toEqual(['bad', 'warn', 'warn', 'ok']);
  });
});

describe('the clock', () => {
  const found = async (date: string | undefined) => {
    const { url } = await serving((_, response) => {
      response.sendDate = false;
      if (date) response.setHeader('date', date);
      response.end();
    });
    return await clockCheck(url, { ask, now, say }).run();
  };

  test('a minute apart is fine, more is a warning that says which way', async () => {
    expect(await found(new Date(NOW + 60_000).toUTCString())).toMatchObject({ kind: 'ok' });
    expect(await found(new Date(NOW + 62_000).toUTCString())).toMatchObject({
      kind: 'warn',
      words: expect.stringContaining('62 s behind'),
    });
    expect(await found(new Date(NOW - 62_000).toUTCString())).toMatchObject({
      kind: 'warn',
      words: expect.stringContaining('62 s ahead'),
    });
  });

  test('without a server to compare with it is a warning', async () => {
    expect(await found(undefined)).toMatchObject({ kind: 'warn' });
    expect(await clockCheck(await nobody(), { ask, now, say }).run()).toMatchObject({ kind: 'warn' });
  });
});

describe('the database and its key', () => {
  const kept = (dataDir: string, secretKey?: Buffer) => ({
    dataDir,
    secretKey,
    database: { kind: 'sqlite', file: path.join(dataDir, 'hexiao.sqlite') } as const,
  });
  const sealedWith = async (dataDir: string, key: Buffer) => {
    const database = await openSqlite(kept(dataDir).database.file);
    await openSeal(database.db, key);
    return database;
  };

  test('a missing database before the first start is fine, and is not created', async () => {
    const mine = kept(temporary());
    expect(await databaseCheck(mine, say).run()).toMatchObject({ kind: 'ok' });
    expect(await keyCheck(mine, say).run()).toMatchObject({ kind: 'ok' });
    expect(existsSync(mine.database.file)).toBe(false);
    expect(existsSync(path.join(mine.dataDir, 'secret.key'))).toBe(false);
  });

  test('the right key fits; another one is bad and changes nothing', async () => {
    const folder = temporary();
    await (await sealedWith(folder, Buffer.alloc(32, 1))).close();
    expect(await databaseCheck(kept(folder), say).run()).toEqual(ok('opens'));
    expect(await keyCheck(kept(folder, Buffer.alloc(32, 2)), say).run()).toMatchObject({
      kind: 'bad',
      words: expect.stringContaining('SECRET_KEY'),
    });
    expect(await keyCheck(kept(folder, Buffer.alloc(32, 1)), say).run()).toMatchObject({ kind: 'ok' });
  });

  test('a key file that is lost, invalid, or readable by others', async () => {
    const folder = temporary();
    const file = path.join(folder, 'secret.key');
    await (await sealedWith(folder, Buffer.alloc(32, 1))).close();
    expect(await keyCheck(kept(folder), say).run()).toMatchObject({ kind: 'bad', words: expect.stringContaining(file) });
    writeFileSync(file, 'not a key', { mode: 0o600 });
    expect(await keyCheck(kept(folder), say).run()).toMatchObject({ kind: 'bad', words: expect.stringContaining('32 bytes') });
    writeFileSync(file, Buffer.alloc(32, 1).toString('base64'));
    expect(await keyCheck(kept(folder), say).run()).toMatchObject({ kind: 'ok' });
    chmodSync(file, 0o644);
    expect(await keyCheck(kept(folder), say).run()).toMatchObject({ kind: 'warn', words: expect.stringContaining('chmod 600') });
  });

  test('a database locked by the running program is fine', async () => {
    const folder = temporary();
    const running = await sealedWith(folder, Buffer.alloc(32, 1));
    expect(await databaseCheck(kept(folder), say).run()).toMatchObject({ kind: 'ok', words: expect.stringContaining('running') });
    expect(await keyCheck(kept(folder, Buffer.alloc(32, 2)), say).run()).toMatchObject({ kind: 'ok' });
    await running.close();
  });

  test('a file that is no database is bad', async () => {
    const mine = kept(temporary());
    writeFileSync(mine.database.file, 'this is a letter to my aunt, and quite long enough to be taken for a database header');
    expect(await databaseCheck(mine, say).run()).toMatchObject({ kind: 'bad', words: expect.stringContaining('SQLITE_NOTADB') });
  });

  test('an unreachable PostgreSQL is bad, and its password is not shown', async () => {
    const { port } = await serving(() => undefined);
    servers.pop()?.close();
    const mine = {
      ...kept(temporary()),
      database: { kind: 'postgres', url: `postgres://me:rawvalue@127.0.0.1:${port}/x` } as const,
    };
    const found = await databaseCheck(mine, say).run();
    expect(found).toMatchObject({ kind: 'bad', words: expect.stringContaining('DATABASE_URL') });
    expect(found.words).not.toContain('rawvalue');
    expect(await keyCheck(mine, say).run()).toMatchObject({ kind: 'warn', words: expect.stringContaining('SECRET_KEY') });
  });
});

describe('the bound accounts', () => {
  const SUCCEEDED = Date.parse('2026-11-21T10:30:00Z');
  /** A data file with an account each that was refused at that time, and whose store last succeeded then. */
  const bound = async (...accounts: (readonly [string, number | null, number | null])[]) => {
    const file = path.join(temporary(), 'hexiao.sqlite');
    const database = await openSqlite(file);
    for (const [identity, refused_at, last_success_at] of accounts) {
      const account = { id: identity, platform: 'umember', identity, sealed: '', refused_at, created_at: NOW };
      await database.db.insertInto('account').values(account).execute();
      const shop = { id: identity, account_id: identity, external_id: '5', name: 'x', time_zone: 'UTC', day_end: '00:00' };
      await database.db
        .insertInto('store')
        .values({ ...shop, last_success_at, created_at: NOW })
        .execute();
    }
    await database.close();
    return await accountsCheck({ database: { kind: 'sqlite', file }, timeZone: 'Asia/Shanghai' }, say).run();
  };

  test('none is fine, before the first start and after', async () => {
    const database = { kind: 'sqlite', file: path.join(temporary(), 'hexiao.sqlite') } as const;
    expect(await accountsCheck({ database, timeZone: 'UTC' }, say).run()).toEqual(ok('none yet'));
    expect(existsSync(database.file)).toBe(false);
    expect(await bound()).toEqual(ok('none yet'));
  });

  test('each has the time of its last success, in the installation’s zone', async () => {
    expect(await bound(['a@x', null, SUCCEEDED])).toEqual(ok('umember a@x: last succeeded 2026-11-21 18:30'));
    expect(await bound(['a@x', null, null])).toEqual(ok('umember a@x: has never succeeded'));
  });

  test('an account that only serves another’s store names the store', async () => {
    const file = path.join(temporary(), 'hexiao.sqlite');
    const { db, close } = await openSqlite(file);
    for (const id of ['a@x', 'b@x'])
      await db
        .insertInto('account')
        .values({ id, platform: 'umember', identity: id, sealed: '', refused_at: null, created_at: NOW })
        .execute();
    const store = { id: 'st', account_id: 'a@x', external_id: '5', name: 'x', time_zone: 'UTC', day_end: '00:00' };
    await db
      .insertInto('store')
      .values({ ...store, last_success_at: SUCCEEDED, created_at: NOW })
      .execute();
    const further = { id: 'li', store_id: 'st', account_id: 'b@x', external_id: '147', name: '光华店', since: NOW };
    await db
      .insertInto('listing')
      .values({ ...further, removed_at: null })
      .execute();
    await close();
    const { words } = await accountsCheck({ database: { kind: 'sqlite', file }, timeZone: 'UTC' }, say).run();
    expect(words).toContain('umember b@x: also serves “光华店”');
  });

  test('a refused login is bad, with its time and the fix', async () => {
    const { kind, words } = await bound(['a@x', null, SUCCEEDED], ['b@x', NOW, SUCCEEDED]);
    expect(kind).toBe('bad');
    expect(words).toContain('umember a@x: last succeeded 2026-11-21 18:30');
    expect(words).toMatch(/b@x: its login is refused since 2026-11-22 12:00, last succeeded 2026-11-21 18:30; .*\/bind/);
  });

  test('the running program is not disturbed', async () => {
    const file = path.join(temporary(), 'hexiao.sqlite');
    const running = await openSqlite(file);
    const { kind, words } = await accountsCheck({ database: { kind: 'sqlite', file }, timeZone: 'UTC' }, say).run();
    expect([kind, words]).toEqual(['ok', expect.stringContaining('/status')]);
    await running.close();
  });
});

describe('the audit trail', () => {
  const secretKey = Buffer.alloc(32, 7);
  /** A data file with three sealed facts and one that is not sealed yet, changed by that SQL. */
  const checked = async (change: string) => {
    const dataDir = temporary();
    const file = path.join(dataDir, 'hexiao.sqlite');
    const { db, close } = await openSqlite(file);
    const facts = createFacts(db);
    const record = (subject: string) =>
      db.transaction().execute((tx) => facts.record(tx, { stream: 'account:a', kind: 'staff.joined', subject, at: NOW }));
    for (const subject of ['p1', 'p2', 'p3']) await record(subject);
    await createFactChain({ db, key: secretKey, sleep: systemTime.sleep }).seal();
    await record('p4');
    if (change !== '') await sql.raw(change).execute(db);
    await close();
    return await factsCheck({ database: { kind: 'sqlite', file }, dataDir, secretKey }, say).run();
  };

  test('a whole one is fine', async () => {
    expect(await checked('')).toEqual(ok('4 facts, whole (the newest 1 are not sealed yet)'));
    expect(await checked('delete from fact where seal is null')).toMatchObject({ kind: 'bad' });
  });

  test.each([
    ["update fact set subject = 'p9' where sequence = 2", 'number 2 of account:a was altered'],
    ['delete from fact where sequence = 2', 'number 2 of account:a is missing'],
    ['update fact set seal = null where sequence = 2', 'number 2 of account:a lost its seal, or was put in'],
    ['delete from fact', 'number 1 of account:a is missing'],
    ['delete from fact where sequence >= 3', 'number 3 of account:a is missing'],
  ])('%s: is bad, and told where', async (change, words) => {
    const { kind, words: said } = await checked(change);
    expect(kind).toBe('bad');
    expect(said).toContain(words);
    expect(said).toContain('compare it with a backup');
  });

  test('a count that was altered is bad', async () => {
    const { kind, words } = await checked('update fact_head set sealed = 7');
    expect([kind, words]).toEqual(['bad', expect.stringContaining('? facts were sealed and 3 are there')]);
  });

  test('none is fine, before the first start too; the running program is not disturbed', async () => {
    const dataDir = temporary();
    const file = path.join(dataDir, 'hexiao.sqlite');
    const check = factsCheck({ database: { kind: 'sqlite', file }, dataDir, secretKey }, say);
    expect(await check.run()).toEqual(ok('none yet'));
    expect(existsSync(file)).toBe(false);
    const running = await openSqlite(file);
    expect(await check.run()).toMatchObject({ kind: 'ok', words: expect.stringContaining('the program is running') });
    await running.close();
    expect(await check.run()).toEqual(ok('0 facts, whole'));
  });
});

describe('addresses', () => {
  test('a port is free, in use by another program, or by this one, ready or not', async () => {
    const found = async (port: number) => await portCheck({ port, host: '127.0.0.1' }, { ask, say }).run();
    const status = async (code: number, text = '') =>
      (
        await serving((_, response) => {
          response.statusCode = code;
          response.end(text);
        })
      ).port;
    expect(await found(Number(new URL(await nobody()).port))).toMatchObject({
      kind: 'ok',
      words: expect.stringContaining('free'),
    });
    expect(await found(await status(200))).toMatchObject({ kind: 'ok', words: expect.stringContaining('running') });
    expect(await found(await status(404))).toMatchObject({ kind: 'bad', words: expect.stringContaining('EADDRINUSE') });
    expect(await found(await status(503, 'no database'))).toMatchObject({
      kind: 'bad',
      words: expect.stringContaining('no database'),
    });
  });

  test('the public address leads here, elsewhere, or is unknown while the program is stopped', async () => {
    const here = await serving((request, response) => {
      response.statusCode = request.url === '/healthz' ? 200 : 404;
      response.end();
    });
    const found = async (publicUrl: string, port: number) =>
      (await publicCheck(publicUrl, { port, host: '0.0.0.0' }, { ask, say }).run()).kind;
    const closed = await nobody();
    expect(await found(here.url, here.port)).toBe('ok');
    expect(await found(`${here.url}/elsewhere`, here.port)).toBe('bad');
    expect(await found(closed, here.port)).toBe('bad');
    expect(await found(closed, Number(new URL(closed).port))).toBe('warn');
  });

  test('plain http to a platform is a warning; an unreachable platform is bad where it is needed', async () => {
    const { url } = await serving((_, response) => response.end());
    expect(await platformCheck('umember', url, { needed: true, ask, say }).run()).toMatchObject({
      kind: 'warn',
      words: expect.stringContaining('https'),
    });
    const closed = await nobody();
    expect(await platformCheck('umember', closed, { needed: true, ask, say }).run()).toMatchObject({ kind: 'bad' });
    expect(await platformCheck('umember', closed, { needed: false, ask, say }).run()).toMatchObject({ kind: 'warn' });
  });
});

describe('Telegram', () => {
  const WEBHOOK = { kind: 'webhook', publicUrl: 'https://bot.example.com' } as const;
  const POLLING = { kind: 'polling' } as const;
  const found = async (methods: Record<string, object>, mode: typeof WEBHOOK | typeof POLLING = POLLING) => {
    const { url } = await telegramSays(methods);
    const alone = async (which: number) =>
      await telegramChecks({ token: TOKEN, apiRoot: url, mode }, { ask, now, say })[which]!.run();
    return { token: await alone(0), updates: await alone(1), groups: await alone(2) };
  };

  test('a valid token gives the bot’s username', async () => {
    expect((await found({ getMe: { username: 'hexiao_bot' } })).token).toEqual(ok('@hexiao_bot'));
  });

  test('a refused token comes with the place to copy it from', async () => {
    expect((await found({})).token).toMatchObject({ kind: 'bad', words: expect.stringContaining('@BotFather') });
  });

  test('a foreign server, and no server, at the API address', async () => {
    const { url } = await serving((_, response) => response.end('<html>welcome</html>'));
    for (const apiRoot of [url, await nobody()]) {
      const [token] = telegramChecks({ token: TOKEN, apiRoot, mode: POLLING }, { ask, now, say });
      const finding = await token!.run();
      expect(finding).toMatchObject({ kind: 'bad', words: expect.stringContaining('TELEGRAM_API_ROOT') });
      expect(finding.words).not.toContain(TOKEN);
    }
  });

  test('an unreachable API or a refused token is reported once', async () => {
    const refusing = await telegramSays({});
    for (const apiRoot of [refusing.url, await nobody()]) {
      const kinds: string[] = [];
      for (const check of telegramChecks({ token: TOKEN, apiRoot, mode: POLLING }, { ask, now, say })) {
        const { kind, words } = await check.run();
        kinds.push(kind);
        if (kind === 'warn') expect(words).toMatch(/^not checked/);
      }
      expect(kinds).toEqual(['bad', 'warn', 'warn']);
    }
  });

  test('privacy mode is explained', async () => {
    expect((await found({ getMe: { can_read_all_group_messages: false } })).groups).toMatchObject({
      kind: 'warn',
      words: expect.stringContaining('/setprivacy'),
    });
    expect((await found({ getMe: { can_read_all_group_messages: true } })).groups.kind).toBe('ok');
  });

  test('a webhook set while polling is a warning', async () => {
    expect((await found({ getWebhookInfo: { url: '' } })).updates).toEqual(ok('polling'));
    expect((await found({ getWebhookInfo: { url: 'https://other.example.com' } })).updates.kind).toBe('warn');
  });

  test.each([
    ['is right', { url: 'https://bot.example.com/telegram', pending_update_count: 2 }, ok('webhook is set, 2 waiting')],
    ['is not set yet', { url: '' }, warn(expect.stringContaining('sets it'))],
    ['leads elsewhere', { url: 'https://bot.example.com/other' }, warn(expect.stringContaining('elsewhere'))],
    [
      'failed a minute ago',
      { url: 'https://bot.example.com/telegram', last_error_date: NOW / 1000 - 60, last_error_message: 'SSL error' },
      bad(expect.stringContaining('SSL error')),
    ],
    [
      'failed yesterday',
      { url: 'https://bot.example.com/telegram', last_error_date: NOW / 1000 - 86_400, last_error_message: 'SSL error' },
      ok('webhook is set, 0 waiting'),
    ],
    ['is behind', { url: 'https://bot.example.com/telegram', pending_update_count: 101 }, warn(expect.stringContaining('101'))],
  ])('a webhook that %s', async (_what, getWebhookInfo, finding) => {
    expect((await found({ getWebhookInfo }, WEBHOOK)).updates).toEqual(finding);
  });
});

describe('a whole run', () => {
  test('checks run in sequence, and one that fails or hangs does not stop the rest', async () => {
    vi.useFakeTimers();
    const lines: string[] = [];
    const examined = examine(
      [
        { name: 'one', run: async () => ok('fine') },
        { name: 'two', run: async () => await Promise.reject(Object.assign(new Error('secret'), { code: 'EIO' })) },
        { name: 'three', run: () => new Promise(() => undefined) },
        { name: 'four', run: async () => warn('hm') },
      ],
      { write: (line) => void lines.push(line), say, timeoutMs: 1000 },
    );
    await vi.advanceTimersByTimeAsync(1000);
    vi.useRealTimers();
    expect((await examined).map(({ kind }) => kind)).toEqual(['ok', 'bad', 'bad', 'warn']);
    expect(lines).toEqual([
      '✓ one: fine',
      '✗ two: could not be checked (EIO)',
      '✗ three: no answer, gave up waiting',
      '! four: hm',
    ]);
  });

  const run = async (config: Parameters<typeof doctor>[0]) => {
    const lines: string[] = [];
    const code = await doctor(config, (line) => void lines.push(line));
    return { code, text: lines.join('\n') };
  };

  test('mistakes in the configuration are reported, and no check runs', async () => {
    const { code, text } = await run({ mistakes: ['PORT: write a number'] });
    expect(code).toBe(1);
    expect(text).toMatch(/^✗ PORT: write a number\n.+$/);
  });

  test('a working bot: exit code 0, the operator’s language, no secret shown', async () => {
    const { url } = await telegramSays({
      getMe: { username: 'hexiao_bot', can_read_all_group_messages: true },
      getWebhookInfo: { url: `https://other.example.com/${TOKEN}` },
    });
    const config = readConfig({
      PORT: '0',
      DATA_DIR: temporary(),
      TELEGRAM_BOT_TOKEN: TOKEN,
      TELEGRAM_API_ROOT: url,
      UMEMBER_BASE_URL: url,
    }) as Config;
    const chinese = await run(config);
    expect(chinese).toMatchObject({ code: 0, text: expect.stringContaining('✓ Telegram 令牌: @hexiao_bot') });
    expect(chinese.text).not.toContain(TOKEN);
    expect((await run({ ...config, locale: 'en' })).text).toContain('✓ Telegram token: @hexiao_bot');
  });

  test('each configured platform is checked, and no other', async () => {
    const { url } = await telegramSays({ getMe: { username: 'hexiao_bot' } });
    const env = { PORT: '0', DATA_DIR: temporary(), TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: url, UMEMBER_BASE_URL: url };
    const none = await run(readConfig(env));
    expect(none.text).toContain('umember:');
    expect(none.text).not.toMatch(/allinpay|dianping|meituan/);
    const closed = await nobody();
    const further = { ALLINPAY_GATEWAY_URL: `${url}/gateway`, DIANPING_APP_KEY: 'app1', DIANPING_APP_SECRET: 'a-secret-of-app1' };
    const several = await run(
      readConfig({ ...env, ...further, DIANPING_BASE_URL: closed, PUBLIC_URL: 'https://bot.example.com' }),
    );
    expect(several.text).toMatch(/! allinpay: .*明文 http/);
    expect(several.text).toMatch(/✗ dianping: .*连不上/);
    expect(several.text).not.toMatch(/meituan|a-secret-of-app1/);
  });

  test('a secret in a server’s answer is masked', async () => {
    const { url } = await telegramSays({ getMe: { username: `hexiao_bot ${TOKEN}` } });
    const env = { PORT: '0', DATA_DIR: temporary(), TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: url, UMEMBER_BASE_URL: url };
    expect((await run(readConfig(env))).text).toContain('✓ Telegram 令牌: @hexiao_bot ****\n');
  });

  test('a refused token: exit code 1', async () => {
    const { url } = await telegramSays({});
    const env = { PORT: '0', DATA_DIR: temporary(), TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: url, UMEMBER_BASE_URL: url };
    expect(await run(readConfig(env))).toMatchObject({ code: 1, text: expect.stringContaining('✗ Telegram 令牌') });
  });
});
