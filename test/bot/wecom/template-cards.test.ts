/** Buttons and questions of WeCom's cards: short, and everything that was cut off stands above. */
import { expect, test } from 'vitest';
import { APP_CARD, BOT_CARD, fitQuestion } from '../../../bot/wecom/template-cards.ts';

const cardOf = (text: string, ...labels: string[]) => {
  const { card } = fitQuestion(
    BOT_CARD,
    text,
    labels.map((label, n) => ({ verb: 'find', id: `a${n}`, label })),
    'task',
    '请选择：',
  );
  return {
    title: card.main_title?.title,
    below: card.sub_title_text,
    buttons: card.button_list?.map((button) => button.text),
  };
};

test('the names of platforms are shortened to words, and stand nowhere a second time', () => {
  expect(cardOf('选择平台：', '美团 · umember', '通联 Allinpay', '大众点评', '美团服务零售')).toEqual({
    title: '选择平台：',
    below: undefined,
    buttons: ['美团', '通联Allinpay', '大众点评', '美团服务零售'],
  });
});

test('what a button cannot hold stands above it, unless it stands there already', () => {
  expect(cardOf('用哪个账号？', '美团 · umember ow***@example.com', '使用新账号').below).toBe('美团 · umember ow***@example.com');
  const staff = cardOf('「大声」的员工（1 人）\n· xiaowang-2026（企业微信）', '邀请员工', '移除 xiaowang-2026');
  expect(staff).toMatchObject({ below: '· xiaowang-2026（企业微信）', buttons: ['邀请员工', '移除 xiaowa…'] });
});

test('a question of several sentences has the first as its title, and says nothing twice', () => {
  expect(cardOf('确定与「大声发24小时自助棋牌（大学城店）」解绑？核销记录会保留。', '确定解绑', '取消')).toMatchObject({
    title: '确定与「大声发24小时自助棋牌（大学城店）」解绑？',
    below: '核销记录会保留。',
  });
  expect(cardOf('交班 · 大声發24小时自助棋牌室5 · 从 2026-11-29 00:00 起\n核销 1 张', '交班')).toMatchObject({
    title: '交班 · 大声發24小时自助棋牌室5',
    below: '从 2026-11-29 00:00 起\n核销 1 张',
  });
  expect(cardOf('本聊天绑定了「大声發24小时自助棋牌室5」，你是店主。发送券码即可核销。', '日报')).toMatchObject({
    title: '本聊天绑定了「大声發24小时自助棋牌室5」',
    below: '你是店主。发送券码即可核销。',
  });
  expect(cardOf('Hello, I verify group-buy coupons', '好').title).toBe('Hello, I verify group-buy…');
  // One sentence that is too long is whole below.
  const long = `一句话${'很'.repeat(40)}长`;
  expect(cardOf(long, '好')).toMatchObject({ below: long });
});

test('a question that no card holds is said in a message before it, and its buttons stand below without it', () => {
  const long = `本聊天绑定了「大声」。\n${'很长的一句话。'.repeat(30)}`;
  const { card, rest } = fitQuestion(BOT_CARD, long, [{ verb: 'find', id: 'a', label: '好' }], 'task', '请选择：');
  expect(rest).toBe(long);
  expect(card.main_title).toEqual({ title: '本聊天绑定了「大声」。' });
  expect(card.sub_title_text).toBeUndefined();
  expect(card.button_list).toHaveLength(1);
});

test('where nothing of the beginning fits above the buttons, they are asked for', () => {
  const long = `This chat is bound to “大声發24小时自助棋牌室5” and you are the owner.\n${'A long line. '.repeat(30)}`;
  const { card, rest } = fitQuestion(APP_CARD, long, [{ verb: 'find', id: 'a', label: 'Summary' }], 'task', 'Please choose:');
  expect(rest).toBe(long.trim());
  expect(card.main_title).toEqual({ title: 'Please choose:' });
});

test('a name in quotation marks is left out of a label that does not hold it', () => {
  expect(
    cardOf('改为绑定「大声发24小时自助棋牌」吗？', '改为绑定「大声发24小时自助棋牌」', '不换（留在「练习店」）'),
  ).toMatchObject({
    below: undefined,
    buttons: ['改为绑定', '不换'],
  });
});
