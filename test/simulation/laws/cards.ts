/** What stands in the chats must be so. */
import type { SharedDatabase } from '../world/shared-database.ts';
import { type Ended, type Row } from './ended.ts';
import { codeIn } from '../world/chats.ts';

/** Titles by state; a question whether to undo may stand over a verified one. */
const TITLES: Readonly<Record<string, readonly string[]>> = { verified: ['核销成功', '撤销这次核销'], undone: ['已撤销'] };
/** The longest way of a message, ms, and the clocks' difference. */
const LATE_MS = 400_000;
const UNFINISHED = ['处理中', '结果待确认', '撤销中', '撤销结果待确认'];

/** No card says what is not so any more. */
export function cards({ chats, plan }: Ended, rows: readonly Row[]): string[] {
  const broken: string[] = [];
  for (const row of rows) {
    if (row.card === null) continue;
    const on = JSON.parse(row.card) as { chat: string; message: string };
    const last = chats.messages.find((one) => one.chat === on.chat && one.id === on.message)?.versions.at(-1);
    if (last?.title === undefined) continue;
    const says = (titles: readonly string[]): boolean => titles.some((title) => last.title!.startsWith(title));
    const asks = last.buttons.some(({ verb }) => verb === 'undo-yes');
    if (asks && row.state === 'verified') continue;
    const fits = TITLES[row.state] ? says(TITLES[row.state]!) : !says(['核销成功', ...UNFINISHED]);
    if (!fits) broken.push(`card: ${row.code} is ${row.state}, and its card says ${last.title}`);
  }
  // By a clock that was set back, a change is older than it is.
  const late = LATE_MS + plan.troubles.reduce((sum, one) => sum + (one.kind === 'step' ? Math.max(0, -one.ms) : 0), 0);
  // A copy of a card, made because the first was not acknowledged, is known to nobody: it may keep what was so when it was pressed.
  for (const { versions, chat } of chats.messages) {
    const last = versions.at(-1)!;
    const code = last.title?.startsWith('核销成功') ? codeIn(last.text) : undefined;
    const mine = rows.filter((one) => one.code === code);
    const row = mine.toSorted((a, b) => a.changed_at - b.changed_at).at(-1);
    if (row && !mine.some(({ state }) => state === 'verified') && last.at > row.changed_at + late)
      broken.push(`card: ${code} was shown as 核销成功 in ${chat} when it was ${row.state}`);
  }
  return broken;
}

/** How long a message may be on its way from its words to the chat where nothing is slow, ms. */
const WORDED_MS = 2_000;

/** A card that goes out by itself says what is true in that moment, not what was true when it was put into the outbox. */
export function staleWords(shared: SharedDatabase, code: string, now: number): string[] {
  const rows = shared.rows<Pick<Row, 'state' | 'changed_at'>>(
    `select state, changed_at from verification where code = '${code}'`,
  );
  if (rows.some(({ state, changed_at }) => state === 'verified' || changed_at > now - WORDED_MS)) return [];
  return [`stale: a card of ${code} goes out as 核销成功, and it is ${rows.map(({ state }) => state).join()}`];
}
