/** Moves the rows that refer to a chat to its new id. */
import type { Tx } from '../database/database.ts';
import { moveAutoRules } from '../automation/rules.ts';
import { moveMessages } from '../database/queues/outbox.ts';
import { moveOwnerGroups } from '../ledger/owner-groups.ts';
import { moveApprovals } from '../verification/approvals.ts';
import { moveVerifications } from '../verification/repository/repository.ts';

/** The `follow` of `createChats`. */
export async function followChat(tx: Tx, from: string, to: string): Promise<void> {
  await moveOwnerGroups(tx, from, to);
  await moveVerifications(tx, from, to);
  await moveApprovals(tx, from, to);
  await moveAutoRules(tx, from, to);
  await moveMessages(tx, from, to);
}
