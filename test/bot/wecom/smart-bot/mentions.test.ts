import { describe, expect, it } from 'vitest';
import { createMentions } from '../../../../bot/wecom/smart-bot/mentions.ts';
import { startHarness } from './harness.ts';

type Harness = Awaited<ReturnType<typeof startHarness>>;

/** Everybody is somebody else: WeCom lets nobody say more than three things before the first is answered. */
let people = 0;

/** Gives the text heard by the bot of a group message, as some client of WeCom writes it. */
async function heard({ wecom, recorded }: Harness, content: string, quote?: string): Promise<string> {
  const quoted = quote === undefined ? {} : { quote: { msgtype: 'text', text: { content: quote } } };
  wecom.person(`member${(people += 1)}`).sends({ msgtype: 'text', text: { content }, ...quoted }, wecom.group('wrGROUP'));
  const { content: said } = await recorded.next();
  return said.kind === 'text' ? said.text : said.kind;
}

const CODE = '0332808512';

describe('a message in a group to a bot whose name is not learnt yet', () => {
  it.each([
    // Seen at clients of WeCom’s.
    [`${CODE}@核销助手 `, CODE],
    ['日报@核销助手 ', '日报'],
    ['帮助@核销助手', '帮助'],
    ['绑定日报@核销助手 ', '绑定日报'],
    ['@Coupon Bot 日报', '日报'],
    ['@Coupon Bot  日报', '日报'],
    ['@张三 @核销助手 日报', '日报'],
    ['＠核销助手 日报', '日报'],
    [`@核销助手 ${CODE}`, CODE],
    ['日报 @核销助手 ', '日报'],
    ['@核销助手\u2005日报', '日报'],
    ['@Coupon\u2005Bot\u2005日报', '日报'],
    // The mention stands first.
    ['@核销助手\u2005日报 昨天', '日报 昨天'],
    ['@核销助手\u00A0日报', '日报'],
    ['@核销助手\u200B日报', '日报'],
    ['@核销助手\n日报', '日报'],
    ['@核销助手，日报', '日报'],
    ['@核销助手：日报', '日报'],
    [`@核销助手${CODE}`, CODE],
    [`＠核销助手${CODE}`, CODE],
    ['@核销助手', ''],
    ['@Bot 1\n2', '1\n2'],
    // … with blanks in the name.
    ['@Coupon Bot 日报 昨天', '日报 昨天'],
    ['@Coupon Bot\u2005日报', '日报'],
    ['@Shop Coupon Bot help', 'help'],
    [`@Coupon Bot 撤销 ${CODE}`, `撤销 ${CODE}`],
    ['@Coupon Bot 加入 12345678', '加入 12345678'],
    ['@Coupon Bot owner@example.com', 'owner@example.com'],
    ['@Coupon Bot /summary', '/summary'],
    // It stands last.
    ['日报 昨天@核销助手 ', '日报 昨天'],
    ['日报 昨天 @核销助手\u2005', '日报 昨天'],
    ['日报@Coupon Bot ', '日报'],
    ['日报 @Coupon Bot', '日报'],
    ['日报＠核销助手', '日报'],
    ['日报@Bot.v2', '日报'],
    [`${CODE} @核销助手`, CODE],
    [`${CODE}\n@核销助手`, CODE],
    [`撤销 ${CODE}@核销助手 `, `撤销 ${CODE}`],
    ['/summary@CouponBot', '/summary'],
    ['加入 12345678@核销助手 ', '加入 12345678'],
    // It stands in the middle.
    ['日报 @核销助手 昨天', '日报 昨天'],
    ['日报@核销助手 昨天', '日报 昨天'],
    [`撤销@核销助手 ${CODE}`, `撤销 ${CODE}`],
    [`查一下${CODE}@核销助手 谢谢`, `查一下${CODE} 谢谢`],
    // Others are named as well.
    ['@核销助手 @张三 日报', '日报'],
    ['@张三 日报@核销助手 ', '日报'],
    ['@张三 日报 @Coupon Bot', '日报'],
    ['日报 @张三 @核销助手', '日报'],
    ['日报@张三@核销助手 ', '日报'],
    ['@张三 @李四 @Coupon Bot 日报', '日报'],
    [`@张三 ${CODE} @核销助手`, CODE],
    // Small talk keeps its words.
    ['写给 @核销助手 的话', '写给 @核销助手 的话'],
    ['@核销助手 你好', '你好'],
    ['你好@核销助手 ', '你好'],
    [`@${'名'.repeat(80)} 1`, `@${'名'.repeat(80)} 1`],
  ])('%j', async (said, left) => {
    expect(await heard(await startHarness(), said)).toBe(left);
  });
});

describe('an answer to a question, in a group', () => {
  it.each([
    // Addresses are no mentions.
    ['me@example.com', 'me@example.com'],
    ['@核销助手 owner@example.com', 'owner@example.com'],
    ['owner@example.com @核销助手 ', 'owner@example.com'],
    ['owner@example.com@核销助手 ', 'owner@example.com'],
    ['@张三 @核销助手 owner@example.com', 'owner@example.com'],
    ['＠核销助手 owner@example.com', 'owner@example.com'],
    // Not even those that begin with a command or a code.
    ['@核销助手 help@example.com', 'help@example.com'],
    ['cancel@example.com @核销助手', 'cancel@example.com'],
    ['@核销助手 1234567890@qq.com', '1234567890@qq.com'],
    // Nor are passwords.
    ['@核销助手 p@ss@word', 'p@ss@word'],
    ['@核销助手 p@ssword', 'p@ssword'],
    ['@核销助手 @Secret1', '@Secret1'],
    ['@核销助手 secret@', 'secret@'],
    ['@核销助手 p@ss.word', 'p@ss.word'],
    ['@核销助手 correct horse battery', 'correct horse battery'],
    ['@核销助手 Secret 2026', 'Secret 2026'],
    ['secret@核销助手 ', 'secret'],
    ['p@ssword@核销助手 ', 'p@ssword'],
    ['p@ss@word @核销助手', 'p@ss@word'],
  ])('%j', async (said, left) => {
    expect(await heard(await startHarness(), said)).toBe(left);
  });

  it('keeps every character in the chat with the robot alone', async () => {
    const { wecom, recorded } = await startHarness();
    for (const said of ['p@ss@word', '@Secret1', 'secret@核销助手', '日报@核销助手', '＠ a@b.com ＠']) {
      wecom.person(`member${(people += 1)}`).says(said);
      expect((await recorded.next()).content).toEqual({ kind: 'text', text: said });
    }
  });
});

describe('a robot’s name', () => {
  it.each([
    ['@Coupon Bot 绑定', 'Coupon Bot'],
    ['绑定@Coupon Bot ', 'Coupon Bot'],
    ['绑定 @Coupon Bot', 'Coupon Bot'],
    ['@核销助手 绑定', '核销助手'],
    ['绑定@核销助手', '核销助手'],
    ['日报@Bot.v2 昨天', 'Bot.v2'],
    ['@Bot(2)+ 绑定', 'Bot(2)+'],
  ])('is learnt from a command (%s), and taken out exactly from then on', async (command, name) => {
    const harness = await startHarness();
    await heard(harness, command);
    for (const secret of ['s3cret', 'p@ss@word', 'two words', '@Secret1', 'help me 日报', 'me@example.com', '日报']) {
      expect(await heard(harness, `@${name} ${secret}`)).toBe(secret);
      expect(await heard(harness, `＠${name}\u2005${secret}`)).toBe(secret);
      expect(await heard(harness, `${secret}@${name} `)).toBe(secret);
      expect(await heard(harness, `${secret} @${name}`)).toBe(secret);
    }
    expect(await heard(harness, `@${name}${CODE}`)).toBe(CODE);
    expect(await heard(harness, `@${name}日报`)).toBe('日报');
    expect(await heard(harness, `@张三 @${name} 日报`)).toBe('日报');
    expect(await heard(harness, `日报 @${name} 昨天`)).toBe('日报 昨天');
    expect(await heard(harness, `@${name} 2`)).toBe('2');
    expect(await heard(harness, `@${name}`)).toBe('');
  });

  it('may change, and a longer one begins like it', async () => {
    const harness = await startHarness();
    await heard(harness, '@Coupon 绑定');
    expect(await heard(harness, '@Coupon2 日报')).toBe('日报');
    expect(await heard(harness, '@Coupon2 two words')).toBe('two words');
    expect(await heard(harness, '@核销助手 日报')).toBe('日报');
  });

  it('is not learnt where somebody else is named too', async () => {
    const harness = await startHarness();
    await heard(harness, '@张三 @核销助手 日报');
    expect(await heard(harness, 's3cret@张三@核销助手 ')).toBe('s3cret@张三');
  });
});

describe('a quoted message in a group', () => {
  it.each([
    [`@核销助手 ${CODE}`, CODE],
    [`${CODE}@核销助手 `, CODE],
    [`券码${CODE} 谢谢 a@b.com`, `券码${CODE} 谢谢 a@b.com`],
    ['请问 @核销助手 在吗', '请问 @核销助手 在吗'],
    ['p@ssword', 'p@ssword'],
  ])('%j names the robot or not', async (quote, left) => {
    expect(await heard(await startHarness(), '@核销助手 核销', quote)).toBe(left);
    expect(await heard(await startHarness(), '核销@核销助手 ', quote)).toBe(left);
    expect(await heard(await startHarness(), '@Coupon Bot 核销', quote)).toBe(left);
  });
});

it('any message is read in a few milliseconds', () => {
  const mentions = createMentions();
  mentions.without('@Coupon Bot 日报');
  const pieces = ['1', ' ', ' @', '@ ', '@a', 'a@b.', '@a b c ', '，@', 'a@b.com', '\u200B@'];
  const long = [`@${'1'.repeat(1_000_000)}x`, `a${' '.repeat(1_000_000)}b`, `@${' @'.repeat(500_000)}`];
  for (const text of [...long, ...pieces.map((piece) => `@${piece.repeat(990 / piece.length)}x`)]) {
    const began = performance.now();
    mentions.without(text);
    mentions.withoutIn(text);
    expect(performance.now() - began, text.slice(0, 20)).toBeLessThan(200);
  }
});
