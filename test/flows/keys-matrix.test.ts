/** What each key of the API may do, with what is its own store's and with what is another merchant's: every cell. */
import { describe, expect, it } from 'vitest';
import { makeKey, openClient, type Scopes } from './api-client.ts';
import { openHarness } from './harness.ts';

const KEYS = ['只读', '读+核销', '读+核销+撤销', 'revoked', 'none'] as const;
type Key = (typeof KEYS)[number];

const CALLS = ['store', 'lookup', 'verify', 'undo', 'one', 'list', 'summary'] as const;
type Call = (typeof CALLS)[number];

const NEEDS: Readonly<Record<Call, Scopes>> = {
  store: '只读',
  lookup: '只读',
  verify: '读+核销',
  undo: '读+核销+撤销',
  one: '只读',
  list: '只读',
  summary: '只读',
};
const RANK: readonly Key[] = ['只读', '读+核销', '读+核销+撤销'];

/** What a call answers, with what is its store's and with what is another's; the practice store's coupons can be taken back. */
const ALLOWED: Readonly<Record<Call, { readonly own: number; readonly foreign: number }>> = {
  store: { own: 200, foreign: 200 },
  lookup: { own: 200, foreign: 200 },
  verify: { own: 201, foreign: 201 },
  undo: { own: 200, foreign: 404 },
  one: { own: 200, foreign: 404 },
  list: { own: 200, foreign: 200 },
  summary: { own: 200, foreign: 200 },
};

let last = 1_000_200_000;
const code = (): string => String((last += 10));

describe.each(KEYS)('a key: %s', (key) => {
  it('is answered as its scopes say, and never about another store', async () => {
    const bot = await openHarness({ http: true });
    const owner = await bot.learner();
    const other = await bot.learner('刘老板');
    const scopes = key === 'revoked' || key === 'none' ? '读+核销+撤销' : key;
    const secret = key === 'none' ? '' : await makeKey(bot, owner, scopes);
    const whole = await openClient(bot, await makeKey(bot, owner, '读+核销+撤销', '全部'));
    const theirs = await openClient(bot, await makeKey(bot, other, '读+核销+撤销', '别家'));
    if (key === 'revoked') {
      const list = (await bot.ask(owner, '/api')).at(-1)!;
      await bot.press(owner, list, list.buttons.flat().find(({ label }) => label.includes(secret.slice(-4)))!.label);
      await bot.press(owner, owner.chat.messages.at(-1)!, '确定吊销');
    }
    const api = await openClient(bot, secret);
    const cells: unknown[] = [];
    const expected: unknown[] = [];
    for (const call of CALLS)
      for (const whose of ['own', 'foreign'] as const) {
        const made = await (whose === 'own' ? whole : theirs).verify(code(), {}, `made ${last}`);
        const id = String(made.body['id']);
        const { status } = await {
          store: () => api.call('GET', '/store'),
          lookup: () => api.call('POST', '/lookups', { body: { code: code() } }),
          verify: () => api.verify(code(), {}, `key ${last}`),
          undo: () => api.undo(id, `undo ${last}`),
          one: () => api.call('GET', `/verifications/${id}`),
          list: () => api.call('GET', '/verifications'),
          summary: () => api.call('GET', '/summaries/2026-11-22'),
        }[call]();
        cells.push([call, whose, status]);
        const may = RANK.indexOf(key) >= RANK.indexOf(NEEDS[call]);
        expected.push([call, whose, key === 'revoked' || key === 'none' ? 401 : may ? ALLOWED[call][whose] : 403]);
      }
    expect(cells).toEqual(expected);
    // Nobody else's verification has changed.
    const foreign = await theirs.call('GET', '/verifications');
    expect((foreign.body['data'] as { status: string }[]).every(({ status }) => status === 'verified')).toBe(true);
  });
});
