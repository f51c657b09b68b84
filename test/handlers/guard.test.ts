import { describe, expect, it } from 'vitest';
import { COMMANDS, type CommandName } from '../../handlers/commands.ts';
import { words } from '../../locales/index.ts';
import { GROUP, GUEST, LI, openHandlers, OWNERS, textOf, WANG, type At, type Harness } from './harness.ts';
import type { Person } from '../../handlers/message.ts';

const zh = words('zh-CN');
const NO = {
  unbound: zh.say('unbound'),
  reports: zh.say('reports-only'),
  stranger: zh.say('stranger'),
  'owner-only': zh.say('owner-only'),
};
type Verdict = 'yes' | keyof typeof NO;

/** People and chats, in the order of the columns below. */
const COLUMNS = {
  'the owner, in private': [WANG, {}],
  'the owner, in the group': [WANG, GROUP],
  'staff, in private': [LI, {}],
  'staff, in the group': [LI, GROUP],
  'a stranger, in the group': [GUEST, GROUP],
  'a stranger, in private': [GUEST, {}],
  'a stranger, where summaries arrive': [GUEST, OWNERS],
} as const satisfies Record<string, readonly [Person, At]>;

/** The whole table, written out. A command that is missing does not compile. */
const TABLE: Record<CommandName, readonly Verdict[]> = {
  //          owner         staff                       stranger
  start: ['yes', 'yes', 'yes', 'yes', 'yes', 'yes', 'yes'],
  help: ['yes', 'yes', 'yes', 'yes', 'yes', 'yes', 'yes'],
  language: ['yes', 'yes', 'yes', 'yes', 'yes', 'yes', 'yes'],
  cancel: ['yes', 'yes', 'yes', 'yes', 'yes', 'yes', 'yes'],
  bind: ['yes', 'yes', 'yes', 'yes', 'yes', 'yes', 'yes'],
  status: ['yes', 'yes', 'yes', 'yes', 'stranger', 'unbound', 'yes'],
  summary: ['yes', 'yes', 'yes', 'yes', 'stranger', 'unbound', 'yes'],
  history: ['yes', 'yes', 'yes', 'yes', 'stranger', 'unbound', 'yes'],
  undo: ['yes', 'yes', 'yes', 'yes', 'stranger', 'unbound', 'reports'],
  products: ['yes', 'yes', 'yes', 'yes', 'stranger', 'unbound', 'reports'],
  export: ['yes', 'yes', 'owner-only', 'owner-only', 'owner-only', 'unbound', 'reports'],
  stats: ['yes', 'yes', 'owner-only', 'owner-only', 'owner-only', 'unbound', 'reports'],
  shift: ['yes', 'yes', 'yes', 'yes', 'stranger', 'unbound', 'reports'],
  reconcile: ['yes', 'yes', 'owner-only', 'owner-only', 'owner-only', 'unbound', 'reports'],
  staff: ['yes', 'yes', 'owner-only', 'owner-only', 'owner-only', 'unbound', 'reports'],
  settings: ['yes', 'yes', 'owner-only', 'owner-only', 'owner-only', 'unbound', 'reports'],
  webhook: ['yes', 'yes', 'owner-only', 'owner-only', 'owner-only', 'unbound', 'reports'],
  customers: ['yes', 'yes', 'owner-only', 'owner-only', 'owner-only', 'unbound', 'reports'],
  api: ['yes', 'yes', 'owner-only', 'owner-only', 'owner-only', 'unbound', 'reports'],
  // The handlers of these decide: each person's own stores and own private chat are their own.
  report: ['yes', 'yes', 'owner-only', 'owner-only', 'owner-only', 'unbound', 'yes'],
  books: ['yes', 'yes', 'owner-only', 'owner-only', 'owner-only', 'unbound', 'unbound'],
  link: ['yes', 'yes', 'yes', 'yes', 'yes', 'yes', 'yes'],
  store: ['yes', 'yes', 'owner-only', 'owner-only', 'owner-only', 'unbound', 'unbound'],
  unbind: ['yes', 'yes', 'yes', 'owner-only', 'owner-only', 'unbound', 'yes'],
};

/** A store with its owner, one of its staff, a group for those invited, and an owner group. */
async function openShop(): Promise<Harness> {
  const bot = await openHandlers();
  await bot.bind();
  await bot.invite();
  await bot.bind(GROUP);
  await bot.press(WANG, 'may', 'invited', GROUP);
  await bot.ask(WANG, '/report', OWNERS);
  return bot;
}

const verdict = (said: string): Verdict => (Object.keys(NO) as (keyof typeof NO)[]).find((key) => said === NO[key]) ?? 'yes';

describe('a command', () => {
  it('is in the table', () => {
    expect(Object.keys(TABLE).toSorted()).toEqual(COMMANDS.map(({ name }) => name).toSorted());
  });

  it.each(COMMANDS)('/$name is answered to its audience, and refused to others with the reason', async ({ name }) => {
    const bot = await openShop();
    const found: Verdict[] = [];
    for (const [person, at] of Object.values(COLUMNS)) found.push(verdict(textOf(await bot.ask(person, `/${name}`, at))));
    expect(Object.fromEntries(Object.keys(COLUMNS).map((column, n) => [column, found[n]]))).toEqual(
      Object.fromEntries(Object.keys(COLUMNS).map((column, n) => [column, TABLE[name][n]])),
    );
    expect(bot.faults).toEqual([]);
  });
});
