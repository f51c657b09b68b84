/**
 * Classifies a platform's Chinese words, for platforms that give reasons in prose only. The table comes first; its order
 * matters.
 */
import type { RefusalReason } from './refusals.ts';

/** A refusal's reason; `busy`, the platform asks us to slow down; `temporary`, it failed and may not know what it did. */
export type Meaning = RefusalReason | 'busy' | 'temporary';

/** Placeholders of one character each for a time and a long number in a clause. */
const [TIME, NUMBER] = ['@', '#'];

/** 该券, 此券号, 您的团购券, 订单#, 券码状态为 …: the coupon itself; a clause may leave it out. */
const COUPON =
  '(?:(?:您的?|您?输入的)?(?:此|该|本|这张|该张|当前|顾客的)?(?:美团|大众点评|点评|抖音)?(?:团购|优惠|代金|套餐|消费|兑换|无效)?(?:券码|券号|卡券|券|验证码|串码|兑换码|订单|次卡|优惠码)号?#?(?:状态)?[为是]?|#)';
const IT = `${COUPON}?`;
const SHOP = '(?:(?:此|该|本|当前|所选|您的?)?(?:门店|店铺|商户|商家|店))';
const USED = '(?:使用|核销|验证|消费|兑换)';
const CALLS = '(?:您的?|当前|此|该)?(?:请求|访问|操作|调用|接口|查询|验券|核销)*';
const LOGIN = '(?:(?:app ?auth|access|refresh)? ?token|auth ?code|session|授权|登录态|登录状态|登录|登陆|会话|凭证)';
const CALLER = '(?:签名|密钥|时间戳|验签|鉴权|app ?id|sign|signature|timestamp)';
const WRONG = '(?:错误|有误|失败|过期|失效|超时|无效|为空|不存在|不正确|不合法|不匹配|不一致)';

/**
 * Clauses that give a reason. A pattern matches a whole clause, and the first match wins: undo windows speak of 已核销 too, and
 * 过期 depends on its subject.
 * Seen in the wild: 此券号已于 … 被消费!, 已核销, 已使用, 已冻结, 作弊已冻结, 已退款, 已超过可撤销时限, 该券不可使用券码查询, 券码已核销,
 * 券码正在退款中, 券码无效或不属于当前门店. The rest are guesses.
 */
const CLAUSES = whole([
  ['undo-late', `(?:${IT}|撤销)已?(?:超过|超出|过)了?可?(?:允许)?(?:撤销|撤回)(?:核销|验券)?的?(?:时限|时间|期限|限制)+`],
  ['undo-late', `${IT}(?:已${USED})?已?超过(?:\\d+|[一二三十]+)个?(?:分钟|小时|天)`],
  ['undo-late', `${IT}(?:不可|不能|不允许|不可以|不支持)(?:再)?撤销(?:核销|验券)?`],
  ['used', `${IT}已经?(?:[于在]${TIME})?(?:被(?:[^未没不]{0,12}(?:门店|店|商户|商家|用户|他人))?)?${USED}(?:过|完|完毕)?了?`],
  ['used', `${COUPON}(?:于${TIME})?被(?:[^未没不]{0,12}(?:门店|店|商户|商家|用户|他人))?${USED}(?:过|完)?了?`],
  ['refunded', `${IT}(?:已经?(?:申请|全额|被)?退(?:款|券|单)?(?:成功)?|(?:已申请|正在|申请)?退款(?:处理)?中)了?`],
  ['frozen', `${IT}(?:因?作弊)?(?:已经?被?|被|处于)?冻结(?:状态|中)?`],
  ['frozen', `${IT}(?:涉嫌|存在|疑似)?作弊`],
  ['unauthorised', `(?:${SHOP}|用户|账号|账户|平台|美团|点评)*的?${LOGIN}(?:已经?)?${WRONG}`],
  ['unauthorised', `${SHOP}?(?:用户)?(?:未授权|未登录|未认证)(?:美团|大众点评|点评|抖音)?`],
  ['unauthorised', '请?先?(?:重新)?(?:授权|登录|登陆)(?:后?再?试)?'],
  ['unauthorised', `(?:用户)?(?:认证|鉴权|验签)失败|app ?id${WRONG}|(?:接口|应用|app)?无(?:接口|调用|访问)?权限|接口未开通`],
  [
    'unauthorised',
    'unauthori[sz]ed|(?:invalid|expired) (?:access )?(?:token|session)|(?:access |jwt )?(?:token|session|jwt) (?:is |has )?(?:invalid|expired)',
  ],
  [
    'config',
    `(?:接口)?${CALLER}(?:校验|验证)?已?${WRONG}|(?:invalid|wrong) ${CALLER}|${CALLER} (?:is )?(?:error|invalid|illegal|wrong|expired|mismatch)`,
  ],
  ['config', `${SHOP}(?:不存在|未找到|未绑定)`],
  ['need-qr', `${IT}不可使用券码查询|请.{0,4}扫码(?:核销|验券|验证|使用)?`],
  ['hidden', '动态码(?:已经?)?(?:过期|失效|无效)|请?(?:顾客|用户)?重?新?刷新(?:动态码|券码|二维码)'],
  ['not-yet', `${IT}(?:还|尚)?未到(?:可用|可?使用|有效|开始|核销)的?(?:时间|日期|期|时段)`],
  ['not-yet', `${IT}(?:还|尚)?未(?:开始|生效)`],
  ['expired', `${IT}(?:${TIME})?(?:已经?)?(?:过期|超过有效期|过有效期)了?|${IT}(?:已经?)?不在有效期内?`],
  ['wrong-store', `${IT}(?:无效或)?(?:不适用于?|不属于|不支持在?|不能在|无法在|不可在)${SHOP}(?:使用|核销|验证)?`],
  ['wrong-store', `${IT}[为是]?(?:非本门?店|(?:属于)?其[他它]门店)的?(?:券|团购券|优惠券)?`],
  ['wrong-store', `${SHOP}(?:不适用|不支持|不匹配|无权限?)(?:使用|核销|验证)?(?:此|该|本)?券?`],
  ['not-found', `${COUPON}(?:不存在|错误|有误|不正确|无效|未找到|查不到|找不到)|无效券码?`],
  [
    'count',
    `${IT}(?:剩余|可用|可核销)的?券?(?:次数|张数|数量|份数)(?:不足|不够)|(?:超过|超出)(?:剩余|可用|最大)*(?:次数|张数|数量)|张数(?:不足|超限|有误)`,
  ],
  [
    'busy',
    `${CALLS}(?:次数|频率)?(?:过于|太过|太)频繁|${CALLS}(?:已?被|触发)?限流|${CALLS}(?:频率|次数|并发)数?(?:超限|超出限制|超过限制|过高)`,
  ],
  ['busy', 'too many requests?|rate limit(?: exceeded|ed)?'],
  ['quota', `${CALLS}(?:剩余)?次数已?(?:不足|用完|用尽|耗尽)|(?:账户|账号)?余额不足|套餐.{0,6}用完`],
  [
    'risk',
    `${IT}(?:操作|账号|用户|交易)?(?:已|被|命中|触发|触犯|存在|涉及)*(?:平台|美团)?(?:风控|风险)(?:规则|策略|控制|拦截|限制)*`,
  ],
]);

/** Clauses without a reason: that it failed, the time of use, advice, a quotation of the request. */
const ASIDE = whole([
  ['other', `(?:${USED}|撤销|验券|操作|查询)失败`],
  ['other', `(?:${USED}|验券|撤销)?(?:时间|日期)?${TIME}?|有效期至?${TIME}?`],
  ['other', '请(?!求)您?(?:勿|不要|先|重新)?(?:核对|检查|确认|更换|换|出示|联系|充值|续费|重复(?:使用|核销|验证|消费)).{0,12}'],
  ['other', `(?:无法|不能|不可|无需)(?:再次?|重复)?${USED}`],
]);

/** 稍后重试: comes with any failure, and with an exceeded limit. */
const LATER = /^请?您?(?:稍[后候]|过会儿?|等会儿?)再?重?试?$/;

/** Words of a system that failed, anywhere in a clause: it may not know what became of the request. */
const TROUBLE =
  /(?:系统|网络|服务|接口|平台|通道|[上下]游|数据库|网关|通信|连接|调用|程序).{0,12}(?:繁忙|异常|错误|故障|失败|中断|不可用|不通|维护|升级|无响应|出错)|开小差|稍[后候]|重试|超时|(?:处理|进行|提交|核销|验证|确认|排队|受理)中(?!心)|重复(?:提交|请求)|time[d -]*out|internal|unavailable|connection|reset by|gateway|exception|busy/;

/** The longest text that is read, characters; no reason is longer. */
const LONGEST_READ = 1_000;

/** Gives the meaning of words; `other` where a part of them is unknown. */
export function meaningOf(words: string): Meaning {
  const clauses = clausesOf(words);
  const said = clauses.filter((clause) => !LATER.test(clause) && !first(ASIDE, clause));
  const known = said.map((clause) => first(CLAUSES, clause) ?? (TROUBLE.test(clause) ? 'temporary' : 'other'));
  if (known.includes('temporary')) return 'temporary';
  if (clauses.some((clause) => LATER.test(clause))) return known.length > 0 && known.every(isBusy) ? 'busy' : 'temporary';
  if (known.includes('other')) return 'other';
  return CLAUSES.find(([meaning]) => known.includes(meaning))?.[0] ?? 'other';
}

const isBusy = (meaning: Meaning): boolean => meaning === 'busy';

/** Whether words say that a coupon was not used, and nothing else. */
export function saysUnused(words: string): boolean {
  const said = clausesOf(words).filter((clause) => !first(ASIDE, clause));
  return said.length > 0 && said.every((clause) => UNUSED.test(clause));
}
const UNUSED = new RegExp(`^${IT}(?:(?:还|尚)?未|没有?)(?:被|经)?${USED}(?:过)?$`);

/** Splits words at punctuation, without blanks inside Chinese and without the parameters that some quote at the end. */
function clausesOf(words: string): readonly string[] {
  if (words.length > LONGEST_READ) return [words.slice(0, LONGEST_READ)];
  return words
    .normalize('NFKC')
    .replace(/\p{Cf}+/gu, '')
    .toLowerCase()
    .replace(/[\s:]+\w+=[\x21-\x7e]*$/, '')
    .replace(/\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?(?:[ t]*\d{1,2}:\d{2}(?::\d{2})?)?/g, TIME)
    .replace(/\d{6,}/g, NUMBER)
    .replaceAll('_', ' ')
    .replace(/(?<=[^\x21-\x7e])\s+|\s+(?=[^\x21-\x7e])|(?<=[@#])\s+|\s+(?=[@#])/gu, '')
    .split(/[,，.。;；!！?？:：、|()（）[\]【】<>《》「」“”"'\n-]+/u)
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '');
}

function whole(patterns: readonly (readonly [Meaning, string])[]): readonly (readonly [Meaning, RegExp])[] {
  return patterns.map(([meaning, pattern]) => [meaning, new RegExp(`^(?:${pattern})$`, 'u')]);
}

const first = (patterns: readonly (readonly [Meaning, RegExp])[], clause: string): Meaning | undefined =>
  patterns.find(([, pattern]) => pattern.test(clause))?.[0];
