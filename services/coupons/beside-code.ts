/** Reads what people write beside a code: how many uses they want, and a short note such as a table or a name. */

export interface BesideCode {
  /** The uses that are asked for, 1 to 99. */
  readonly uses: number | undefined;
  /** One line of at most 30 characters. */
  readonly note: string | undefined;
}

const NUMERALS = '零一二三四五六七八九十';
const ASKED = '(?:一共|共|要|来|请?(?:核销|核|验|使用|用))?';
const QUANTITY = [
  String.raw`[x×*✕] ?(\d{1,2})(?![\d\p{L}.])`,
  String.raw`${ASKED} ?(\d{1,2}|[一二两三四五六七八九十]) ?[张次份](?:券)?`,
  String.raw`(\d{1,2}) ?(?:uses?|times?|coupons?|vouchers?|tickets?|pcs)(?![a-z])`,
].join('|');
const GAP = String.raw`[\s,，、;；:：.。·()（）-]{0,4}`;
const AT_START = new RegExp(`^${GAP}(?:${QUANTITY})${GAP}`, 'iu');
const AT_END = new RegExp(`${GAP}(?:${QUANTITY})${GAP}$`, 'iu');

/** Words of a request, which are no note; in front of a code they leave it the beginning of the message. */
const REQUEST =
  /谢谢[你您啦了]?|多谢|麻烦[你您了]?|辛苦了?|帮[我忙]|[请核验查][一核验查]?下|核销|核一下|验券|查券|[券劵卷]码|[券劵]号|[请券劵核验查]|please|thanks|thank you|thx|verify|redeem|check|code|coupon/giu;
/** What a platform's message, or a question, says behind a code. */
const NO_NOTE =
  /有效|到期|过期|失效|未用|已用|使用|退款|订单|短信|客服|电话|码|[吗呢吧?？]|能不能|可以|能用|怎么|为什么|多少|什么|\d{5}|(?<!\d)0+ ?[张次份]|https?:|www\.|valid|expire|can (?:i|you)/iu;

const LONGEST_NOTE = 30;
const LONGEST = 80;

const NOTHING: BesideCode = { uses: undefined, note: undefined };

/** Reads the text in front of a code and behind it; both normalised, without other codes and links. */
export function readBeside(before: string, after: string): BesideCode {
  if (before.length > LONGEST || after.length > LONGEST) return NOTHING;
  const [front, inFront] = withoutQuantity(bare(before));
  const [left, behind] = withoutQuantity(bare(after));
  const first = front === '';
  const fits = first && left !== '' && !left.includes('\n') && Array.from(left).length <= LONGEST_NOTE && !NO_NOTE.test(after);
  const uses = behind ?? (first ? inFront : undefined);
  return { uses, note: fits ? left : undefined };
}

/** Takes a quantity off either end. */
function withoutQuantity(text: string): readonly [string, number | undefined] {
  for (const pattern of [AT_START, AT_END]) {
    const match = pattern.exec(text);
    const count = match?.slice(1).find((one) => one !== undefined);
    if (!match || count === undefined) continue;
    const uses = /\d/.test(count) ? Number(count) : count === '两' ? 2 : NUMERALS.indexOf(count);
    if (uses >= 1) return [bare(`${text.slice(0, match.index)} ${text.slice(match.index + match[0].length)}`), uses];
  }
  return [text, undefined];
}

/** A text without words of a request, and without marks at its ends. */
const bare = (text: string): string =>
  text
    .replace(REQUEST, ' ')
    .replace(/ {2,}/g, ' ')
    .replace(/^[^\p{L}\p{N}×✕*]+/u, '')
    .replace(/[^\p{L}\p{N}]+$/u, '');
