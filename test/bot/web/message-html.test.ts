/** Messages as HTML: what people and platforms write stays text, and an address of the bot's can be tapped. */
import { expect, test } from 'vitest';
import { messageHtml } from '../../../bot/web/public/message-html.js';

const render = (text: string, kind: 'said' | 'mine' | 'picture' = 'said'): string =>
  messageHtml(
    { id: '1', at: 0, rev: 1, kind, text, name: '', bytes: 0, card: { title: '', fields: [], buttons: [] } },
    { words: { me: '我', bot: '核销助手', openPicture: '' }, locale: 'zh-CN', at: '', side: 'store' },
  );
const links = (html: string): string[] => [...html.matchAll(/<a href="([^"]*)"/g)].map(([, address]) => address!);

test.each([
  ['「大声」· 本店（网页）\nhttp://localhost:8080/s/N_d819e6LMC9OsLDtsiaCg', 'http://localhost:8080/s/N_d819e6LMC9OsLDtsiaCg'],
  ['请打开 https://here.example/oauth?a=1&b=2。授权后继续', 'https://here.example/oauth?a=1&amp;b=2'],
  ['见（https://here.example/s/1）', 'https://here.example/s/1'],
])('the address in %j can be tapped', (text, address) => {
  expect(links(render(text))).toEqual([address]);
});

test.each(['javascript:alert(1)', '<a href="http://evil.example">', 'http://"onmouseover="alert(1)', 'https://'])(
  '%j makes no element',
  (text) => {
    expect(render(text)).not.toMatch(/<a href="(?!http)|<a href="[^"]*"[^>]*on|alert\(1\)"/);
    expect(render(text).split('<a ').length).toBeLessThanOrEqual(2);
  },
);

test('what a person wrote is no link', () => {
  expect(links(render('http://evil.example/', 'mine'))).toEqual([]);
});
