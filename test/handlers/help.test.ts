import { describe, expect, it } from 'vitest';
import { COMMANDS, type CommandName } from '../../handlers/commands.ts';
import { GROUP, GUEST, labelsOf, LI, openHandlers, OWNERS, textOf, WANG } from './harness.ts';

/** The commands that a help lists. */
const listed = (text: string): CommandName[] =>
  COMMANDS.map(({ name }) => name).filter((name) => new RegExp(`^/${name} `, 'm').test(text));

const ALL = ['help', 'status', 'language', 'cancel'];
const STAFF = ['summary', 'history', 'shift', 'undo', 'products', 'link'];
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
    const forOwner = await bot.ask(WANG, '/help', at);
    expect(textOf(forOwner)).toContain('你是店主');
    expect(textOf(forOwner).includes('隐私模式')).toBe('group' in at);
    const all = textOf(await bot.pressed(WANG, forOwner, '全部命令', at));
    expect(listed(all).toSorted()).toEqual([...ALL, ...STAFF, ...OWNER].toSorted());
    const other = 'group' in at ? GUEST : LI;
    const forOthers = await bot.ask(other, '帮助', at);
    const theirs = 'group' in at ? forOthers : await bot.pressed(other, forOthers, '全部命令', at);
    expect(listed(textOf(theirs)).toSorted()).toEqual(('group' in at ? ALL : [...ALL, ...STAFF]).toSorted());
  });

  it('begins with the few lines and buttons that this person needs', async () => {
    const bot = await openHandlers();
    await bot.bind();
    await bot.invite();
    const forOwner = await bot.ask(WANG, '/help');
    expect(listed(textOf(forOwner)).toSorted()).toEqual(['history', 'report', 'staff', 'summary', 'undo']);
    expect(labelsOf(forOwner)).toEqual(['日报', '记录', '员工', '全部命令']);
    const forStaff = await bot.ask(LI, '/help');
    expect(listed(textOf(forStaff)).toSorted()).toEqual(['history', 'summary', 'undo']);
    expect(labelsOf(forStaff)).toEqual(['日报', '记录', '全部命令']);
  });

  it('in English holds no Chinese word, but for the name of the store', async () => {
    const bot = await openHandlers();
    await bot.bind();
    await bot.pressed(WANG, await bot.ask(WANG, '/language'), 'English');
    const help = await bot.ask(WANG, '/help');
    const all = await bot.pressed(WANG, help, 'More');
    expect(textOf([...help, ...all]).replaceAll('练习棋牌室（人民路店）', '')).not.toMatch(/\p{Script=Han}|、|，/u);
    expect(listed(textOf(all)).toSorted()).toEqual([...ALL, ...STAFF, ...OWNER].toSorted());
  });

  it('in a chat without a store offers to bind one', async () => {
    const bot = await openHandlers();
    const start = await bot.ask(GUEST, '/start');
    expect(listed(textOf(start)).toSorted()).toEqual([...ALL, 'bind'].toSorted());
    expect(labelsOf(start)).toEqual(['绑定']);
  });

  it('in a chat that receives summaries lists what is of use there', async () => {
    const bot = await openHandlers();
    await bot.bind();
    await bot.ask(WANG, '/report', OWNERS);
    const said = textOf(await bot.ask(WANG, '/help', OWNERS));
    expect(listed(said).toSorted()).toEqual(['help', 'history', 'language', 'report', 'status', 'summary']);
  });
});
