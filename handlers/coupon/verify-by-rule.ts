/** Verifies without a press what a rule of the owner's allows: the sender's chat sees 处理中 and then the result, as after one. */
import type { Automation } from '../../services/automation/automation.ts';
import { isSure } from '../../services/coupons/reading.ts';
import type { Desk } from '../../services/verification/desk.ts';
import type { OpenCard, Verification } from '../../services/verification/verification.ts';
import type { CardFor } from '../cards/customer-card.ts';
import type { Asker } from '../handler.ts';
import type { Reply } from '../message.ts';
import { customerOf, mayVerify, principalOf, type Rights } from '../rights.ts';
import { queueNotice, queueNoticeFor } from './queue-notice.ts';

/** Begins what this card shows; undefined, and nothing happened, where no rule does: then the card is shown with its buttons. */
export type VerifyByRule = (card: OpenCard, asker: Asker, event?: string) => Promise<AsyncIterable<Reply> | undefined>;

export function createVerifyByRule(parts: {
  desk: Desk;
  rights: Rights;
  automation: Pick<Automation, 'anyOn'>;
  cardFor: CardFor;
}): VerifyByRule {
  const { desk, rights, automation, cardFor } = parts;
  return async (card, asker, event) => {
    const { person, words, chat } = asker;
    if (!isSure(card.reading) || person.anonymous || !(await automation.anyOn(card.storeId))) return undefined;
    // The right is checked now, as at a press: the lookup took its time.
    const at = await rights.at(card.storeId, asker);
    const customer = at?.role === 'customer' && at.place?.id === card.place?.id;
    if (!at || !(customer || mayVerify(at.role))) return undefined;
    const line = await queueNoticeFor(desk, at.store, 'verify', words, card.listingId);
    if (line.tooLong) return undefined;
    const sender = customer ? customerOf(person) : ({ ...principalOf(person), kind: 'person' } as const);
    const begun = await desk.beginByRule(card.id, sender, at.role === 'owner', event);
    if (begun.kind !== 'begun') return undefined;
    const { verification } = begun;
    const shown = { tag: verification.id, shows: { verification: verification.id } };
    return (async function* replies(): AsyncIterable<Reply> {
      yield { kind: 'card', card: queueNotice(await cardFor(chat.id, [verification], at.store, words), line), ...shown };
      const ended = await desk.batchOf(await desk.submit(verification));
      yield { kind: 'replace', card: await cardFor(chat.id, ended, at.store, words), ...shown };
    })();
  };
}

/** Whether a rule verified it for the message of this very event. */
export const tookByRule = (v: Verification, event: string | undefined): boolean => event !== undefined && v.event === event;
