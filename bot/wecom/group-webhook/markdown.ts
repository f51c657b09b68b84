/** Formats plain lines as `markdown_v2`: a run of a summary's rows becomes a table. */
import { bytesOf, clip, pieces } from '../bytes.ts';

/** Bytes of one message: https://developer.work.weixin.qq.com/document/path/91770 */
export const MESSAGE_LIMIT = 4096;
/** Longest cell of a table: a row is never split. */
const CELL_LIMIT = 600;

/** Matches a summary row of a product or person: name, count, an ideographic space, amount. */
const ROW = /^· (.+) × ([\d,]+)\u3000(\S+)$/;

/** Markup characters and their full-width forms, which stand in since nothing can be escaped. */
const WIDE: Readonly<Record<string, string>> = {
  '*': '＊',
  _: '＿',
  '`': '｀',
  '|': '｜',
  '[': '［',
  ']': '］',
  '<': '＜',
  '>': '＞',
  '#': '＃',
  '~': '～',
  '\\': '＼',
};
const literal = (text: string): string => text.replaceAll(/[*_`|[\]<>#~\\]/g, (mark) => WIDE[mark] ?? mark);

/** Lines that stay together. `head` is repeated above the lines when a block continues in another message. */
interface Block {
  readonly head: readonly string[];
  readonly lines: readonly string[];
}

/**
 * Splits a text into as few messages as hold it. The first of several lines is the title; `columns` are the headings of counts
 * and amounts. A client too old for `markdown_v2` shows the marks, and the text stays legible.
 */
export function markdown(text: string, columns: { readonly count: string; readonly amount: string }): string[] {
  const lines = text.split('\n');
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at]!;
    const rows: string[] = [];
    for (let row = ROW.exec(lines[at + 1] ?? ''); row; row = ROW.exec(lines[at + 1] ?? '')) {
      rows.push(`| ${clip(literal(row[1]!), CELL_LIMIT)} | ${row[2]} | ${literal(row[3]!)} |`);
      at += 1;
    }
    if (rows.length > 0) {
      const head = ['', `| ${clip(literal(line), CELL_LIMIT)} | ${columns.count} | ${columns.amount} |`, '| :-- | --: | --: |'];
      blocks.push({ head, lines: rows });
    } else if (line === '') blocks.push({ head: [], lines: [''] });
    else blocks.push({ head: [], lines: plain(line, blocks.length === 0, lines.length > 1) });
  }
  return pack(blocks);
}

function plain(line: string, first: boolean, several: boolean): string[] {
  const [before, after] = several ? (first ? ['**', '**'] : ['- ', '']) : ['', ''];
  return pieces(literal(line), MESSAGE_LIMIT - 8).map((piece) => `${before}${piece}${after}`);
}

function pack(blocks: readonly Block[]): string[] {
  const messages: string[] = [];
  let message: string[] = [];
  // A line break follows each line but the last, hence one byte more than there are.
  let size = 0;
  const sizeOf = (lines: readonly string[]): number => lines.reduce((sum, line) => sum + bytesOf(line) + 1, 0);
  const add = (lines: readonly string[]): void => {
    message.push(...lines);
    size += sizeOf(lines);
  };
  const close = (): void => {
    const text = message.join('\n').trim();
    if (text !== '') messages.push(text.replaceAll(/\n{3,}/g, '\n\n'));
    message = [];
    size = 0;
  };
  for (const { head, lines } of blocks) {
    let begun = false;
    for (const line of lines) {
      const more = begun ? [line] : [...head, line];
      if (size + sizeOf(more) - 1 > MESSAGE_LIMIT) {
        close();
        add([...head, line]);
      } else add(more);
      begun = true;
    }
  }
  close();
  // WeCom refuses an empty message.
  return messages.length > 0 ? messages : ['…'];
}
