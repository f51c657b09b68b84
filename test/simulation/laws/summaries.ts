/** Each day's summary is posted once, and right to the fen. */
import type { Trouble } from '../plan.ts';
import { DAYS, OWNERS_CHAT } from '../world/town.ts';
import { REPEAT, type Ended, type Row } from './ended.ts';

const DAY_MS = 24 * 3_600_000;
/** More than any clock is set forward. */
const EARLY_MS = 3_600_000;
/** An acknowledgement after this time may have come when the message was another program's, ms. */
const PROMPT_MS = 15_000;
/** Troubles in which a program may hear that a message arrived and not write it down. */
const FORGETS = (one: Trouble): boolean =>
  ['disk', 'slow-database', 'crash', 'freeze', 'step'].includes(one.kind) || (one.kind === 'mishap' && one.during !== 'message');

/** Each summary is posted once, after its day, and its figures, corrected by the next, are right to the fen. */
export function summaries({ plan, chats, shared }: Ended, rows: readonly Row[]): string[] {
  const broken: string[] = [];
  const stores = shared.rows<{ id: string; name: string }>('select id, name from store order by id');
  const posts = chats.deliveries.filter(({ chat, text }) => chat === OWNERS_CHAT.id && text.includes('日报 ·'));
  for (const { id, name } of stores) {
    const of = (day: string) =>
      posts.flatMap((post) => {
        const about = partOf(name, day, post.text);
        return about === undefined ? [] : [{ ...post, about }];
      });
    for (const day of DAYS) {
      const told = of(day);
      const fresh = told.filter(({ text }) => !text.includes(REPEAT)).length;
      if (fresh !== 1) broken.push(`summary: ${name} ${day} was posted ${fresh} times`);
      const ended = Date.parse(`${day}T00:00:00+08:00`) + DAY_MS;
      if (told.some(({ at }) => at < ended - EARLY_MS)) broken.push(`summary: ${name} ${day} was posted before its end`);
      const heard = told.findIndex(({ at, acknowledgedAt = Infinity }) => acknowledgedAt - at < PROMPT_MS);
      if (heard >= 0 && heard < told.length - 1 && !plan.troubles.some(FORGETS))
        broken.push(`said again: the summary of ${name} ${day}, which had arrived`);
    }
    const [day, next] = DAYS;
    const mine = rows.filter((row) => row.store_id === id && row.business_day === day && row.state === 'verified');
    const right = `${mine.reduce((sum, row) => sum + row.count, 0)} ${mine.reduce((sum, row) => sum + (row.amount ?? 0), 0)}`;
    const said = figuresIn(of(day)[0]?.about ?? '');
    const corrected = correctionIn(of(next)[0]?.about ?? '', day) ?? said;
    if (corrected !== right) broken.push(`summary: ${name} ${day} says ${corrected} and should say ${right}`);
  }
  return broken;
}

/** What a post says of this store: it may tell of it alone, or of several in one. Nothing where it does not. */
function partOf(name: string, day: string, text: string): string | undefined {
  if (text.includes(`日报 · ${name} · ${day}`)) return text;
  if (!new RegExp(`日报 · \\d+ 家门店 · ${day}`).test(text)) return undefined;
  const sums = new RegExp(`^· ${name} × (\\d+)　(\\S+)$`, 'm').exec(text);
  const [, block = ''] = text.split(`\n\n${name}\n`);
  return sums ? `核销 ${sums[1]} 张\n合计 ${sums[2]}\n${block.split('\n\n')[0]}` : undefined;
}

const fen = (yuan: string): number => Math.round(Number(yuan.replaceAll(/[^\d.]/g, '')) * 100);
const figuresIn = (text: string): string => {
  const count = /核销 (\d+) 张/.exec(text)?.[1] ?? '?';
  return `${count} ${fen(/合计 (\S+)/.exec(text)?.[1] ?? '')}`;
};
const correctionIn = (text: string, day: string): string | undefined => {
  const match = new RegExp(`更正 ${day}：核销 (?:\\d+ → )?(\\d+) 张，合计 (?:\\S+ → )?([^，]+)，`).exec(text);
  return match ? `${match[1]} ${fen(match[2]!)}` : undefined;
};
