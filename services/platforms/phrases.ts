/** What a platform's Chinese words mean, for platforms that give reasons in prose only. Data first; the order matters. */
import { parseTime } from '../coupons/times.ts';
import type { Refusal, RefusalReason } from './platform.ts';

/** A refusal's reason, or: `busy`, it asks us to slow down; `temporary`, it failed and may not know itself what it did. */
export type Meaning = RefusalReason | 'busy' | 'temporary';

/**
 * First match wins: logins, undo windows and "not yet" speak of 过期, 超过 and 有效 too and so stand before `expired`; whoever is
 * late with an undo is also told that the coupon is 已核销.
 * Seen in the wild: 此券号已于 … 被消费!, 验证成功, 未使用, 已核销, 已使用, 已冻结, 作弊已冻结, 已退款, 已超过可撤销时限,
 * 该券不可使用券码查询, 券码已核销, 券码正在退款中, 券码无效或不属于当前门店. The rest are guesses.
 */
const PHRASES: readonly (readonly [Meaning, RegExp])[] = [
  ['undo-late', /(超过|超出|已过).*(撤销|时限)|不(可|能|允许)撤销/],
  ['used', /(?<!未)被(消费|核销|使用)|已(经)?(被)?(使用|核销|验证|消费)|已(经)?被.{1,12}(使用|核销|验证|消费)|重复(核销|验证)/],
  ['refunded', /已?退款|退款中|已退/],
  ['frozen', /冻结|作弊/],
  ['unauthorised', /(授权|token|session|登录|登陆).*(过期|失效|无效|不存在)|未授权|重新授权/i],
  ['need-qr', /不可使用券码查询|请.{0,4}扫码/],
  ['hidden', /动态码|刷新/],
  ['not-yet', /未到.*(使用|有效|开始)|尚未(开始|生效)|还未(开始|生效)|未生效/],
  ['expired', /过期|不在有效期/],
  ['wrong-store', /(门店|店铺).*(不适用|不支持|不匹配|无权)|不适用.*门店|非本店|其他门店|不属于.*门店/],
  ['not-found', /不存在|无效券|券码(错误|无效|有误)|未找到|查不到|验证码错误/],
  ['count', /(剩余|可用).*不足|张数/],
  ['busy', /频繁|限流|超限|并发|too many/i],
  ['quota', /次数(不足|用完)|余额不足|套餐.*用完/],
  ['risk', /风控|风险/],
  ['config', /签名|\bsign\b/i],
  ['temporary', /系统(繁忙|异常|错误)|稍后(再|重)?试|超时/],
];

/** Longer words are no reason that a platform gives, characters; the patterns take more than linear time over them. */
const LONGEST_REASON = 500;

/** What these words mean, by their first 500 characters; `other` when nobody has seen them yet. */
export function meaningOf(words: string): Meaning {
  const text = words.slice(0, LONGEST_REASON).normalize('NFKC');
  return PHRASES.find(([, pattern]) => pattern.test(text))?.[0] ?? 'other';
}

/** A refusal with the platform's words, and the moment of use where they tell it. */
export function refuse(reason: RefusalReason, words = ''): Refusal {
  const clean = cleanWords(words);
  const time = reason === 'used' ? /\d{4}[-/]\d{1,2}[-/]\d{1,2}[ T]\d{1,2}:\d{2}(:\d{2})?/.exec(words)?.[0] : undefined;
  const at = parseTime(time);
  return { kind: 'refused', reason, ...(at ? { used: { at } } : {}), ...(clean ? { words: clean } : {}) };
}

const LONGEST = 100;
const CONTROL = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]+/gu;
const LINK =
  /(?:https?:\/\/|www\.)[^\s，。；、！）)】]*|\b[a-z0-9][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:com|cn|net|org|top|vip|xyz|cc|me|io|shop)\b(?:\/[^\s，。；、！）)】]*)?/giu;

/** A platform's words as they may be shown in a chat: one line, no links, no invisible characters, at most 100 characters. */
export function cleanWords(words: string): string {
  const text = words.slice(0, LONGEST_REASON).replace(CONTROL, ' ').replace(LINK, '').replace(/\s+/g, ' ').trim();
  const characters = Array.from(text);
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST - 1).join('')}…` : text;
}
