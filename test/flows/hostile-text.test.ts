/** Texts made to be slow: every reader of foreign text takes time that grows with the text's length, not with its square. */
import { expect, test } from 'vitest';
import { createRedact } from '../../bot/telemetry/redact.ts';
import { plain } from '../../bot/channel/adapt-reply.ts';
import { literal, parts } from '../../bot/telegram/markup.ts';
import { readText } from '../../bot/telegram/content.ts';
import { judge } from '../../bot/wecom/envelope.ts';
import { texts } from '../../bot/wecom/app/texts.ts';
import { BOT_CARD, fitQuestion } from '../../bot/wecom/template-cards.ts';
import { cardMarkdown, messages } from '../../bot/wecom/smart-bot/markdown.ts';
import { createMentions } from '../../bot/wecom/smart-bot/mentions.ts';
import { whose as customerOf, readClick } from '../../bot/wecom/kf/ids.ts';
import { readKey } from '../../bot/wecom/group-webhook/address.ts';
import { markdown } from '../../bot/wecom/group-webhook/markdown.ts';
import { readXml } from '../../bot/wecom/xml.ts';
import { whose } from '../../bot/web/practice/visitor.ts';
import { decodeAction } from '../../handlers/message.ts';
import { readCommand } from '../../handlers/spoken/read-command.ts';
import { maskCode } from '../../services/coupons/mask.ts';
import { parseFen } from '../../services/coupons/money.ts';
import { readLink } from '../../services/coupons/read-link.ts';
import { readCodes } from '../../services/coupons/read-text.ts';
import { parseTime } from '../../services/time/platform-time.ts';
import { parseDay } from '../../services/time/business-day.ts';
import { textOf } from '../../services/fields.ts';
import { meaningOf } from '../../services/platforms/phrases.ts';
import { cleanWords, refuse } from '../../services/platforms/refuse.ts';
import { readCoupon, readDeal } from '../../services/platforms/umember/coupon.ts';
import { parseJson } from '../../services/platforms/json-http.ts';

/** Characters: a dozen times what a channel carries. What takes the square of it takes seconds. */
const LENGTH = 50_000;
/** Characters of a text that is shown: it is made of what was read, and read texts are short. */
const SHOWN = 10_000;
/** What is linear takes a tenth of it. */
const LID_MS = 250;
/** A busy machine makes one try slow, not three. */
const TRIES = 3;

const PIECES = [
  '1',
  '１',
  '1 ',
  '1-',
  '1.',
  '12345:',
  '1 1 1 ',
  '2026-01-01',
  '1.1.1.1',
  '123456789:',
  ' ',
  '\t',
  '\n',
  '\u3000',
  '\r\n',
  'a',
  'A',
  'a ',
  'a.',
  'a-',
  '核',
  '券码',
  '券 ',
  '@',
  'a@',
  '@a ',
  '/',
  '//',
  '://',
  'http://',
  'https://',
  'douyin.com/',
  'www.',
  '.com',
  '?code=1',
  '&',
  '[',
  '[1',
  '[1元]',
  '(',
  '（',
  '<',
  '<a ',
  '</',
  '*',
  '~',
  '-',
  '=',
  '+',
  '_',
  '"',
  '\\',
  '\0',
  ',',
  ':',

  '授权',
  '过期',
  '门店',
  '剩余',
  '撤销',
  '超过',
  '未到',
  '套餐',
  '请',
  'eyJ',
  'eyJaaaaaa.',
  'bearer ',
  'authorization: ',
  'authorization:"',
  '· a × 1\u3000',
  '\u202e',
  '👨‍👩‍👧‍👦',
];
const ENDS = [
  ['', ''],
  ['', '!'],
  ['https://', ' x'],
  ['<xml>', '</xml>'],
  ['1', '元'],
] as const;

const repeated = (piece: string, length: number): string => piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

function timed(read: (text: string) => unknown, text: string): number {
  const start = performance.now();
  try {
    read(text);
  } catch {
    // Refused: in time as well.
  }
  return performance.now() - start;
}

const mask = createRedact(['a secret of theirs']);
const about = (errmsg: string) => ({ bytes: Buffer.from(JSON.stringify({ errcode: 1, errmsg })), type: '', status: 200 });

const READERS: Readonly<Record<string, (text: string) => unknown>> = {
  'the log’s mask': (text) => mask({ text, [text]: 1 }),
  'codes in a message': readCodes,
  'a link': readLink,
  'a command': readCommand,
  'a command with words behind it': (text) => readCommand(`/history ${text}`),
  'a day': (text) => parseDay(text, '2026-11-22'),
  'a button’s data': decodeAction,
  'a message on Telegram': (text) => readText(text, 'hexiao_bot'),
  'a message that names the bot': (text) => readText(`@hexiao_bot ${text} @hexiao_bot`, 'hexiao_bot'),
  'a message to WeCom’s robot': (text) => createMentions().without(text),
  'a message quoted to WeCom’s robot': (text) => createMentions().withoutIn(text),
  'a click of a WeChat customer': readClick,
  'a WeChat customer’s chat': customerOf,
  'a visitor’s chat': whose,
  'the address of a group’s webhook': (text) => readKey(text, 'https://qyapi.weixin.qq.com'),
  'WeCom’s XML': readXml,
  'WeCom’s answer': (text) => judge('an answer', about(text), []),
  'a platform’s JSON': (text) => parseJson(JSON.stringify({ text, list: [text] })),
  'a platform’s text': textOf,
  'a platform’s amount': parseFen,
  'a platform’s time': (text) => parseTime(text),
  'what a platform’s words mean': meaningOf,
  'a platform’s words, as they are shown': cleanWords,
  'a platform’s refusal': (text) => refuse('used', text),
  'the name of a deal': (text) => [readDeal({ sku_id: '1', sku_name: text }), readCoupon({ sku_name: text }, '0158082330')],
  'a code that is shown in part': maskCode,
};

const WRITERS: Readonly<Record<string, (text: string) => unknown>> = {
  'a name, marked for Telegram': (text) => [literal(text), parts(text)],
  'a text for WeCom’s app': texts,
  'a text for WeCom’s robot': messages,
  'a text for a group’s webhook': (text) => markdown(`title\n${text}`, { count: 'n', amount: '¥' }),
  'a card for WeCom’s robot': (text) => cardMarkdown({ title: text, fields: [{ label: text, value: text }], buttons: [] }),
  'a button for WeCom’s robot': (text) =>
    fitQuestion(BOT_CARD, text, [{ label: text, verb: 'use', id: 'a1' }], 'task', '请选择：'),
  'a sentence on a channel without commands': plain,
};

test.each([
  ...Object.entries(READERS).map(([name, read]) => [name, read, LENGTH] as const),
  ...Object.entries(WRITERS).map(([name, write]) => [name, write, SHOWN] as const),
])('%s takes no time worth speaking of, whatever it is made of', (_name, read, length) => {
  for (const piece of PIECES)
    for (const [before, after] of ENDS) {
      const text = before + repeated(piece, length) + after;
      let ms = Infinity;
      for (let n = 0; n < TRIES && ms > LID_MS; n += 1) ms = Math.min(ms, timed(read, text));
      expect(ms, JSON.stringify(before + piece + after)).toBeLessThan(LID_MS);
    }
});
