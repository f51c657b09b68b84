/** Moves what points at a chat along with it, when the chat lives on under another id. */
import type { Tx } from '../database/database.ts';
import { moveMessages } from '../database/outbox.ts';
import { moveOwnerGroups } from '../ledger/owner-groups.ts';
import { moveVerifications } from '../verification/repository.ts';

/** `ChatsParts.follow`: in the transaction of the move itself. */
export async function followChat(tx: Tx, from: string, to: string): Promise<void> {
  await moveOwnerGroups(tx, from, to);
  await moveVerifications(tx, from, to);
  await moveMessages(tx, from, to);
}
