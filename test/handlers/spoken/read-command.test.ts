import { describe, expect, it, test } from 'vitest';
import { COMMANDS } from '../../../handlers/commands.ts';
import { PHRASES, TRAIL } from '../../../handlers/spoken/phrases.ts';
import { plainWords } from '../../../handlers/spoken/plain-words.ts';
import { readCommand } from '../../../handlers/spoken/read-command.ts';

/** `command`, or `command | argument`; then what people say for it. */
const SAID: Readonly<Record<string, readonly string[]>> = {
  summary: [
    '日报。',
    '日报！',
    '日報',
    '／日报',
    '/日报',
    '日报，谢谢',
    '请发日报',
    '麻烦发一下日报',
    '帮我看下日报',
    '报表',
    '流水',
    '流水多少',
    '营业额',
    '我想看看日报',
    '老板，日报发我一下',
    '看一下营业额吗',
    '報表',
    '收入是多少',
    '查一下流水吧',
    '卖了多少钱？',
    'summary',
    'Summary please',
    'the report',
    "what's the revenue?",
    'How much did we make?',
    'show me the sales, please',
    'Can you send me the daily report',
  ],
  'summary | 今天': [
    '今天',
    '今天收了多少',
    '今天收了多少？',
    '今天一共收了多少钱',
    '请问今天卖了多少',
    '今天的日报',
    '今天營業額',
    '今天核销了几张？',
    '今天流水',
  ],
  'summary | 昨天': [
    '日报 昨天',
    '昨天',
    '昨天的日报',
    '昨天日报',
    '日报昨天',
    '麻烦发一下昨天的日报，谢谢',
    '帮我查一下昨天收了多少钱',
    '昨天的營業額是多少',
  ],
  'summary | 本周': ['周报', '周报。', '看一下周报', '本周', '本周的日报', '本周收了多少'],
  'summary | 上周': ['上周', '上周的日报', '上週的周报', '上周营业额'],
  'summary | 本月': ['月报', '请发月报', '本月', '本月流水', '日报 本月'],
  'summary | 上个月': ['上个月的日报', '上个月'],
  'summary | 最近7天': ['最近7天的日报', '日报 最近7天'],
  'summary | this week': ['weekly report', 'the weekly summary please', 'this week'],
  'summary | last month': ['report for last month', 'last month'],
  'summary | 上周五': ['上周五的日报', '上週五收了多少', '日报 上周五', '上周五'],
  'summary | 11月3日': ['11月3日的日报', '请看11月3日日报', '日报 11月3日', '日报：11月3日'],
  'summary | 11-22': ['日报 11-22', '11-22的日报'],
  'summary | yesterday': [
    "yesterday's summary",
    'summary for yesterday',
    'report yesterday',
    'yesterday',
    'How much did we make yesterday?',
  ],
  'summary | last friday': ['summary of last Friday', 'last friday', 'show me the report from last friday please'],
  'summary | nov 3': ['report for Nov 3', 'Nov 3 report'],
  history: [
    '记录',
    '核销记录',
    '明细',
    '查账',
    '紀錄',
    '帮我查一下记录',
    '历史记录',
    'history',
    'records',
    'what was verified?',
    'Show me the history',
  ],
  'history | 昨天': ['昨天的核销记录', '昨天的记录', '昨天核销了什么', '记录 昨天'],
  'history | 0616': ['记录 0616', 'history 0616', '查记录 0616'],
  'history | 操作': [
    '操作记录',
    '操作紀錄',
    '看看操作记录',
    '请查一下操作记录，谢谢',
    '变更记录',
    '變更記錄',
    '谁改了设置？',
    '誰改了設置',
    '谁邀请了员工',
    '记录 操作',
    '/history 操作',
    '/记录 操作',
    'audit trail',
    'Show me the audit log, please',
    'changes',
    'who changed the settings?',
    'What changed?',
  ],
  'history | 操作 上周': ['操作记录 上周', '上周的操作记录', '操作记录：上周', '记录 操作 上周', '谁改了设置 上周'],
  'history | 操作 小王': ['操作记录 小王', '操作日志 小王。'],
  'history | 操作 昨天': ['昨天谁改了设置？', '昨天的操作记录'],
  'history | 操作 last week': [
    'changes last week',
    "last week's changes",
    'audit trail for last week',
    'what changed last week?',
  ],
  'history | changes last week': ['/history changes last week'],
  'history | 操作台': ['/history 操作台'],
  help: [
    '帮助',
    '幫助',
    '帮助！',
    '／帮助',
    '/帮助',
    '怎么用',
    '请问怎么用',
    '请问怎么用？',
    '菜单',
    'help',
    'Help me!',
    'how do I use this?',
    'please help',
    'How do I …',
  ],
  undo: [
    '撤销',
    '撤銷',
    '撤销。',
    '取消核销',
    '撤回',
    '请帮我撤销',
    '麻烦撤回一下',
    '核销错了',
    'undo',
    'Undo that',
    'undo it, please',
    'How do I undo that?',
  ],
  'undo | 8512': ['8512 核错了', '核错了 8512'],
  'history | 8512': ['8512 谁核销的'],
  'undo | 0332808512': [
    '0332808512 撤销',
    '0332808512 撤销一下',
    '撤销 0332808512',
    '取消核销 0332808512',
    '撤回0332808512',
    'undo 0332808512',
    'Please undo 0332808512',
  ],
  unbind: ['解绑', '解綁', '解除绑定', '请解除绑定', 'unbind', 'Unbind this chat, please'],
  bind: ['绑定', '綁定', '密码改了', '换了密码', '绑定门店', '我要绑定', '怎么绑定？', 'bind', 'How do I bind my store?'],
  store: ['门店', '門店', '切换门店', '换店', 'switch store'],
  staff: ['员工', '員工', '怎么加人', '新店员', '邀请员工', '怎么邀请员工', '谁可以核销？', 'staff', 'invite staff', '看看员工'],
  products: ['商品', '团购', '有什么套餐？', '有哪些团购', 'deals', 'show me the deals'],
  shift: ['交班', '接班', '我要交班', 'hand over'],
  reconcile: ['对账', '對賬', '对一下账', '和平台对账', 'reconcile'],
  stats: ['数据', '數據', '经营数据', 'stats'],
  status: [
    '状态',
    '狀態',
    '不能用',
    '没反应',
    '核销不了',
    'not working',
    '余额',
    '余额多少',
    '还剩多少次？',
    '查一下余额',
    'status',
    'is it working?',
  ],
  customers: ['顾客', '顾客二维码', 'qr code'],
  report: ['绑定日报', '綁定日報', '接收日报', 'send the daily report here'],
  'report | 05:00': ['绑定日报 05:00'],
  language: ['语言', '語言', '中文', 'English', '英文', '换成英文', 'speak English please', 'language'],
  cancel: ['取消', '取消。', '退出', '算了', 'cancel', 'never mind'],
  start: ['开始', '开始使用', 'start'],
};

/** Talk, codes and things nobody should take for a command. */
const NO_COMMAND = [
  '你好',
  '谢谢',
  '在吗',
  'ok',
  '好的',
  '?',
  '👍',
  '',
  '，',
  '请',
  '麻烦你',
  'please',
  'hi',
  '0332808512',
  '券码 0332808512',
  '帮我核销 0332808512',
  '帮我查一下 0332808512 谢谢',
  '昨天的券 0332808512',
  'please verify 0332808512',
  '今天3个人，18:30到',
  '今天天气不错',
  '今天没日报',
  '昨天收了多少快递',
  '明天',
  '明天的日报',
  '日报日报',
  '上个月的日报在哪',
  '昨晚',
  '上午',
  '昨晚的日报',
  '周报写了吗',
  '最近忙吗',
  '11.3',
  '3号',
  '8',
  // What changes something has to be said exactly.
  '别撤销',
  '不要撤销',
  '撤销了吗',
  '他说撤销',
  '撤销吧',
  '可以撤销吗',
  '解绑了',
  '我不想解绑',
  '想解绑',
  '能不能解绑',
  '要不要解绑',
  '查撤销',
  '看看解绑',
  '昨天撤销',
  '撤销昨天的',
  '今天解绑',
  'do not undo',
  "don't unbind",
  'i want to undo',
  'show me unbind',
  'story',
  'this is history lesson',
  'hithere',
  'helpful',
  'the statusquo',
  '绑定微信',
  '门店在哪',
  '员工来了吗',
  '记录一下今天的事',
  '操作台坏了',
  '操作不了',
  '谁改了我的单',
  'changes are coming',
  'exchanges',
  '我们的流水席',
  '帮忙看看大门',
  '发一下位置',
  '老板在吗',
  '多少钱',
  '怎么走',
  '几点关门',
  '券怎么买',
];

test.each(Object.entries(SAID).flatMap(([meant, texts]) => texts.map((text) => [text, meant] as const)))(
  '%s: %s',
  (text, meant) => {
    const command = readCommand(text);
    expect(command && [command.name, command.rest].filter(Boolean).join(' | ')).toBe(meant);
  },
);

test.each(NO_COMMAND)('%o is none', (text) => expect(readCommand(text)).toBeUndefined());

describe('the phrases', () => {
  const all = COMMANDS.flatMap(({ name, words }) =>
    [...words, ...(PHRASES[name] ?? [])].map((phrase) => [phrase, name] as const),
  );
  const phrases = [...all.map(([phrase]) => phrase), ...TRAIL];

  it('are each of one command, written as they are compared', () => {
    expect(phrases.filter((phrase) => plainWords(phrase) !== phrase)).toEqual([]);
    expect(phrases.filter((phrase, n) => phrases.indexOf(phrase) !== n)).toEqual([]);
  });

  it.each(TRAIL)('%s asks for the audit trail, alone and with its day', (phrase) => {
    for (const text of [phrase, `${phrase}？`, `请问${phrase}`, `${phrase}，谢谢`])
      expect(readCommand(text)).toMatchObject({ name: 'history', rest: '操作', spoken: true });
    for (const text of [`${phrase} 昨天`, `昨天${phrase}`])
      expect(readCommand(text)).toMatchObject({ name: 'history', rest: '操作 昨天' });
  });

  it.each(all)('%s asks for %s, with thanks, marks and a please', (phrase, name) => {
    for (const text of [phrase, `${phrase}。`, `请${phrase}`, `${phrase}，谢谢`, `Please, ${phrase.toUpperCase()}!`])
      expect(readCommand(text)).toMatchObject({ name, rest: '' });
  });
});

describe('overheard in a group', () => {
  it.each(['日报', '日報。', '撤销 0616', '日报 昨天', '/日报', '取消'])('%s is the command’s own word', (text) => {
    expect(readCommand(text)?.spoken).toBeUndefined();
  });

  it.each([
    '今天收了多少',
    '昨天',
    '昨天的日报',
    '日报谢谢',
    '周报',
    '上周',
    '撤回',
    'undo',
    '撤销？',
    '员工？',
    '菜单',
    '请解绑',
  ])('%s may be talk', (text) => {
    expect(readCommand(text)?.spoken).toBe(true);
  });
});
