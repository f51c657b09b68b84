import { expect, test } from 'vitest';
import { readCodes } from '../../../services/coupons/read-text.ts';

test.each([
  ['0332808512 3张', 3, undefined],
  ['0332808512 x2', 2, undefined],
  ['0332808512x2', 2, undefined],
  ['0332808512×2', 2, undefined],
  ['0332808512*2', 2, undefined],
  ['0332808512 两次', 2, undefined],
  ['0332808512，3次，谢谢', 3, undefined],
  ['0332808512 12 uses', 12, undefined],
  ['0332808512 ３张', 3, undefined],
  ['0332 8085 12 2张', 2, undefined],
  ['0332808512 用三次', 3, undefined],
  ['2张 0332808512', 2, undefined],
  ['帮我核销3次 0332808512', 3, undefined],
  ['券码：0332808512\n2张', 2, undefined],
  ['0332808512 3号桌', undefined, '3号桌'],
  ['0332808512 小王的', undefined, '小王的'],
  ['券码 0332808512（小王的）', undefined, '小王的'],
  ['核销 0332808512 8号房 2张 谢谢', 2, '8号房'],
  ['0332808512 2张 8号房', 2, '8号房'],
  ['0332808512 小王的 x3', 3, '小王的'],
  ['O332808512 3号桌', undefined, '3号桌'],
  ['0332 8085 12 张三', undefined, '张三'],
  ['0332808512 18:30到', undefined, '18:30到'],
  // Neither.
  ['0332808512', undefined, undefined],
  ['帮我核一下 0332808512 谢谢', undefined, undefined],
  ['0332808512 能用吗', undefined, undefined],
  ['这个券0332808512能用吗', undefined, undefined],
  ['客人说 0332808512 3号桌', undefined, undefined],
  ['券码：0332 8085 12，有效期至2026-12-31', undefined, undefined],
  ['0332808512 0张', undefined, undefined],
  ['0332808512 x200', undefined, 'x200'],
  ['0332808512 3号桌\n第二行', undefined, undefined],
  [`0332808512 ${'很'.repeat(31)}`, undefined, undefined],
  ['0332808512 电话 12345', undefined, undefined],
  ['0332808512 2张 7992697494 3张', undefined, undefined],
])('%o: %s uses, note %s', (text, uses, note) => {
  expect(readCodes(text)).toMatchObject({ uses, note });
});
