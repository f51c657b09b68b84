/** Numbered menus: what a typed number means, and when it means nothing. */
import { expect, test } from 'vitest';
import { createNumberedMenu, type NumberedList } from '../../../bot/channel/numbered-menu.ts';
import type { Button } from '../../../handlers/message.ts';
import type { Collection } from '../../../services/collection.ts';

const BUTTONS: readonly Button[] = [
  { verb: 'use', id: 'card-1', label: '确认核销' },
  { verb: 'drop', id: 'card-1', label: '取消' },
];

/** A menu over lists that are kept in memory. */
function open() {
  const kept = new Map<string, NumberedList>();
  const lists: Collection<NumberedList> = {
    get: (key) => Promise.resolve(kept.get(key)),
    set: (key, value) => Promise.resolve(void kept.set(key, value)),
    delete: (key) => Promise.resolve(kept.delete(key)),
    take: (key) => Promise.resolve(kept.get(key)),
  };
  let ids = 0;
  return createNumberedMenu({ lists, newId: () => `list${(ids += 1)}` });
}

test('a number of the last list, also in full width, is the press of its button', async () => {
  const menu = open();
  expect(await menu.offer('telegram:1', BUTTONS)).toBe('1. 确认核销\n2. 取消');
  expect(await menu.read('telegram:1', ' ２ ')).toEqual({ action: { verb: 'drop', id: 'card-1' }, list: 'list1' });
  expect(await menu.read('telegram:2', '2')).toBeUndefined();
});

test('a label, a part of it, and numbers as people write them press the one button that they fit', async () => {
  const menu = open();
  await menu.offer('wecom-kf:1', [
    ...BUTTONS,
    { verb: 'undo', id: 'v1', label: '撤销（还剩 9 分钟）' },
    { verb: 'bind-store', id: 's1', label: '门店甲' },
    { verb: 'bind-store', id: 's2', label: '大声 KTV 一店' },
    { verb: 'bind-store', id: 's3', label: '大声 KTV 二店' },
  ]);
  const pressed = async (text: string) => (await menu.read('wecom-kf:1', text))?.action.id;
  for (const text of ['确认核销', ' 确认核销。', '确认', '1', '一', '①', '1️⃣', '1.'])
    expect(await pressed(text), text).toBe('card-1');
  expect((await menu.read('wecom-kf:1', '取消！'))?.action.verb).toBe('drop');
  expect(await pressed('撤销')).toBe('v1');
  expect(await pressed('大声 ktv 二店')).toBe('s3');
  // A command, an ambiguous beginning, a single character, and small talk.
  for (const text of ['门店', '大声', '门', '好', 'ok', '帮助']) expect(await pressed(text), text).toBeUndefined();
  expect(await menu.beyond('wecom-kf:1', '7')).toBe(6);
  for (const text of ['6', '123', '1000420616']) expect(await menu.beyond('wecom-kf:1', text), text).toBeUndefined();
});

test('a yes presses the one label that begins with it', async () => {
  const menu = open();
  await menu.offer('wecom-kf:1', [
    { verb: 'here-yes', id: 'q1', label: '是，我在这里' },
    { verb: 'here-no', id: 'q2', label: '不是' },
  ]);
  for (const text of ['是', '是的', '对', '在的', '是的。'])
    expect((await menu.read('wecom-kf:1', text))?.action.id, text).toBe('q1');
  expect((await menu.read('wecom-kf:1', '不是'))?.action.id).toBe('q2');
  await menu.offer('wecom-kf:1', BUTTONS);
  expect(await menu.read('wecom-kf:1', '是')).toBeUndefined();
});

test('a number beyond the list, and a code, are text', async () => {
  const menu = open();
  await menu.offer('telegram:1', BUTTONS);
  for (const text of ['0', '3', '01', '123', '1000420616', '1 张'])
    expect(await menu.read('telegram:1', text), text).toBeUndefined();
});

test('a new question takes numbers as its answer, and so do buttons without numbers that answer somebody', async () => {
  const menu = open();
  await menu.offer('telegram:1', BUTTONS);
  await menu.forget('telegram:1');
  expect(await menu.read('telegram:1', '1')).toBeUndefined();
  await menu.offer('telegram:1', BUTTONS);
  await menu.shown('telegram:1', BUTTONS, { numbered: false, answering: false });
  expect(await menu.read('telegram:1', '1')).toBeDefined();
  await menu.shown('telegram:1', BUTTONS, { numbered: false, answering: true });
  expect(await menu.read('telegram:1', '1')).toBeUndefined();
});
