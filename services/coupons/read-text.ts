/** Finds coupon codes in messages of people. Linear in the length of the text. */
import { doubtAbout, isIdentityNumber, type Doubt } from './look-alikes.ts';
import { LINK, readLink } from './read-link.ts';

/** Lengths of real codes: Meituan and Dianping 10, 11, 12, 13; Douyin 12, 15; Allinpay 14, 18. */
export const LENGTHS: ReadonlySet<number> = new Set([10, 11, 12, 13, 14, 15, 18]);
const SHORTEST = 10;
const LONGEST = 18;

export interface CodesInText {
  /** Without repeats, those in links first, else in order of appearance; digits only, leading zeros kept. */
  readonly codes: readonly string[];
  /** Numbers of a code's length that may be something else: confirm them before a lookup. Disjoint from `codes`. */
  readonly doubtful: readonly { readonly code: string; readonly why: Doubt }[];
  /** The digits of a message of nothing but digits and blanks, where no code has that length. */
  readonly odd: string | undefined;
  /** The message holds codes or doubtful numbers, and no other word or number. */
  readonly bare: boolean;
  /** The first Douyin link, as sent: only Douyin can tell the coupon behind it. */
  readonly douyin: string | undefined;
  /** The message holds a link of any kind. */
  readonly linked: boolean;
}

/** A number as written: its groups of digits and its position. */
interface Written {
  readonly groups: readonly string[];
  readonly at: number;
  readonly end: number;
}

/** Reads any text and never throws. */
export function readCodes(text: string): CodesInText {
  const codes = new Set<string>();
  const doubts = new Map<string, Doubt>();
  const keep = (groups: readonly string[], named: boolean, linked = false): void => {
    const digits = groups.join('');
    const doubt = doubtAbout(digits, groups) ?? (linked ? 'link' : undefined);
    if (doubt === 'hidden' || (doubt && !named)) doubts.set(digits, doubt);
    else codes.add(digits);
  };

  const plain = normalise(text);
  let shared: string | undefined;
  let linked = false;
  const prose = plain.replace(LINK, (address) => {
    const { douyin, digits, named } = readLink(address);
    linked = true;
    if (douyin) shared ??= address;
    if (digits && LENGTHS.has(digits.length) && !isIdentityNumber(digits)) keep([digits], named, true);
    return '。';
  });

  let bare = true;
  let end = 0;
  for (const number of codesIn(prose)) {
    keep(number.groups, number.named);
    bare &&= !WORD.test(prose.slice(end, number.at));
    end = number.end;
  }
  for (const code of codes) doubts.delete(code);
  const found = codes.size + doubts.size > 0;
  return {
    codes: [...codes],
    doubtful: [...doubts].map(([code, why]) => ({ code, why })),
    odd: !found && /^\s*\d[\d\s]*$/.test(plain) ? plain.replace(/\s/g, '') : undefined,
    bare: found && bare && !WORD.test(prose.slice(end)),
    douyin: shared,
    linked,
  };
}

const WORD = /[\p{L}\p{N}]/u;

/** Characters that NFKC turns into digits and separators. NFKC of all text is unbounded: one character can become eighteen. */
const WIDE = /[\uFE50-\uFE6F\uFF00-\uFFEF\u{1D7CE}-\u{1D7FF}\u{1FBF0}-\u{1FBF9}]+/gu;

/**
 * Normalises spelling: half-width digits, `-` for dashes, `.` for dots, one kind of blank and of line end, no invisible
 * characters. List numbers (`2.`) become `。`, lest they be read as part of a code; `①` is no digit here.
 */
function normalise(text: string): string {
  return text
    .replace(WIDE, (characters) => characters.normalize('NFKC'))
    .replace(/[\r\v\f\u0085\u2028\u2029]/g, '\n')
    .replace(/[\t\p{Zs}\u2800]/gu, ' ')
    .replace(/[\p{Cf}\p{Variation_Selector}\u034F]|(?!\n)\p{Cc}/gu, '')
    .replace(/[\p{Pd}\u2212]/gu, '-')
    .replace(/[·•‧∙⋅・]/g, '.')
    .replace(/^ *1?\d\. ?(?=\d{4})/gm, '。');
}

/** Yields the numbers that are codes or look like one. */
function* codesIn(prose: string): Generator<Written & { readonly named: boolean }> {
  const wordless = wordlessLines(prose);
  for (const number of numbersIn(prose)) {
    const before = prose.slice(Math.max(0, number.at - 24), number.at);
    const after = prose.slice(number.end, number.end + 4);
    const named = NAMED.test(before);
    if (CALLED_ELSE.test(before) || PART_BEFORE.test(before) || PART_AFTER.test(after)) continue;
    const code = number.groups.length === 1 ? number : joined(number, after, named || wordless(number.at));
    if (code && !isIdentityNumber(code.groups.join(''))) yield { ...code, named };
  }
}

/** Answers whether the line around a position has no letters; positions must ascend. */
function wordlessLines(prose: string): (at: number) => boolean {
  let line = { end: -1, wordless: true };
  return (at) => {
    if (at > line.end) {
      const end = prose.indexOf('\n', at);
      const text = prose.slice(prose.lastIndexOf('\n', at) + 1, end < 0 ? undefined : end);
      line = { end: end < 0 ? prose.length : end, wordless: !/\p{L}/u.test(text) };
    }
    return line.wordless;
  };
}

/** Yields runs of digits on one line, split at blanks where other separators bind closer: `8-12 1234` is `8-12` and `1234`. */
function* numbersIn(prose: string): Generator<Written> {
  for (const run of prose.matchAll(/\d+(?:[ .-]\d+)*/g)) {
    let at = run.index;
    for (const piece of /[.-]/.test(run[0]) ? run[0].split(' ') : [run[0]]) {
      if (piece.length >= SHORTEST) yield* numbersOf(piece, at);
      at += piece.length + 1;
    }
  }
}

/** Splits a piece into numbers: ten digits or more are one, shorter groups with one kind of separator belong together. */
function* numbersOf(piece: string, start: number): Generator<Written> {
  if (piece.length > 2 * LONGEST && !/\d{10}/.test(piece)) return;
  const groups = piece.split(/[ .-]/);
  const long = groups.filter((group) => group.length >= SHORTEST);
  if (long.length === 0) {
    const digits = piece.length - groups.length + 1;
    if (digits >= SHORTEST && groups.length <= LONGEST) yield { groups, at: start, end: start + piece.length };
    return;
  }
  // 31.2304160000 is a measure, not a code.
  if (piece.includes('.') && long.length < groups.length) return;
  let at = start;
  for (const group of groups) {
    if (LENGTHS.has(group.length)) yield { groups: [group], at, end: at + group.length };
    at += group.length + 1;
  }
}

const GAP = String.raw`[\s:=是为#()\[\]【】"'“”「」-]{0,6}$`;
const NUMBER = String.raw`(?:号码|编号|号|id|no\.?|number)`;
/** Matches words before a number that call it a coupon code. */
export const NAMED = new RegExp(
  String.raw`(?:券码|券号|券|(?:核销|验证|消费|兑换|团购|优惠|抵用)码|团购密码|核销|核验|验券|查券|[核验查]一下|(?<![a-z])(?:code|coupon|voucher))${NUMBER}?${GAP}`,
  'iu',
);
/** Matches words before a number that call it something else. */
export const CALLED_ELSE = new RegExp(
  String.raw`(?:单号|手机|电话|热线|座机|加微信?|微信号|(?<![a-z])(?:qq|wx|vx|wechat|phone|mobile|tel)|身份证|银行卡|尾号|(?:订单|运单|快递|门店|店铺|商户|商品|会员|会员卡|卡|账|帐|群|流水|交易|(?<![a-z])order) ?${NUMBER})(?:号码|号|群)?\.?${GAP}`,
  'iu',
);
/** Matches around a number that is part of a word, an address, a price or a masked number. A count may follow a code: `x2`, `*2`. */
const PART_BEFORE = /[A-Za-z_@]$|[A-Za-z]\/$|[¥$€£] ?$|\d\*{2,}$/;
const PART_AFTER = /^(?:(?![xX]\d{1,2}(?!\d))[A-Za-z_@]|\*{2,}\d| ?[元块万亿%])/;

/**
 * Joins the groups of a code as the apps print it (4-4-2, 4-4-4, 4-3-4 …); any even groups where it is called a code or its
 * line has no letters. A table or list number of one or two digits in front is dropped.
 */
function joined(number: Written, after: string, free: boolean): Written | undefined {
  if (/^(?::\d|[年月日号点时折张份人桌位岁分天个])/.test(after)) return undefined;
  if (isPrinted(number.groups, free)) return number;
  const [first = '', ...rest] = number.groups;
  if (first.length > 2 || rest.length < 2 || !isPrinted(rest, free)) return undefined;
  return { groups: rest, at: number.at + first.length + 1, end: number.end };
}

function isPrinted(groups: readonly string[], free: boolean): boolean {
  const lengths = groups.map((group) => group.length);
  if (!LENGTHS.has(lengths.reduce((sum, length) => sum + length, 0))) return false;
  if (['4,3,4', '3,4,4'].includes(String(lengths))) return true;
  const last = lengths.pop() ?? 0;
  const even = (size: number): boolean => lengths.every((length) => length === size);
  if (lengths.length > 1 && even(4) && last <= 4) return true;
  if (!free) return false;
  const size = lengths[0] ?? 0;
  if (lengths.length === 1) return size >= 4 && last >= 4;
  return even(size) && (size >= 3 ? last <= size + 1 : size === 1 && last === 1);
}
