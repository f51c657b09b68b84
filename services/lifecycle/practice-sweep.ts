/** Deletes practice accounts unused for a month, with everything that belongs to them. Anybody can create one. */
import { SIMULATED } from '../platforms/names.ts';
import { deleteAlertSettings } from '../alerts/alert-settings.ts';
import { deleteAlerts } from '../alerts/alerts.ts';
import { deleteWatched } from '../alerts/watch-uses.ts';
import { deleteKeys } from '../accounts/api-keys.ts';
import { deleteAccount } from '../accounts/accounts.ts';
import { forgetChats } from '../accounts/chats.ts';
import { deleteStaff } from '../accounts/members.ts';
import { deleteNames } from '../accounts/people.ts';
import { deleteOwners } from '../accounts/owners.ts';
import { deleteStores } from '../accounts/stores.ts';
import type { Db, Tx } from '../database/database.ts';
import type { FactChain } from '../facts/fact-chain.ts';
import { deleteDayTotals } from '../ledger/day-totals.ts';
import { deleteReports } from '../ledger/owner-groups.ts';
import { deletePlatformDays } from '../silence/platform-days.ts';
import { deleteUnconfirmed } from '../silence/unconfirmed.ts';
import { deleteAutoRules } from '../automation/rules.ts';
import { deletePlaces } from '../self-service/places.ts';
import { deleteRules } from '../self-service/rules.ts';
import { deleteWebhooks } from '../webhooks/endpoints.ts';
import { deleteVerifications } from '../verification/repository/repository.ts';

/** Since the last look-up, verification or binding. The practice page forgets its visitors after seven days. */
const UNUSED_MS = 30 * 24 * 3_600_000;
/** Accounts of one run, a job every ten minutes; few, so that other writes do not wait. */
const A_RUN = 50;

/** Returns their number. A practice store with a real account beside it, and the other way round, counts as real. */
export async function sweepPractice(db: Db, now: number, facts: Pick<FactChain, 'forget'>): Promise<number> {
  const unused = await findUnused(db, now - UNUSED_MS)
    .limit(A_RUN)
    .execute();
  for (const { id } of unused)
    await db.transaction().execute(async (tx) => {
      // It may have been used since.
      const still = await findUnused(tx, now - UNUSED_MS)
        .where('account.id', '=', id)
        .executeTakeFirst();
      if (still) await remove(tx, facts, id);
    });
  return unused.length;
}

const findUnused = (db: Db, since: number) =>
  db
    .selectFrom('account')
    .select('account.id')
    .where('account.platform', '=', SIMULATED)
    .where('account.created_at', '<', since)
    .where((e) =>
      e.not(
        e.exists(
          e
            .selectFrom('listing')
            .innerJoin('store as listed', 'listed.id', 'listing.store_id')
            .select('listing.id')
            .where((or) =>
              or.or([or('listing.account_id', '=', or.ref('account.id')), or('listed.account_id', '=', or.ref('account.id'))]),
            ),
        ),
      ),
    )
    .where((e) =>
      e.not(
        e.exists(
          e
            .selectFrom('store')
            .select('store.id')
            .whereRef('store.account_id', '=', 'account.id')
            .where((or) =>
              or.or([
                or('store.created_at', '>=', since),
                or('store.last_success_at', '>=', since),
                or.exists(
                  or
                    .selectFrom('chat')
                    .select('chat.id')
                    .whereRef('chat.store_id', '=', 'store.id')
                    .where('chat.updated_at', '>=', since),
                ),
                or.exists(
                  or
                    .selectFrom('verification')
                    .select('verification.id')
                    .whereRef('verification.store_id', '=', 'store.id')
                    .where('verification.business_day', 'is not', null)
                    .where('verification.changed_at', '>=', since),
                ),
              ]),
            ),
        ),
      ),
    );

async function remove(tx: Tx, facts: Pick<FactChain, 'forget'>, account: string): Promise<void> {
  await forgetChats(tx, account);
  await facts.forget(tx, account);
  await deleteVerifications(tx, account);
  await deleteDayTotals(tx, account);
  await deleteReports(tx, account);
  await deleteUnconfirmed(tx, account);
  await deletePlatformDays(tx, account);
  await deletePlaces(tx, account);
  await deleteAutoRules(tx, account);
  await deleteRules(tx, account);
  await deleteWebhooks(tx, account);
  await deleteAlerts(tx, account);
  await deleteAlertSettings(tx, account);
  await deleteWatched(tx, account);
  await deleteStaff(tx, account);
  await deleteKeys(tx, account);
  await deleteStores(tx, account);
  await deleteNames(tx, account);
  await deleteOwners(tx, account);
  await deleteAccount(tx, account);
}
