import { expect, test } from 'vitest';
import {
  answered,
  changeSince,
  emptyPage,
  heard,
  mark,
  pending,
  put,
  remove,
  type Page,
} from '../../../../bot/web/page/visitor-page.ts';

const said = (text: string) => ({ kind: 'said', text }) as const;
const ids = (page: Page, seen?: string) => changeSince(page, seen)?.chats.store.messages.map(({ id }) => id);

test('a browser with a known state gets only the later changes, in the order of the chat', () => {
  let page = put(put(emptyPage(1), 'store', 'a', said('1'), 1), 'store', 'b', said('2'), 2);
  const seen = mark(page);
  page = put(put(page, 'store', 'c', said('3'), 3), 'store', 'a', said('1 again'), 4);
  expect(ids(page, seen)).toEqual(['a', 'c']);
  expect(changeSince(page, seen)?.full).toBe(false);
  expect(changeSince(page, mark(page))).toBeUndefined();
});

test('a removal or an unknown state needs the full page', () => {
  let page = put(put(emptyPage(1), 'store', 'a', said('1'), 1), 'store', 'b', said('2'), 2);
  const seen = mark(page);
  page = remove(page, 'store', 'a');
  expect(changeSince(page, seen)).toMatchObject({ full: true, chats: { store: { messages: [{ id: 'b' }] } } });
  for (const odd of [undefined, '', 'x', '1-999', '2-1', '1-', '1-NaN', 'null']) {
    expect(changeSince(page, odd)?.full, String(odd)).toBe(true);
  }
});

test('a replaced message keeps its place and its time', () => {
  let page = put(put(emptyPage(1), 'store', 'a', said('1'), 1), 'store', 'b', said('2'), 2);
  page = put(page, 'store', 'a', said('new'), 9);
  expect(page.chats.store.messages).toMatchObject([{ id: 'a', text: 'new', at: 1 }, { id: 'b' }]);
});

test('the newest 200 messages are kept, and fewer when they are long', () => {
  let page = emptyPage(1);
  for (let i = 0; i < 250; i++) page = put(page, 'store', `m${i}`, said('x'), i);
  expect(page.chats.store.messages).toHaveLength(200);
  expect(page.chats.store.messages.at(-1)?.id).toBe('m249');
  for (let i = 0; i < 250; i++) page = put(page, 'owners', `m${i}`, said('x'.repeat(4000)), i);
  expect(page.chats.owners.messages.length).toBeLessThan(50);
  expect(page.chats.owners.messages.at(-1)?.id).toBe('m249');
  page = put(page, 'owners', 'huge', said('x'.repeat(900_000)), 1);
  expect(page.chats.owners.messages.map(({ id }) => id)).toEqual(['huge']);
});

test('something is to come until the latest event is answered, and while a verification is under way', () => {
  const asked = heard(emptyPage(1000), 'one', 1000);
  expect([pending(emptyPage(1000), 1000), pending(asked, 1000)]).toEqual([false, true]);
  expect(pending(answered(asked, 'one'), 1000)).toBe(false);
  expect(pending(heard(answered(asked, 'one'), 'two', 2000), 2000)).toBe(true);
  // Some events get no answer.
  expect(pending(asked, 1000 + 30_000)).toBe(false);
  const busy = (tone: 'busy' | 'good') =>
    put(emptyPage(1), 'store', 'a', { kind: 'card', card: { title: '', fields: [], tone, buttons: [] } }, 1000);
  expect([pending(busy('busy'), 2000), pending(busy('good'), 2000), pending(busy('busy'), 3_700_000)]).toEqual([
    true,
    false,
    false,
  ]);
});
