/** The architecture, checked by reading the sources: rules that the linter enforces, and rules it cannot express. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { PLATFORM_NAMES, SIMULATED } from '../services/platforms/names.ts';
import { EXCEPTIONS, PACKAGES } from './fences.ts';

const ROOT = path.resolve(import.meta.dirname, '..');
const PROGRAM = ['bot', 'handlers', 'services', 'locales'];

/** Paths below the given folders, from the root, files and folders. */
const below = (...folders: string[]): string[] =>
  folders.flatMap((folder) =>
    readdirSync(path.join(ROOT, folder), { withFileTypes: true, recursive: true }).map((entry) =>
      path.relative(ROOT, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'),
    ),
  );
/** A migration is history: it names what is gone since, and writes whatever it moves. */
const isMigration = (file: string): boolean => /^services\/database\/schema\/migrations(\.ts$|\/)/.test(file);
const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');
const sources = below(...PROGRAM).filter((file) => file.endsWith('.ts'));
/** The packages a source imports, by name. */
const packagesOf = (file: string): string[] =>
  [...read(file).matchAll(/(?:\bfrom|^import|\bimport\()\s*'([@\w][\w./@-]*)'/gm)]
    .map((match) => match[1]!)
    .filter((name) => !name.startsWith('node'))
    .map((name) => name.split('/', name.startsWith('@') ? 2 : 1).join('/'));

describe('the linter finds what is planted', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'hexiao-planted-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  const plants: Record<string, string> = {
    'bot/grammy.ts': "export { Bot } from 'grammy';",
    'bot/telegram/kysely.ts': "export { sql } from 'kysely';",
    'bot/config/env-reader.ts': "export const port = process.env['PORT'];",
    'handlers/upwards.ts': "export * from '../bot/channel/channel.ts';",
    'handlers/later.ts': "export const channel = import('../bot/channel/channel.ts');",
    'handlers/transaction.ts': "export type { Tx } from '../services/database/database.ts';",
    'handlers/deep/transaction.ts': "export type { Tx } from '../../services/database/database.ts';",
    'handlers/inline-type.ts': "export type Hear = import('../bot/channel/channel.ts').Hear;",
    'handlers/http.ts': "export { Hono } from 'hono/tiny';",
    'handlers/undici.ts': "export { fetch } from 'undici';",
    'services/upwards.ts': "export type * from '../handlers/message.ts';",
    'services/deep/upwards.ts': "export * from '../../bot/channel.ts';",
    'services/words.ts': "export * from '../locales/index.ts';",
    'services/platforms/bottleneck.ts': "export * as Bottleneck from 'bottleneck';",
    'services/rate-limit/rate-limited.ts': "export * as Keyv from 'keyv';",
    'services/ledger/pg.ts': "export * as pg from 'pg';",
    'services/ledger/sqlite.ts': "export * as sqlite from 'better-sqlite3';",
    'services/ledger/migrator.ts': "export * as migration from 'kysely/migration';",
    'services/database/dayjs.ts': "export * as dayjs from 'dayjs/plugin/utc.js';",
    'services/round.ts': "import type { B } from './about.ts';\nexport interface A { b: B }",
    'services/about.ts': "import type { A } from './round.ts';\nexport interface B { a: A }",
    'services/thread.ts': "export const thread = new Worker(new URL('../bot/thread.ts', import.meta.url));",
    'services/child.ts': 'export const child = new URL(`../bot/child.ts`, import.meta.url);',
    'services/resolved.ts': "export const driver = import.meta.resolve('better-sqlite3');",
    'services/hidden.ts': 'export const hidden = (name: string) => import(`../bot/${name}.ts`);',
    'services/unplaced.ts': "export * from 'left-pad';",
    'services/inherited.ts': "export * from 'constructor';",
    'services/platforms/one/one.ts': "export * from '../another/another.ts';",
    'services/platforms/absent.ts': "export * from './one/one.ts';",
    'services/tests.ts': "export * from '../test/doubles/umember.ts';",
    'handlers/platform.ts': "export * from '../services/platforms/one/one.ts';",
    'bot/app/services.ts': "export * from '../../services/platforms/one/one.ts';",
    'bot/telegram/neighbour.ts': "export * from '../web/web.ts';",
    'bot/wecom/web.ts': "export * from '../web/web.ts';",
    'bot/wecom/kf/sibling.ts': "export * from '../app/app.ts';",
    'bot/wecom/one-of-them.ts': "export * from './kf/kf.ts';",
    'bot/channel/port.ts': "export * from '../telegram/telegram.ts';",
    'bot/delivery/composition.ts': "export * from '../app/app.ts';",
    'bot/web/sdk.ts': "export * from '@wecom/aibot-node-sdk';",
    'bot/rootless.ts': "export * from '../vitest.config.ts';",
    'locales/upwards.ts': "export * from '../services/log.ts';",
    'services/loud.ts': "console.log('hello');",
    'services/loose.ts': 'export const loose = (value: any): unknown => value;',
  };
  const allowed: Record<string, string> = {
    'bot/telegram/grammy.ts': "export { Bot } from 'grammy';",
    'bot/config/config.ts': "export const port = process.env['PORT'];",
    'bot/downwards.ts': "export * from '../handlers/message.ts';\nexport * from '../services/log.ts';",
    'handlers/downwards.ts': "export * from '../services/log.ts';\nexport * from '../locales/index.ts';",
    'bot/app/platforms.ts': "export * from '../../services/platforms/one/one.ts';",
    'bot/app/channels-of-it.ts': "export * from '../telegram/telegram.ts';\nexport * from '../wecom/kf/kf.ts';",
    'bot/main.ts': "export * from './app/app.ts';\nexport { readFile } from 'node:fs/promises';",
    'bot/doctor/wecom.ts': "export * from '../wecom/kf/links.ts';",
    'bot/wecom/kf/kf.ts': "export * from '../api.ts';\nexport * from './links.ts';\nexport * from '../../channel/channel.ts';",
    'services/page.ts':
      "export const page = new URL('https://example.com/bot/');\nexport const style = new URL('style.css', import.meta.url);",
    'services/platforms/one/client.ts': "export * from './one.ts';\nexport * from '../platform.ts';",
    'services/database/kysely.ts': "export { sql } from 'kysely';\nexport * as keyv from 'keyv';\nexport * as pg from 'pg';",
    'services/time/business-day.ts': "export * as dayjs from 'dayjs';",
    'test/anything.ts':
      "export { Bot } from 'grammy';\nexport * from '../bot/channel/channel.ts';\nexport const port = process.env['PORT'];",
  };

  mkdirSync(path.join(folder, 'test'));
  for (const file of ['.oxlintrc.json', 'test/fences.ts', 'test/fences-rule.ts'])
    copyFileSync(path.join(ROOT, file), path.join(folder, file));
  // Modules are TypeScript that Node runs as such.
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }\n');
  for (const [file, text] of Object.entries({ ...plants, ...allowed })) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), `${text}\n`);
  }
  const oxlint = path.join(ROOT, 'node_modules/oxlint/bin/oxlint');
  const report = spawnSync(process.execPath, [oxlint, '--format', 'unix', ...PROGRAM, 'test'], { cwd: folder, encoding: 'utf8' });
  const found = new Set(report.stdout.split('\n').map((line) => line.slice(0, line.indexOf(':'))));

  test('and reads its rules without a fault', () => expect(report.stderr).toBe(''));
  test.each(Object.keys(plants))('%s is refused', (file) => expect(found).toContain(file));
  test.each(Object.keys(allowed))('%s is let pass', (file) => expect(found).not.toContain(file));
});

describe('the import fences', () => {
  test('an exception stands only while its importer needs it', () => {
    const needless = Object.entries(EXCEPTIONS).filter(([importer, part]) => {
      const folder = part.replace(/\*$/, '');
      return !sources.includes(importer) || !read(importer).includes(folder.slice(folder.indexOf('/') + 1));
    });
    expect(needless).toEqual([]);
  });

  test('each package of the table is one that a source imports', () => {
    const used = new Set(sources.flatMap(packagesOf));
    expect(Object.keys(PACKAGES).filter((name) => !used.has(name))).toEqual([]);
  });
});

test('the environment is read in one place', () => {
  const readers = sources.filter((file) => /process\??\.env|=\s*process\b(?!\.)|['"](node:)?process['"]/.test(read(file)));
  expect(readers).toEqual(['bot/config/config.ts']);
});

describe('time and chance are arguments', () => {
  const codeOf = (file: string): string => read(file).replaceAll(/\/\*[^]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
  const readersOf = (pattern: RegExp): string[] =>
    sources.filter((file) => pattern.test(codeOf(file)) && !isEdge(file)).toSorted();
  /** What runs before there is a program, beside it, or in a process of its own. */
  const isEdge = (file: string): boolean =>
    file === 'bot/main.ts' || /^(?:bot\/doctor|services\/coupons\/read-photo)\//.test(file);

  test('clocks and timers are read in one place', () => {
    const clocks =
      /\bDate\.now\b|\bnew Date\(\)|\bperformance\b|\bhrtime\b|\bset(?:Timeout|Interval|Immediate)\b(?!\(silentMs)|\bAbortSignal\.timeout\b|\btimers\/promises\b/;
    expect(readersOf(clocks)).toEqual([
      // A turn of the event loop, whatever the time, and how long the disk is waited for.
      'services/database/chunks.ts',
      'services/database/log-file.ts',
      'services/database/sqlite.ts',
      // The network's own time-out: requests are an argument too.
      'services/http.ts',
      'services/time/time.ts',
    ]);
  });

  test('random numbers too, except where they are only bytes on a wire or at rest', () => {
    expect(readersOf(/\b(?:random(?:Bytes|Int|UUID|FillSync)|pooledBytes)\b|\bMath\.random\b|\bgetRandomValues\b/)).toEqual([
      'bot/wecom/multipart.ts',
      'services/database/seal.ts',
      'services/database/secret-key.ts',
      'services/platforms/allinpay/gateway.ts',
      'services/random.ts',
    ]);
  });
});

test('bodies of requests are read in one place, under its limits', () => {
  const reads = /\breq(?:uest)?(?:\.raw)?\.(?:body\b|(?:arrayBuffer|blob|bytes|formData|json|parseBody|text)\()/;
  const unlimited = sources.filter((file) => file.startsWith('bot/') && reads.test(read(file)));
  expect(unlimited.filter((file) => file !== 'bot/http/body.ts' && !/\.limited\(/.test(read(file)))).toEqual([]);
});

test('HTTP requests are sent in one place, under its limits', () => {
  const sends =
    /import (?:\* as \w+|\{[^}]*\b(?:Agent|Client|Pool|fetch|get|request|stream)\b[^}]*\}) from '(?:undici|node:https?)'|(?:await|return|=>?|\() fetch\(/;
  const senders = sources.filter((file) => sends.test(read(file)));
  expect(senders).toEqual(['services/http.ts']);
});

describe('a platform is known by name in its own folder and where it is registered', () => {
  const registration = ['services/platforms/names.ts', 'bot/app/platforms.ts', 'bot/config/platforms.ts'];
  // Markets are where coupons are sold, some under the name of a platform; and links are of a market.
  const links = ['link-hosts.ts', 'read-link.ts', 'douyin-link.ts'].map((file) => `services/coupons/${file}`);
  const others = ['services/coupons/markets.ts', ...links];
  const folders = below('services/platforms').filter((file) => !file.endsWith('.ts'));
  const isApart = (file: string): boolean =>
    [...registration, ...others].includes(file) ||
    isMigration(file) ||
    file.startsWith('locales/') ||
    folders.some((folder) => file.startsWith(`${folder}/`));
  const codeOf = (file: string): string => read(file).replaceAll(/\/\*[^]*?\*\/|(?<=^|\s)\/\/.*$|\bPick<[^>]*>/gm, '');

  test.each(PLATFORM_NAMES)('%s', (name) => {
    // The practice mode and its page, and Douyin's links, are words of their own; their platform is told by a quotation.
    const mentions = name === SIMULATED || name === 'douyin' ? new RegExp(`['"\`]${name}['"\`]`) : new RegExp(name, 'i');
    const strays = sources.filter((file) => !isApart(file) && mentions.test(codeOf(file)));
    expect(strays).toEqual([]);
  });

  test('its folder is opened from outside by the registration alone', () => {
    const inside = new RegExp(`platforms/(?:${folders.map((folder) => path.basename(folder)).join('|')})/`);
    const openers = sources.filter((file) => !folders.some((folder) => file.startsWith(`${folder}/`)) && inside.test(read(file)));
    expect(openers).toEqual(['bot/app/platforms.ts']);
  });
});

test('each table is written by one file', () => {
  const writers = new Map<string, Set<string>>();
  const unnamed: string[] = [];
  for (const file of sources.filter((one) => !isMigration(one))) {
    const writes =
      /\.(?:insertInto|updateTable|deleteFrom|replaceInto|mergeInto)\((?:'(\w+)'|([^)]*))|\b(?:insert into|update|delete from) (\w+)(?= set| \(|\s+where)/g;
    for (const [, table, variable, inSql] of read(file).matchAll(writes)) {
      if (variable !== undefined) unnamed.push(`${file}: ${variable}`);
      else writers.set((table ?? inSql)!, (writers.get((table ?? inSql)!) ?? new Set()).add(file));
    }
  }
  expect(unnamed).toEqual([]);
  expect(Object.fromEntries([...writers].map(([table, files]) => [table, [...files].join()]))).toEqual({
    account: 'services/accounts/accounts.ts',
    alert: 'services/alerts/alerts.ts',
    alert_setting: 'services/alerts/alert-settings.ts',
    watched_stream: 'services/alerts/watch-uses.ts',
    owner: 'services/accounts/owners.ts',
    store: 'services/accounts/stores.ts',
    identity: 'services/accounts/identities.ts',
    given_name: 'services/accounts/people.ts',
    listing: 'services/accounts/stores.ts',
    chat: 'services/accounts/chats.ts',
    application: 'services/accounts/applications.ts',
    approval: 'services/verification/approvals.ts',
    staff: 'services/accounts/members.ts',
    api_key: 'services/accounts/api-keys.ts',
    owner_group: 'services/ledger/owner-groups.ts',
    posted_day: 'services/ledger/owner-groups.ts',
    reconciliation: 'services/reconciliation/reconciliations.ts',
    shift: 'services/ledger/shifts.ts',
    unconfirmed: 'services/silence/unconfirmed.ts',
    platform_day: 'services/silence/platform-days.ts',
    uptime: 'services/silence/uptime.ts',
    day_total: 'services/ledger/day-totals.ts',
    verification: 'services/verification/repository/repository.ts',
    idempotency: 'services/verification/idempotency.ts',
    place: 'services/self-service/places.ts',
    self_service: 'services/self-service/rules.ts',
    auto_rule: 'services/automation/rules.ts',
    webhook_endpoint: 'services/webhooks/endpoints.ts',
    event: 'services/webhooks/events.ts',
    event_stream: 'services/webhooks/events.ts',
    webhook_delivery: 'services/webhooks/deliveries.ts',
    fact: 'services/facts/facts.ts',
    fact_stream: 'services/facts/facts.ts',
    fact_head: 'services/facts/fact-chain.ts',
    inbox: 'services/database/queues/inbox.ts',
    outbox: 'services/database/queues/outbox.ts',
    kv: 'services/database/collections.ts',
    lease: 'services/database/locks/leases.ts',
    attempt: 'services/database/attempts.ts',
    call_slot: 'services/rate-limit/shared-slots.ts',
  });
});

test('a file has one reason to change: none is longer than 250 lines', () => {
  const long = below('bot', 'handlers', 'services')
    .filter((file) => /\.(ts|js|css)$/.test(file))
    .map((file) => ({ file, lines: read(file).split('\n').length - 1 }));
  expect(long.filter(({ lines }) => lines > 250)).toEqual([]);
});

test('a folder can be taken in at a glance: none holds more than 16 files', () => {
  const files = below('bot', 'handlers', 'services', 'locales').filter((file) => path.extname(file) !== '');
  const folders = [...Map.groupBy(files, (file) => path.dirname(file))].map(([folder, held]) => ({ folder, files: held.length }));
  expect(folders.filter((one) => one.files > 16)).toEqual([]);
});

test('nothing is without a home: no folder or file of helpers', () => {
  const homeless = below(...PROGRAM, 'test').filter((file) =>
    /(^|\/)(utils?|helpers?|common|misc|shared|lib)(\/|\.ts$|$)/.test(file),
  );
  expect(homeless).toEqual([]);
});

describe('packages', () => {
  const { dependencies = {}, devDependencies = {} }: Record<string, Record<string, string>> = JSON.parse(read('package.json'));

  test('what the program imports is there without the development packages', () => {
    // Run by hand, when a sentence is added.
    const running = sources.filter((file) => file !== 'locales/generate.ts');
    const imported = running.flatMap((file) => packagesOf(file).map((name) => ({ file, name })));
    expect(imported.filter(({ name }) => !(name in dependencies))).toEqual([]);
  });

  test('none is carried for nothing', () => {
    const used = new Set(sources.flatMap(packagesOf));
    expect(Object.keys(dependencies).filter((name) => !used.has(name))).toEqual([]);
    expect(Object.keys(dependencies).filter((name) => name in devDependencies)).toEqual([]);
  });
});
