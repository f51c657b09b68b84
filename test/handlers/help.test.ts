import { describe, expect, it } from 'vitest';
import { COMMANDS, type CommandName } from '../../handlers/commands.ts';
import { GROUP, GUEST, LI, openHandlers, OWNERS, textOf, WANG } from './harness.ts';

/** The commands that a help lists. */
const listed = (text: string): CommandName[] =>
  COMMANDS.map(({ name }) => name).filter((name) => new RegExp(`^/${name} `, 'm').test(text));

const ALL = ['help', 'status', 'language', 'cancel'];
const STAFF = ['summary', 'history', 'shift', 'undo', 'products'];
const OWNER = [
  'books',
  'export',
  'bind',
  'unbind',
  'store',
  'report',
  'stats',
  'reconcile',
  'staff',
  'customers',
  'api',
  'webhook',
  'settings',
];

describe('/help', () => {
  it.each([
    ['in private', {}],
    ['in a group', GROUP],
  ])('%s lists what the guard lets through', async (_, at) => {
    const bot = await openHandlers();
    await bot.bind(at);
    if (!('group' in at)) await bot.invite();
    const forOwner = textOf(await bot.ask(WANG, '/help', at));
    expect(listed(forOwner).toSorted()).toEqual([...ALL, ...STAFF, ...OWNER].toSorted());
    expect(forOwner).toContain('你是店主');
    expect(forOwner.includes('隐私模式')).toBe('group' in at);
    const forOthers = textOf(await bot.ask('group' in at ? GUEST : LI, '帮助', at));
    expect(listed(forOthers).toSorted()).toEqual(('group' in at ? ALL : [...ALL, ...STAFF]).toSorted());
  });

  it('in a chat without a store offers to bind one', async () => {
    const bot = await openHandlers();
    expect(listed(textOf(await bot.ask(GUEST, '/start'))).toSorted()).toEqual([...ALL, 'bind'].toSorted());
  });

  it('in a chat that receives summaries lists what is of use there', async () => {
    const bot = await openHandlers();
    await bot.bind();
    await bot.ask(WANG, '/report', OWNERS);
    const said = textOf(await bot.ask(WANG, '/help', OWNERS));
    expect(listed(said).toSorted()).toEqual(['help', 'history', 'language', 'report', 'status', 'summary']);
  });
});
