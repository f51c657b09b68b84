/** Reads what a posted summary says, as an owner would: its figures are in the words and nowhere else. */
import { REPEAT } from '../../laws/ended.ts';
import type { Sums } from './reckon.ts';

/** A correction of an earlier day: how it stood, and how it stands. */
export interface Corrected {
  readonly day: string;
  readonly told: Line;
  readonly now: Line;
}

/** What a correction says of a day; of undone uses only how many. */
type Line = Pick<Sums, 'count' | 'total' | 'undone' | 'unsure' | 'refused'>;

export interface Post {
  /** What names it within its chat: `日报 一号店 2026-11-22`, `周报 一号店 2026-11-16 ~ 2026-11-22`. */
  readonly about: string;
  readonly repeat: boolean;
  /** Without `unpriced` where several stores are told in one message. */
  readonly sums: Omit<Sums, 'unpriced'> & { readonly unpriced: number | undefined };
  readonly corrections: readonly Corrected[];
  /** Of a week or a month: the change since the one before. */
  readonly than: { readonly count: number; readonly total: number } | undefined;
}

const fen = (yuan: string): number => Math.round(Number(yuan.replaceAll(/[^\d.]/g, '')) * 100);
const numberIn = (pattern: RegExp, text: string): number => Number(pattern.exec(text)?.[1] ?? Number.NaN);

/** 撤销 1 张（¥1.00） · 待确认 0 张 · 未通过 0 次 */
function besideIn(text: string): Pick<Sums, 'undone' | 'undoneTotal' | 'unsure' | 'refused'> | undefined {
  const found = /^撤销 (\d+) 张(?:（(\S+)）)? · 待确认 (\d+) 张 · 未通过 (\d+) 次/m.exec(text);
  if (!found) return undefined;
  const [, undone, undoneTotal, unsure, refused] = found;
  return {
    undone: Number(undone),
    undoneTotal: undoneTotal === undefined ? 0 : fen(undoneTotal),
    unsure: Number(unsure),
    refused: Number(refused),
  };
}
const NOTHING = { undone: 0, undoneTotal: 0, unsure: 0, refused: 0 };

const headIn = (text: string): Post['sums'] => ({
  count: numberIn(/^核销 (\d+) 张$/m, text),
  total: fen(/^合计 (\S+)$/m.exec(text)?.[1] ?? 'NaN'),
  unpriced: Number(/^其中 (\d+) 张金额未知/m.exec(text)?.[1] ?? 0),
  ...(besideIn(text) ?? { ...NOTHING, unsure: Number.NaN }),
});

const CHANGE = '(?:(\\S+) → )?([^\\s，]+)';
const CORRECTION = new RegExp(
  `^更正 (\\S+)：核销 ${CHANGE} 张，合计 ${CHANGE}，撤销 ${CHANGE} 张，待确认 ${CHANGE} 张，未通过 ${CHANGE} 次$`,
  'gm',
);
function correctionsIn(text: string): readonly Corrected[] {
  return [...text.matchAll(CORRECTION)].map((match) => {
    const [day = '', ...parts] = match.slice(1) as (string | undefined)[];
    const line = (side: 0 | 1): Line => {
      const said = (n: number): string => parts[2 * n + side] ?? parts[2 * n + 1] ?? '';
      const [count, total, undone, unsure, refused] = [0, 1, 2, 3, 4].map(said) as [string, string, string, string, string];
      return {
        count: Number(count),
        total: fen(total),
        undone: Number(undone),
        unsure: Number(unsure),
        refused: Number(refused),
      };
    };
    return { day, told: line(0), now: line(1) };
  });
}

/** Whether the head of a message about several stores is the sum of them. */
const isSum = (head: Post['sums'], posts: readonly Post[]): boolean =>
  (['count', 'total', 'undone', 'undoneTotal', 'unsure', 'refused'] as const).every(
    (name) => head[name] === posts.reduce((sum, { sums }) => sum + sums[name], 0),
  );

/** Empty for a message that is no summary. Throws where the head of one about several stores is not their sum. */
export function readPost(text: string): readonly Post[] {
  const repeat = text.includes(REPEAT);
  const of = { repeat, corrections: [], than: undefined };
  const period = /^(周报|月报) · (\S+ ~ \S+) · (\S+)$/m.exec(text);
  if (period) {
    const than = /^比上.{1,2} ([+−]\d+) 张 ([+−])(\S+)$/m.exec(text.replaceAll('个月', '月'));
    const count = Number(than?.[1]?.replace('−', '-') ?? Number.NaN);
    const total = (than?.[2] === '−' ? -1 : 1) * fen(than?.[3] ?? 'NaN');
    return [{ ...of, about: `${period[1]} ${period[3]} ${period[2]}`, sums: headIn(text), than: { count, total } }];
  }
  const [, names = '', day = ''] = /^日报 · (.+) · (\S+)$/m.exec(text) ?? [];
  if (day === '') return [];
  if (!/^\d+ 家门店$/.test(names))
    return [{ ...of, about: `日报 ${names} ${day}`, sums: headIn(text), corrections: correctionsIn(text) }];
  const [head = '', byStore = '', ...blocks] = text.split('\n\n');
  const posts = [...byStore.matchAll(/^· (\S+) × (\d+)　(\S+)$/gm)].map(([, store = '', count, total = '']): Post => {
    const own = blocks.find((block) => block.startsWith(`${store}\n`)) ?? '';
    const sums = { count: Number(count), total: fen(total), unpriced: undefined, ...(besideIn(own) ?? NOTHING) };
    return { ...of, about: `日报 ${store} ${day}`, sums, corrections: correctionsIn(own) };
  });
  if (!isSum(headIn(head), posts)) throw new Error(`${names} ${day} is no sum of its stores: ${text}`);
  return posts;
}
