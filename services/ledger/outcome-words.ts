/** The words by which people ask for what became of verifications, such as 已撤销, 待确认, 退款失败 and refused. */
import type { Outcome } from './search.ts';

const VERIFIED: Outcome = { states: ['verified', 'undoing', 'undo-unsure'] };
const because = (reason: NonNullable<Outcome['reason']>): Outcome => ({ states: ['refused'], reason });

/** Each in lower case and simplified characters, with the outcome it stands for. */
const TABLE: readonly (readonly [string, Outcome])[] = [
  ['核销成功, 已核销, 成功, 成功的, verified, success, successful', VERIFIED],
  ['已撤销, 撤销, 撤销的, 撤回, 已撤回, undone', { states: ['undone'] }],
  ['撤销失败, 退款失败, 撤销不了, 没撤成, undo failed, undo refused', { states: VERIFIED.states, undoRefused: true }],
  ['撤销中, 撤销待确认, undoing', { states: ['undoing', 'undo-unsure'] }],
  ['未通过, 失败, 失败的, 核销失败, 没核成, 被拒, 拒绝, refused, failed, failures', { states: ['refused'] }],
  ['待确认, 结果待确认, 处理中, unsure, unconfirmed, not confirmed', { states: ['submitting', 'unsure'] }],
  ['待判断, 待人工判断, to be decided', { states: ['person'] }],
  ['已过期, 过期, 过期的, expired', because('expired')],
  ['已退款, 退款, 退款的, refunded', because('refunded')],
  ['券码不存在, 不存在, unknown code', because('not-found')],
  ['非本店, wrong store', because('wrong-store')],
  ['重复, 重复核销, 用过, 已用过, 已使用, already used', because('used')],
  ['次数不足, 次数不够', because('count')],
  ['授权已过期, 授权过期', because('unauthorised')],
  ['未到时间, 未生效, not yet valid', because('not-yet')],
];

const WORDS: ReadonlyMap<string, Outcome> = new Map(
  TABLE.flatMap(([words, outcome]) => words.split(', ').map((word) => [word, outcome] as const)),
);

/** The outcome that the whole of a text asks for. */
export const readOutcome = (text: string): Outcome | undefined =>
  WORDS.get(text.normalize('NFKC').toLowerCase().replaceAll('銷', '销').replaceAll('過', '过').replaceAll('確認', '确认').trim());
