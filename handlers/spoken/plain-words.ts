/** Normalises what people say before it is compared: width, case, traditional characters, punctuation, words of politeness. */

/** Traditional characters of the phrases, each before its simplified one. */
const TRADITIONAL = new Map(
  (
    '幫帮綁绑開开語语說说謝谢請请麼么樣样個个們们這这還还對对會会話话門门員员狀状態态據据顧顾號号碼码錄录紀记記记銷销報报營营業业額额賬账' +
    '帳账單单筆笔結结匯汇總总進进賺赚錢钱賣卖貨货產产團团購购歷历細细驗验證证權权賸剩餘余數数統统計计經经設设訂订閱阅啟启給给發发來来換换' +
    '選选擇择當当現现裡里裏里誰谁讓让點点嗎吗煩烦勞劳駕驾問问導导覽览課课週周禮礼後后從从與与為为無无見见觀观顯显詢询張张條条錯错剛刚連连' +
    '線线聽听價价綠绿維维範范備备訊讯釋释鈔钞變变動动刪删'
  )
    .match(/../gu)!
    .map(([from = '', to = '']) => [from, to] as const),
);

/** Punctuation, marks and blanks at either end. */
const ENDS = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu;

/** Gives a short text in half width, lower case and simplified characters, with single blanks and bare ends. */
export const plainWords = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll('’', "'")
    .replace(/[^\p{ASCII}]/gu, (character) => TRADITIONAL.get(character) ?? character)
    .replace(/\s+/g, ' ')
    .replace(ENDS, '');

export interface Around {
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** Most words that are taken off one end. */
const MOST = 6;

/**
 * Makes a function that takes words off both ends and gives everything that may be left: the whole text first, the barest last.
 * A Latin word ends at a blank or a mark: `hi` is not in `history`.
 */
export function without({ before, after }: Around): (said: string) => readonly string[] {
  const start = new RegExp(`^(?:${alternatives(before, '$1(?![a-z0-9])')})[^\\p{L}\\p{N}]*`, 'u');
  const end = new RegExp(`[^\\p{L}\\p{N}]*(?:${alternatives(after, '(?<![a-z0-9])$1')})$`, 'u');
  return (said) => chain(said, start).flatMap((left) => chain(left, end));
}

/** The text, and what is left after each match is taken off. */
function chain(said: string, pattern: RegExp): string[] {
  const left = [said];
  for (let n = 0; n < MOST; n += 1) {
    const next = left.at(-1)!.replace(pattern, '');
    if (next === left.at(-1)) break;
    left.push(next);
  }
  return left;
}

/** The longest word comes first, so that no shorter one leaves a part of it. */
const alternatives = (words: readonly string[], latin: string): string =>
  words
    .toSorted((a, b) => b.length - a.length)
    .map((word) => (/^[a-z][a-z' ]*$/.test(word) ? latin.replace('$1', word) : word))
    .join('|');
