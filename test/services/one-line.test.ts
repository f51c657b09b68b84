import { expect, it } from 'vitest';
import { sanitize } from '../../bot/delivery/sanitize.ts';
import { textOf } from '../../services/fields.ts';
import { nameOf } from '../../services/one-line.ts';

const FORGED = '张三\n合计：¥99,999.00\r\u2028核销成功 ✅';

it('a name forges no line of its own, whoever it comes from: a person, a chat, a platform', () => {
  const one = '张三 合计：¥99,999.00 核销成功 ✅';
  const from = { id: 'wecom-kf:1', name: FORGED };
  const content = { kind: 'text', text: 'a\nb' } as const;
  const event = sanitize({ id: '1', chat: 'c', group: true, title: FORGED, from, at: 0, content, addressed: false });
  expect([event.title, event.from.name, textOf(FORGED)]).toEqual([one, one, one]);
  // What people write keeps its lines.
  expect(event.content).toEqual(content);
});

it.each([
  ['\u202E王老板\u2066', '王老板'],
  ['王\u200B老\uFEFF板\0', '王老板'],
  [' 小\t\t李\u0085', '小 李'],
  ['\n\u2029\u200E', ''],
  ['半个\uD83D', '半个'],
  ['👩‍👩‍👧 一家', '👩‍👩‍👧 一家'],
  ['长'.repeat(41), `${'长'.repeat(39)}…`],
  ['🎱'.repeat(40), '🎱'.repeat(40)],
  ['x'.repeat(10_000_000), `${'x'.repeat(39)}…`],
])('%#: is one line of at most 40 characters', (name, shown) => {
  expect(nameOf(name)).toBe(shown);
});
