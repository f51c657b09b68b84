/** The messages that tell a chat what became of a lost answer. They are worded when they are sent: `word-notice.ts`. */
import type { Verification } from '../../services/verification/verification.ts';
import type { Outgoing, VerificationNotice } from '../message.ts';

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
  const undoer = undoRequestId !== undefined && undoBy !== undefined && undoBy !== chat ? undoBy : undefined;
  return [
    replaced,
    { key, chat, reply: line },
    ...(undoer === undefined ? [] : [{ key: `${key}:undoer`, chat: undoer, reply: line }]),
  ];
}

/** A customer cannot decide what the platform left open: the owners get the card with the two buttons, in private. */
export const decisionNotices = (settled: Verification, owners: readonly string[]): readonly Outgoing[] => {
  const news = newsOf(settled);
  return owners.map((chat) => ({
    key: `decide:${news}:${chat}`,
    chat,
    reply: { kind: 'verification', verification: settled.id, as: 'card', news },
  }));
};

/** Whether somebody else than the customer who pressed it has to decide. */
export const needsOwner = ({ state, by }: Verification): boolean => state === 'person' && by?.kind === 'customer';
