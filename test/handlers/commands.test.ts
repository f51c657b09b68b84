import { describe, expect, it } from 'vitest';
import { COMMANDS, mayBeTalk, restIsMeant, type CommandName } from '../../handlers/commands.ts';
import { readCommand } from '../../handlers/spoken/read-command.ts';
import { LOCALES, words } from '../../locales/index.ts';
import { STORE } from '../fixtures/cards.ts';

describe('a command', () => {
  it.each(COMMANDS)('/$name is read with a slash and by its words', ({ name, words: said }) => {
    for (const text of [`/${name}`, ` /${name.toUpperCase()} `])
      expect(readCommand(text)).toEqual({ name, rest: '', slash: true });
    expect(readCommand(`/${name} 昨天 18:30`)).toEqual({ name, rest: '昨天 18:30', slash: true });
    for (const word of said) {
      expect(readCommand(` ${word} `)).toEqual({ name, rest: '', slash: false });
      expect(readCommand(`${word} 昨天`)).toEqual({ name, rest: '昨天', slash: false });
    }
  });

  it('is told apart from others by each of its words', () => {
    const all = COMMANDS.flatMap(({ name, words: said }) => [name, ...said.filter((word) => word !== name)]);
    expect(new Set(all).size).toBe(all.length);
  });

  it.each(LOCALES)('has a line for the help in %s', (locale) => {
    for (const { about } of COMMANDS) expect(words(locale).say(about)).not.toBe('');
  });

  it('with a slash that nobody knows is unknown; other text is none', () => {
    expect(readCommand('/nothing here')).toEqual({ name: 'unknown', rest: 'here', slash: true });
    for (const text of [
      '',
      '/',
      '//',
      '/日报日报',
      '你好',
      '日报日报',
      '日报 一 二 三',
      `日报 ${'x'.repeat(500)}`,
      `/${'a'.repeat(40)}`,
    ])
      expect(readCommand(text)).toBeUndefined();
  });
});

describe('what follows a command', () => {
  it.each([
    ['undo', '7494', true],
    ['undo', '0332 8085 12', true],
    ['undo', '吧', false],
    ['summary', '昨天', true],
    ['summary', '11-22', true],
    ['summary', '上周', true],
    ['summary', '7天', true],
    ['summary', '上午', false],
    ['summary', '好看', false],
    ['report', '05:00', true],
    ['report', '5：00', true],
    ['report', 'off', true],
    ['report', 'https://qyapi.weixin.qq.com/x', true],
    ['report', '25:00', false],
    ['staff', '来了吗', false],
    ['staff', '', true],
  ] as const)('%s %s: meant for it: %s', (name, rest, meant) => {
    expect(restIsMeant({ name, rest })).toBe(meant);
  });
});

describe('a command overheard in a group', () => {
  const overheard = (name: CommandName, rest = '', asker: Parameters<typeof mayBeTalk>[1] = { store: STORE, role: 'owner' }) =>
    mayBeTalk({ name, rest, slash: false }, asker);

  it('with a slash is always meant', () => {
    for (const { name } of COMMANDS)
      expect(mayBeTalk({ name, rest: 'x', slash: true }, { store: undefined, role: 'stranger' })).toBe(false);
  });

  it('that people say to each other as well is talk: 开始, 帮助, 状态 …', () => {
    const talk = COMMANDS.filter(({ name }) => overheard(name)).map(({ name }) => name);
    expect(talk.toSorted()).toEqual([
      'api',
      'books',
      'customers',
      'help',
      'language',
      'link',
      'products',
      'settings',
      'start',
      'stats',
      'status',
      'webhook',
    ]);
    expect(overheard('undo', '吧')).toBe(true);
    expect(overheard('undo', '7494')).toBe(false);
  });

  it('of a stranger is talk, but for leaving a dialogue', () => {
    const meant = COMMANDS.filter(({ name }) => !overheard(name, '', { store: STORE, role: 'stranger' }));
    expect(meant.map(({ name }) => name)).toEqual(['cancel']);
  });

  it('in a group without a store is meant where such a group has a use for it', () => {
    const meant = COMMANDS.filter(({ name }) => !overheard(name, '', { store: undefined, role: 'stranger' }));
    expect(meant.map(({ name }) => name)).toEqual(['bind', 'summary', 'history', 'report', 'cancel']);
  });
});
