/** Words beside a number that say what it is: a coupon's code, or another number people send. */

const GAP = String.raw`[\s:=是为#()\[\]【】"'“”「」-]{0,6}$`;
const NUMBER = String.raw`(?:号码|编号|号|id|no\.?|number)`;

/** Matches words before a number that call it a coupon code. 劵 and 卷 are how people mistype 券. */
export const NAMED = new RegExp(
  String.raw`(?:[券劵卷]码|[券劵]号|[券劵]|(?:核销|验证|消费|兑换|团购|优惠|抵用)码|(?:团购|消费|美团|[券劵])密码|核销|核验|验[券劵]|查[券劵]|[核验查]一下|(?<![a-z])(?:code|coupon|voucher))${NUMBER}?${GAP}`,
  'iu',
);

/** Numbers that are no codes, by the words that call them so; each ends in the word itself. A letter before Latin ones makes another word. */
const OTHER_NUMBERS = {
  parcel: '单号|快递|快件|包裹|物流|顺丰|中通|圆通|申通|韵达|极兔|德邦|邮政|菜鸟|取件码?|(?<![a-z])(?:ems|tracking|parcel)',
  order: '订单|外卖|工单|流水号|取餐码?',
  phone: '手机|电话|客服|热线|座机|传真|联系方式|(?<![a-z])(?:phone|mobile|tel|fax|call)',
  chat: '加微信?|微信(?:同?号)?|支付宝|(?<![a-z])(?:qq|wx|vx|wechat|alipay)',
  person: '身份证|护照|驾驶证|工号|学号|考号|准考证|(?:社保|医保)卡?|公积金|(?<![a-z])(?:employee|staff|passport)',
  bank: '银行卡|尾号|储蓄卡|信用卡|收款码?|付款码?',
  device: '设备|序列号|串号|机身号|机顶盒|车架号|(?<![a-z])(?:imei|imsi|meid|iccid|sn|s/n|vin|mac|serial)',
  meter: '[电水气热]表|燃气|煤气|户号|宽带|缴费|(?<![a-z])meter',
  invoice: '发票(?:代码)?|税号|纳税人识别号|信用代码|保单|合同|(?<![a-z])invoice',
  member: '会员卡|积分|(?<![a-z])membership',
  wifi: '(?:wi-?fi|无线|网络|上网|支付|登录|开机|门锁|开门|锁屏)密码|wi-?fi|(?<![a-z])(?:password|pwd)',
  time: '时间戳|(?<![a-z])(?:timestamp|ts|epoch)',
  money: '余额|押金|金额|总额|合计|营业额|(?<![a-z])(?:balance|amount|total)',
  product: '商品条?码|货号|批号|型号|(?<![a-z])(?:ean|upc|isbn|sku)',
} as const;

const OTHER = Object.values(OTHER_NUMBERS).join('|');
/** Words that need 号 or the like behind them; 次卡 and 商品 also stand before codes. */
const OTHER_NO = `(?:订单|运单|快递|门店|店铺|商户|商品|会员|会员卡|卡|账|帐|群|流水|交易|(?<![a-z])order) ?${NUMBER}`;

/** Matches words before a number that call it something else. */
export const CALLED_ELSE = new RegExp(`(?:${OTHER_NO}|${OTHER})(?:/?(?:${OTHER}))?(?: ?${NUMBER}|群)?\\.?${GAP}`, 'iu');

/** Matches words behind a number that call it something else, up to the end of its line: `1234567890 是wifi密码`. */
export const CALLED_ELSE_AFTER = new RegExp(
  String.raw`^ ?(?:\(|(?:这|那)?就?[是为](?:[我你他她咱店里的]{1,4})?)?(?:${OTHER_NO}|(?:${OTHER}){1,2})(?:号码|号|密码)?[)。!.]? *(?:\n|$)`,
  'iu',
);

/** Matches words before a number that could call a code so, or any other number. */
export const CALLED_VAGUELY = new RegExp(
  String.raw`(?:编号|密码|口令|暗号|条形?码|会员|(?<![a-z])(?:id|pin|barcode|order ?#?|member))${GAP}`,
  'iu',
);

/** Matches a line that speaks of a parcel or a meter, wherever its number stands. */
export const SPEAKS_OF_ELSE = /快递|快件|包裹|顺丰|中通|圆通|申通|韵达|极兔|菜鸟|驿站|机顶盒|电表|水表|燃气/;
