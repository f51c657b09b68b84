/** The endpoints of a store's webhooks: addresses of merchants' own systems, with the secrets that sign what is sent there. */
import { createAccountFacts, type AccountFacts } from '../accounts/account-facts.ts';
import { storesOf } from '../accounts/stores.ts';
import { deleteAlertsOf } from '../alerts/alerts.ts';
import type { Db, Tx } from '../database/database.ts';
import { PLACES, type Place, type Seal } from '../database/seal.ts';
import type { WebhookEndpointTable } from '../database/schema/tables.ts';
import type { By } from '../facts/by.ts';
import { deleteDeliveries } from './deliveries.ts';
import { beginStream, deleteEvents } from './events.ts';

/** Most endpoints of one store. */
export const MOST_ENDPOINTS = 5;
/** After a rotation the former secret signs as well for so long, ms. */
export const FORMER_MS = 24 * 3_600_000;

export interface Endpoint {
  readonly id: string;
  readonly storeId: string;
  readonly url: URL;
  /** The id of the person who made it. */
  readonly madeBy: string;
  readonly since: number;
  /** Nothing is sent since then. */
  readonly disabledAt: number | undefined;
}

/** Why no endpoint was added. */
export type NotAdded = 'too-many' | 'there';

export interface Endpoints {
  /** All of a store, the oldest first. */
  of(storeId: string): Promise<readonly Endpoint[]>;
  get(id: string): Promise<Endpoint | undefined>;
  /** Adds one and makes its secret, which is told here only. Events of before are not told to it. */
  add(storeId: string, url: URL, by: By): Promise<{ readonly endpoint: Endpoint; readonly secret: string } | NotAdded>;
  /** Makes a new secret; both are valid for a day. Undefined where it is gone. */
  rotate(id: string, by: By): Promise<string | undefined>;
  /** Turns it on or off, and tells of it in the same transaction. False where nothing changed. */
  turn(id: string, on: boolean, by: By, tell?: (tx: Tx) => Promise<void>): Promise<boolean>;
  remove(id: string, by: By): Promise<boolean>;
  /** The secrets that sign now, the newest first. */
  secrets(id: string): Promise<readonly string[]>;
}

export interface EndpointsParts {
  readonly db: Db;
  readonly seal: Seal;
  readonly now: () => number;
  readonly newId: () => string;
  readonly random: (bytes: number) => Buffer;
}

export function createEndpoints({ db, seal, now, newId, random }: EndpointsParts): Endpoints {
  const facts = createAccountFacts({ db, now });
  /** 32 random bytes, as the Standard Webhooks specification wants them written (24 to 64 bytes). */
  const newSecret = (): string => `whsec_${random(32).toString('base64')}`;
  const read = (row: WebhookEndpointTable): Endpoint => ({
    id: row.id,
    storeId: row.store_id,
    url: new URL(seal.open(row.url, PLACES.webhookUrl(row.id))),
    madeBy: row.made_by,
    since: row.since,
    disabledAt: row.disabled_at ?? undefined,
  });
  const rowsOf = (on: Db | Tx, storeId: string) =>
    on.selectFrom('webhook_endpoint').selectAll().where('store_id', '=', storeId).orderBy('since').orderBy('id').execute();
  const row = (on: Db | Tx, id: string) => on.selectFrom('webhook_endpoint').selectAll().where('id', '=', id).executeTakeFirst();

  return {
    of: async (storeId) => (await rowsOf(db, storeId)).map(read),
    async get(id) {
      const found = await row(db, id);
      return found && read(found);
    },
    add: (storeId, url, by) =>
      db.transaction().execute(async (tx) => {
        await beginStream(tx, storeId);
        const there = (await rowsOf(tx, storeId)).map(read);
        if (there.some((one) => one.url.href === url.href)) return 'there';
        if (there.length >= MOST_ENDPOINTS) return 'too-many';
        const secret = newSecret();
        const id = newId();
        const made: WebhookEndpointTable = {
          id,
          store_id: storeId,
          url: seal.seal(url.href, PLACES.webhookUrl(id)),
          secret: seal.seal(secret, PLACES.webhookSecret(id)),
          former_secret: null,
          former_until: null,
          made_by: by.id,
          since: now(),
          disabled_at: null,
        };
        await tx.insertInto('webhook_endpoint').values(made).execute();
        await facts.recordAt(tx, storeId, { kind: 'webhook.added', subject: made.id, by, detail: { host: url.host } });
        return { endpoint: read(made), secret };
      }),
    rotate: (id, by) =>
      db.transaction().execute(async (tx) => {
        const secret = newSecret();
        // One statement: of two at once the second makes the first one's secret the former.
        const before = await tx
          .updateTable('webhook_endpoint')
          .set((e) => ({
            secret: seal.seal(secret, PLACES.webhookSecret(id)),
            former_secret: e.ref('secret'),
            former_until: now() + FORMER_MS,
          }))
          .where('id', '=', id)
          .returning('store_id')
          .executeTakeFirst();
        if (!before) return undefined;
        await facts.recordAt(tx, before.store_id, { kind: 'webhook.rotated', subject: id, by });
        return secret;
      }),
    turn: (id, on, by, tell) =>
      db.transaction().execute(async (tx) => {
        const changed = await tx
          .updateTable('webhook_endpoint')
          .set({ disabled_at: on ? null : now() })
          .where('id', '=', id)
          .where('disabled_at', on ? 'is not' : 'is', null)
          .returning('store_id')
          .executeTakeFirst();
        if (!changed) return false;
        await facts.recordAt(tx, changed.store_id, { kind: on ? 'webhook.on' : 'webhook.off', subject: id, by });
        if (on) await deleteAlertsOf(tx, 'endpoint', [id]);
        await tell?.(tx);
        return true;
      }),
    remove: (id, by) =>
      db.transaction().execute(async (tx) => {
        const [gone] = await removeEndpoints(tx, [id]);
        if (gone) await facts.recordAt(tx, gone.store_id, { kind: 'webhook.removed', subject: id, by });
        return gone !== undefined;
      }),
    async secrets(id) {
      const found = await row(db, id);
      if (!found) return [];
      const former = found.former_secret !== null && now() < (found.former_until ?? 0) ? [found.former_secret] : [];
      return [found.secret, ...former].map((sealed) => seal.open(sealed, PLACES.webhookSecret(id)));
    },
  };
}

async function removeEndpoints(tx: Tx, ids: readonly string[]): Promise<readonly Pick<WebhookEndpointTable, 'store_id'>[]> {
  if (ids.length === 0) return [];
  await deleteDeliveries(tx, ids);
  await deleteAlertsOf(tx, 'endpoint', ids);
  return await tx.deleteFrom('webhook_endpoint').where('id', 'in', ids).returning('store_id').execute();
}

/** Removes the endpoints that this person made for the account's stores. */
export async function removeEndpointsMadeBy(
  tx: Tx,
  facts: AccountFacts,
  { accountId, person, by }: { accountId: string; person: string; by: By },
): Promise<void> {
  const theirs = await tx
    .selectFrom('webhook_endpoint')
    .select('id')
    .where('store_id', 'in', storesOf(tx, accountId))
    .where('made_by', '=', person)
    .execute();
  const ids = theirs.map(({ id }) => id);
  await removeEndpoints(tx, ids);
  for (const subject of ids) await facts.record(tx, accountId, { kind: 'webhook.removed', subject, by });
}

/** Makes the endpoints that somebody made another's. */
export async function moveEndpoints(tx: Tx, from: string, to: string): Promise<void> {
  await tx.updateTable('webhook_endpoint').set({ made_by: to }).where('made_by', '=', from).execute();
}

/** Writes other sealed text of all addresses and secrets, as `reseal` gives it: the key has changed. */
export async function resealEndpoints(tx: Tx, reseal: (sealed: string, place: Place) => string): Promise<void> {
  const rows = await tx.selectFrom('webhook_endpoint').select(['id', 'url', 'secret', 'former_secret']).execute();
  for (const { id, url, secret, former_secret: former } of rows)
    await tx
      .updateTable('webhook_endpoint')
      .set({
        url: reseal(url, PLACES.webhookUrl(id)),
        secret: reseal(secret, PLACES.webhookSecret(id)),
        former_secret: former === null ? null : reseal(former, PLACES.webhookSecret(id)),
      })
      .where('id', '=', id)
      .where('secret', '=', secret)
      .execute();
}

/** Deletes all webhooks and events of the account's stores. */
export async function deleteWebhooks(tx: Tx, accountId: string): Promise<void> {
  const stores = storesOf(tx, accountId);
  const theirs = await tx.selectFrom('webhook_endpoint').select('id').where('store_id', 'in', stores).execute();
  await removeEndpoints(
    tx,
    theirs.map(({ id }) => id),
  );
  await deleteEvents(tx, accountId);
}
