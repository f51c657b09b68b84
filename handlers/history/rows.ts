/** Words the rows of a history page, and the buttons that open their stories. */
import type { Words } from '../../locales/index.ts';
import type { Store } from '../../services/accounts/stores.ts';
import type { Verification } from '../../services/verification/verification.ts';
import { wordRefusal } from '../cards/refusal.ts';
import type { Button } from '../message.ts';
import type { Reading } from './read-rights.ts';

/** Story buttons in one row. */
const ABREAST = 4;

/** Words what became of a verification: 核销成功, or why it was refused. */
export const stateText = (v: Pick<Verification, 'state' | 'refusal'>, store: Pick<Store, 'zone'>, words: Words): string =>
  v.state === 'refused' && v.refusal ? wordRefusal(v.refusal, words, store.zone).title : words.say(`history-${v.state}`);

/** Words one verification: `11-22 18:30 核销成功 畅玩4小时 · 0332808512 · ¥49.00 · 小王`. */
export function rowText(v: Verification, { store, shown }: Reading, words: Words): string {
  const facts = [
    v.coupon.title,
    shown(v.code),
    ...(v.amount === undefined ? [] : [words.money(v.amount)]),
    ...(v.by?.name ? [v.by.name] : []),
    ...(v.place ? [v.place.name] : []),
    ...(v.note === undefined ? [] : [v.note]),
    ...(v.decided ? [words.say('history-decided')] : []),
  ];
  const at = words.moment(v.submittedAt ?? v.openedAt, store.zone).slice(5);
  return `${at} ${stateText(v, store, words)}\n　${facts.join(' · ')}`;
}

/** Makes a button for each row's story, named by the end of its code; by the time too, where two rows have the same end. */
export function storyButtons(rows: readonly Verification[], { zone }: Store, words: Words): Button[][] {
  const ends = rows.map(({ code }) => code.slice(-4));
  const buttons = rows.map((v, n): Button => {
    const tail = words.say('button-story', { tail: ends[n]! });
    const alone = ends.filter((end) => end === ends[n]).length === 1;
    return { verb: 'story', id: v.id, label: alone ? tail : `${tail} ${words.clock(v.submittedAt ?? v.openedAt, zone)}` };
  });
  return Array.from({ length: Math.ceil(buttons.length / ABREAST) }, (_, n) => buttons.slice(n * ABREAST, (n + 1) * ABREAST));
}
