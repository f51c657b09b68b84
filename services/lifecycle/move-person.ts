/** Moves all that is kept by a person's id to another: his rights, what he made, and what he verified. */
import { moveKeys } from '../accounts/api-keys.ts';
import { moveApplication } from '../accounts/applications.ts';
import { moveBindings } from '../accounts/chats.ts';
import { rolesOf } from '../accounts/identities.ts';
import { moveStaff } from '../accounts/members.ts';
import { moveOwnerships } from '../accounts/owners.ts';
import { moveNames, nameIn } from '../accounts/people.ts';
import { moveRulesMadeBy } from '../automation/rules.ts';
import type { Tx } from '../database/database.ts';
import { moveShifts } from '../ledger/shifts.ts';
import { moveVerificationsOf } from '../verification/repository/repository.ts';
import { moveEndpoints } from '../webhooks/endpoints.ts';

/** Facts stay: they name the identity that acted. */
export async function movePerson(tx: Tx, from: string, to: { readonly id: string; readonly name: string }): Promise<void> {
  await moveOwnerships(tx, from, to);
  await moveStaff(tx, from, to);
  await moveNames(tx, from, to.id);
  await moveBindings(tx, from, to.id);
  await moveKeys(tx, from, to.id);
  await moveRulesMadeBy(tx, from, to.id);
  await moveEndpoints(tx, from, to.id);
  await moveApplication(tx, from, to.id);
  await moveShifts(tx, from, to);
  const accounts = new Set((await rolesOf(tx, to.id)).map(({ accountId }) => accountId));
  for (const account of accounts)
    await moveVerificationsOf(tx, account, from, { id: to.id, name: (await nameIn(tx, account, to.id)) ?? to.name });
}
