/** Shows what a merchant's system answered on the coupon's card. */
import type { Verification } from '../../services/verification/verification.ts';
import type { Outgoing } from '../message.ts';

/** The card of a use, with the answer of the merchant's system on it; nothing for one that came by no chat. */
export function messageNotices(v: Verification): readonly Outgoing[] {
  const { id: verification, chat, card: on, by } = v;
  // The card of a rule's may be on its way to the chat.
  if (chat === '' || (on === undefined && by?.kind !== 'rule')) return [];
  const reply = { kind: 'verification', verification, as: 'card', ...(on && { on }), silent: true } as const;
  return [{ key: `message:${verification}`, chat, reply }];
}
