import { expect, test } from 'vitest';
import { createLog } from '../../../bot/telemetry/log.ts';
import type { LogLevel } from '../../../bot/config/config.ts';

const TOKEN = '123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc';

/** A log, the text of its lines, and its last line as data. */
function logged({ level = 'info', secrets = [] }: { level?: LogLevel; secrets?: string[] } = {}) {
  const lines: string[] = [];
  const log = createLog({ level, secrets, write: (line) => void lines.push(line) });
  const last = (): Record<string, unknown> => Object(JSON.parse(lines.at(-1) ?? '{}'));
  return { log, lines, last, text: () => lines.join('') };
}

test('a line is one JSON object with an ISO time, the level’s name, the message and its fields', () => {
  const { log, lines, last } = logged();
  log.info('a chat was\nbound', { chat: 'web:42', store: '茶室', seconds: 1.5 });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^\{.*\}\n$/);
  expect(last()).toMatchObject({ level: 'info', msg: 'a chat was\nbound', chat: 'web:42', store: '茶室', seconds: 1.5 });
  expect(last()['time']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(last()['pid']).toBe(process.pid);
});

test('lines below the level are left out', () => {
  const { log, lines } = logged({ level: 'warn' });
  log.info('heard');
  log.warn('slow');
  log.error('failed');
  expect(lines).toHaveLength(2);
});

test.each([
  ['in the message', { message: `GET https://api.telegram.org/bot${TOKEN}/getMe` }],
  ['in a fact', { facts: { url: `/bot${TOKEN}/getMe` } }],
  ['deep inside a fact', { facts: { request: { headers: [{ where: [`bot${TOKEN}`] }] } } }],
  ['as the name of a fact', { facts: { [TOKEN]: true } }],
  ['in an error', { facts: { error: new Error(`request to /bot${TOKEN} failed`) } }],
  ['in what caused an error', { facts: { error: new Error('failed', { cause: new Error('fetch', { cause: TOKEN }) }) } }],
  ['in one of several errors', { facts: { error: new AggregateError([new Error(TOKEN)], 'all failed') } }],
  ['in a field of an error', { facts: { error: Object.assign(new Error('failed'), { path: `/bot${TOKEN}` }) } }],
])('a bot token is masked %s', (_where, { message = 'failed', facts = {} }: { message?: string; facts?: object }) => {
  const { log, text } = logged();
  log.error(message, { ...facts });
  expect(text()).toContain('****');
  expect(text()).not.toContain('AAEhBOweik6ad9r');
});

test('a bot token is masked behind any number of digits', () => {
  const { log, text } = logged();
  log.error(`${'9'.repeat(1000)}${TOKEN}`);
  expect(text()).not.toContain('AAEhBOweik6ad9r');
});

test('a long text is cut, and no half of a secret is left at its end', () => {
  const { log, last, text } = logged({ secrets: ['a secret with blanks'] });
  log.info('x'.repeat(100_000));
  expect(last()['msg']).toHaveLength(1801);
  for (const secret of [TOKEN, 'https://me:rawvalue@host', 'a secret with blanks'])
    for (let before = 1900; before < 2010; before += 1) log.info(`${'x '.repeat(before / 2)}${secret} ${'y '.repeat(1000)}`);
  expect(text()).not.toMatch(/AAEh|raw|a secret/);
  expect(last()['msg']).toMatch(/x…$/);
});

test('the secret of a link of ours is masked, wherever it stands', () => {
  const { log, text } = logged();
  const secret = 'aB3_-x'.repeat(5);
  log.info(`GET /f/${secret} failed`, { path: `/b/${secret}`, url: `https://shop.example/path/s/${secret}?x=1` });
  expect(text()).not.toContain(secret);
  expect(text()).toContain('/f/****');
});

test('JSON web tokens, authorization values, passwords in addresses and secret fields are masked', () => {
  const { log, text } = logged();
  log.info('sent hx_qwertyuiopasdf eyJhbGciOiJIUzI1NiJ9.eyJpZCI6MX0.c2lnbmF0dXJl with Authorization: Bearer abcdefgh', {
    text: '{"authorization":"rawvalue"}',
    headers: { Authorization: 'rawvalue', cookie: 'rawvalue' },
    answers: { password: 'rawvalue', appSecret: ['rawvalue'] },
    url: 'postgres://hexiao:rawvalue@db:5432/hexiao',
  });
  expect(text()).not.toMatch(/rawvalue|c2lnbmF0dXJl|eyJ|abcdefgh|qwerty/);
  expect(text()).toContain('postgres://hexiao:****@db:5432/hexiao');
});

test('known secrets are masked by value, also URL-encoded', () => {
  const { log, text } = logged({ secrets: ['p@ss word', 'p@ss word longer', 'abc'] });
  log.info('tried p@ss word longer, p@ss word and p%40ss%20word in abc');
  expect(text()).toContain('tried ****, **** and **** in abc');
});

test('codes and phone numbers keep their last four digits, also as numbers, in groups and in full width', () => {
  const { log, last } = logged();
  log.info('code 0123456789 of 13800138000', {
    eight: 'code 12345678',
    number: 12_345_678,
    spaced: '1234 5678 9012',
    hyphens: 'code 1000-0000-79!',
    dots: '1000.0000.79',
    tail: '12-3 45.67-89',
    pseudo: '1234-2026-11-22',
    wide: '１２３４５６７８９０',
    chat: 'telegram:-1001234567890',
    list: [987_654_321],
  });
  expect(last()).toMatchObject({
    msg: 'code ****6789 of ****8000',
    eight: 'code ****5678',
    number: '****5678',
    spaced: '****9012',
    hyphens: 'code ****0079!',
    dots: '****0079',
    tail: '****6789',
    pseudo: '****1122',
    wide: '****７８９０',
    chat: 'telegram:-****7890',
    list: ['****4321'],
  });
});

test('small numbers, dates and times stay readable', () => {
  const { log, last } = logged();
  const facts = { day: '2026-11-22', at: '2026-11-22T04:12:00.000Z', ms: 1_234_567, port: '127.0.0.1:8080', price: '¥49.00' };
  const more = {
    local: '2026-11-22 04:12:00.123',
    span: '2026-11-21 2026-11-22',
    versions: '26.12.1 > 24.22.1',
    from: '192.168.100.200',
    hole: 'CVE-2026-111497',
  };
  log.info('order 1234567', { ...facts, ...more });
  expect(last()).toMatchObject({ ...facts, ...more, msg: 'order 1234567' });
});

test('an error is logged with name, message, stack, plain fields and causes, without its payloads', () => {
  const { log, last } = logged();
  const cause = Object.assign(new TypeError('refused'), { code: 'ECONNREFUSED' });
  const error = Object.assign(new Error('could not ask', { cause }), { payload: { text: 'private words' } });
  log.error('the platform did not answer', { error });
  expect(last()['error']).toMatchObject({
    name: 'Error',
    message: 'could not ask',
    stack: expect.stringContaining('log.test.ts'),
    cause: { name: 'TypeError', message: 'refused', code: 'ECONNREFUSED' },
  });
  expect(JSON.stringify(last())).not.toContain('private words');
});

test('values that JSON cannot represent do not break the log', () => {
  const { log, lines, last } = logged();
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  log.info('odd', { circle, big: 12n, none: undefined, wrong: Number.NaN, error: new Error('no', { cause: circle }) });
  expect(lines).toHaveLength(1);
  expect(last()['msg']).toBe('odd');
});
