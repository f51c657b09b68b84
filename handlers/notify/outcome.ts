/** The messages that tell a chat what became of a lost answer. They are worded when they are sent: `word-notice.ts`. */
import type { Verification } from '../../services/verification/verification.ts';
import type { ChatId, Outgoing, VerificationNotice } from '../message.ts';

/** Names the latest news of a verification: another name for every outcome, the same for the same operation and state. */
export const newsOf = ({ undoRequestId, requestId, state, checking }: Verification): string =>
  // A refused undo leads back to a state that may have been told before; an unsure undo is told anew once people have to decide.
  `${undoRequestId ?? requestId}:${state}${state === 'undo-unsure' && !checking ? ':decide' : ''}`;

/**
 * The pressed card is replaced, and a message tells the result too, because an edited card makes no sound. Whoever undid it may
 * have pressed a card elsewhere, which nobody remembers, and is told in private.
 */
export function outcomeNotices(settled: Verification): readonly Outgoing[] {
  const { id: verification, chat, card: on, checking, undoRequestId, undoBy } = settled;
  // A verification that came by no chat has nobody to be told there.
  if (chat === '') return [];
  const news = newsOf(settled);
  const key = `settled:${news}`;
  const notice = { kind: 'verification', verification, news } satisfies Partial<VerificationNotice>;
  if (!on) return checking ? [] : [{ key, chat, reply: { ...notice, as: 'card' } }];
  const replaced: Outgoing = { key: `${key}:card`, chat, reply: { ...notice, as: 'card', on } };
  // Not news yet: the platform is being asked.
  if (checking) return [replaced];
  const line = { ...notice, as: 'line' } as const;
  // A key of the API has no chat.
  const person = undoBy?.includes(':') ? undoBy : undefined;
  const undoer = undoRequestId !== undefined && person !== chat ? person : undefined;
  return [
    replaced,
    { key, chat, reply: line },
    ...(undoer === undefined ? [] : [{ key: `${key}:undoer`, chat: undoer, reply: line }]),
  ];
}

/** Whether the platform cannot tell, and is not asked any more. */
export const waitsForPerson = ({ state, checking }: Verification): boolean =>
  state === 'person' || (state === 'undo-unsure' && !checking);

/** Whether the owners have to decide: it came by no chat, or by a customer's, who may not, or by a rule. */
export const isUndecided = (v: Verification): boolean =>
  (v.chat === '' || v.by?.kind === 'customer' || v.by?.kind === 'rule') && waitsForPerson(v);

/**
 * Tells the owners of a store what a rule verified, with the button to undo it: in their groups, or where there is none in which
 * people write, in private. Once for each verification.
 */
export function ruleNotices(
  { id, by, state }: Verification,
  groups: readonly ChatId[],
  owners: readonly ChatId[],
): readonly Outgoing[] {
  if (by?.kind !== 'rule' || state !== 'verified') return [];
  const people = groups.some((chat) => !chat.startsWith(ONLY_READS)) ? [] : owners;
  return [...groups, ...people].map((chat) => ({
    key: `rule:${id}:${chat}`,
    chat,
    reply: { kind: 'verification', verification: id, as: 'card' },
  }));
}

/** Group webhooks: nobody can press or answer there. */
const ONLY_READS = 'wecom-robot:';

/** Asks the owners of the store, each in private: nobody else would see the question. */
export function decisionNotices(settled: Verification, owners: readonly string[]): readonly Outgoing[] {
  const news = newsOf(settled);
  return owners.map((chat) => ({
    key: `settled:${news}:${chat}`,
    chat,
    reply: { kind: 'verification', verification: settled.id, news, as: 'card' },
  }));
}
