import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { adaptReply, plain } from '../../../bot/channel/adapt-reply.ts';
import { COMMANDS } from '../../../handlers/commands.ts';
import { words } from '../../../locales/index.ts';

const zh = words('zh-CN');

test('where nobody types slash commands, a sentence names the word', () => {
  const reply = { kind: 'say', text: zh.say('report-on', { store: '大声發', time: '05:00' }) } as const;
  expect(adaptReply({}, reply)).toEqual({
    kind: 'say',
    text: '本聊天将收到「大声發」的日报，每天 05:00 自动发送（营业日截止时间）。要改时间：点下面的按钮，或发送“绑定日报 凌晨5点”；不再接收：“绑定日报 关闭”',
  });
  expect(adaptReply({ slash: true }, reply)).toBe(reply);
});

test('so does the note of a card, what goes with a picture or a file, and what is said of a secret', () => {
  const text = '请重新发送“/bind”。';
  const said = '请重新发送“绑定”。';
  const card = { title: '未核销', fields: [], buttons: [] };
  const field = { label: '原因', value: text };
  const attached = { bytes: '', caption: text, sorry: text } as const;
  expect(adaptReply({}, { kind: 'replace', card: { ...card, note: text } })).toEqual({
    kind: 'replace',
    card: { ...card, note: said },
  });
  expect(adaptReply({}, { kind: 'card', card: { ...card, fields: [field] } })).toEqual({
    kind: 'card',
    card: { ...card, fields: [{ ...field, value: said }] },
  });
  expect(adaptReply({}, { kind: 'whisper', text })).toEqual({ kind: 'whisper', text: said });
  expect(adaptReply({}, { kind: 'picture', ...attached })).toMatchObject({ caption: said, sorry: said });
  expect(adaptReply({}, { kind: 'file', name: 'a', type: 'b', ...attached })).toMatchObject({ caption: said, sorry: said });
  expect(adaptReply({}, { kind: 'forget', sorry: text })).toEqual({ kind: 'forget', sorry: said });
});

test('the warning about a secret is true for the channel', () => {
  const ask = {
    kind: 'say',
    text: '请发送密码：',
    ask: 'secret',
    secrecy: { deleted: '会删除。', kept: '请自己撤回。' },
  } as const;
  expect(adaptReply({ deletes: true }, ask)).toEqual({ kind: 'say', text: '请发送密码：\n会删除。', ask: 'secret' });
  expect(adaptReply({ slash: true }, ask)).toEqual({ kind: 'say', text: '请发送密码：\n请自己撤回。', ask: 'secret' });
});

test('an English sentence keeps its command, in quotes too', async () => {
  const english = await readFile(new URL('../../../locales/en.ftl', import.meta.url), 'utf8');
  expect(english).toContain('“/api');
  expect(plain(english)).toBe(english);
});

test('the help gives the word alone', () => {
  expect(plain('说明\n/report 绑定日报 · 接收日报\n/help 帮助 · 使用帮助')).toBe('说明\n绑定日报 · 接收日报\n帮助 · 使用帮助');
});

test('every command that a Chinese sentence tells to type stands in quotes', async () => {
  const sentences = plain(await readFile(new URL('../../../locales/zh-CN.ftl', import.meta.url), 'utf8'));
  const command = new RegExp(`/(${COMMANDS.map(({ name }) => name).join('|')})\\b`);
  const left = sentences.split('\n').filter((line) => command.test(line));
  expect(left).toEqual([]);
});

test.each(['“/etc”', 'http://example.com/bind', '/report 05:00', 'Send /bind to bind.', '/help 不是 · 这个词', '“/绑定”'])(
  'what is no such command stays as it is: %s',
  (text) => expect(plain(text)).toBe(text),
);

test('a silent edit does not happen where messages cannot be edited', () => {
  const silent = { kind: 'replace', card: { title: '核销成功', fields: [], buttons: [] }, silent: true } as const;
  expect(adaptReply({ slash: true }, silent)).toBeUndefined();
  expect(adaptReply({ edits: true, slash: true }, silent)).toBe(silent);
});
