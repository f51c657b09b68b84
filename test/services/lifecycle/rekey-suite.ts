/** A change of the key: everything stays readable, before, in the middle of it and after; then the former key opens nothing. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCollections } from '../../../services/database/collections.ts';
import { sql, type Database } from '../../../services/database/database.ts';
import { createInboxRows } from '../../../services/database/queues/inbox.ts';
import { createOutbox } from '../../../services/database/queues/outbox.ts';
import { openSeal } from '../../../services/database/secret-key.ts';
import { PLACES, WrongKey, type Seal } from '../../../services/database/seal.ts';
import { checkChain } from '../../../services/facts/check-chain.ts';
import { ChainBroken, createFactChain } from '../../../services/facts/fact-chain.ts';
import { createFacts } from '../../../services/facts/facts.ts';
import { rekey } from '../../../services/lifecycle/rekey.ts';
import { storeRow } from '../../fixtures/rows.ts';
import { sealedBefore } from '../../fixtures/sealed-before.ts';
import { systemTime } from '../../../services/time/time.ts';

const [OLD, NEW] = [Buffer.alloc(32, 7), Buffer.alloc(32, 8)];
const NOON = 1_795_000_000_000;
/** More than one page. */
const CARDS = 450;

export function rekeySuite(name: string, open: () => Promise<Database>): void {
  describe(name, () => {
    let database: Database;
    beforeEach(async () => {
      database = await open();
    });
    afterEach(() => database.close());

    const now = (): number => NOON;
    let ids = 0;
    const newId = (): string => `id-${(ids += 1)}`;
    const at = (seal: Seal) => ({
      cards: createCollections(database.db, seal, now)<number>('card', 1e9),
      words: createCollections(database.db, seal, now)<string>('invitation', 1e9, { secretKeys: true }),
      inbox: createInboxRows<object>(database.db, seal, now),
      outbox: createOutbox<object>(database.db, seal, now, newId),
    });
    const moving = async () => ({ db: database.db, seal: await openSeal(database.db, NEW, [OLD]), key: NEW, former: [OLD] });
    const record = (count: number): Promise<void> =>
      database.db.transaction().execute(async (tx) => {
        for (let n = 0; n < count; n += 1)
          await createFacts(database.db).record(tx, { stream: 'account:a', kind: 'staff.joined', subject: `p${n}`, at: NOON });
      });

    /** A database that was written with the old key. */
    const fill = async (): Promise<void> => {
      const seal = await openSeal(database.db, OLD);
      const { cards, words, inbox, outbox } = at(seal);
      const sealed = seal.seal('password', PLACES.account('a'));
      const account = { id: 'a', platform: 'umember', identity: 'a', sealed, created_at: NOON, secret_epoch: 0 };
      await database.db.insertInto('account').values(account).execute();
      for (let n = 0; n < CARDS; n += 1) await cards.set(`card-${n}`, n);
      await words.set('123456', 'come in');
      const applicant = { id: 'p', person: 'telegram:1', sealed: seal.seal('大声棋牌室', PLACES.application('p')) };
      const waiting = { state: 'waiting', reason: null, decided_by: null, made_at: NOON, changed_at: NOON } as const;
      await database.db
        .insertInto('application')
        .values({ ...applicant, ...waiting })
        .execute();
      await inbox.put('event', 'chat', { said: 'hello' });
      await database.db.transaction().execute((tx) => outbox.put(tx, 'message', 'other', { reply: 'good day' }));
      await database.db
        .insertInto('store')
        .values({ ...storeRow('s'), account_id: 'a' })
        .execute();
      const endpoint = { id: 'w', store_id: 's', url: seal.seal('https://a.example/', PLACES.webhookUrl('w')) };
      const secret = seal.seal('whsec_a', PLACES.webhookSecret('w'));
      const times = { former_secret: secret, former_until: NOON, made_by: 'telegram:1', since: NOON, disabled_at: null };
      await database.db
        .insertInto('webhook_endpoint')
        .values({ ...endpoint, secret, ...times })
        .execute();
      await record(3);
      await createFactChain({ db: database.db, key: OLD, sleep: systemTime.sleep }).seal();
      await record(1);
    };

    const holds = async (seal: Seal): Promise<void> => {
      const { cards, words, inbox, outbox } = at(seal);
      const { sealed } = await database.db.selectFrom('account').select('sealed').executeTakeFirstOrThrow();
      expect(seal.open(sealed, PLACES.account('a'))).toBe('password');
      const application = await database.db.selectFrom('application').select('sealed').executeTakeFirstOrThrow();
      expect(seal.open(application.sealed, PLACES.application('p'))).toBe('大声棋牌室');
      const webhook = await database.db.selectFrom('webhook_endpoint').selectAll().executeTakeFirstOrThrow();
      expect(seal.open(webhook.url, PLACES.webhookUrl('w'))).toBe('https://a.example/');
      for (const secret of [webhook.secret, webhook.former_secret!])
        expect(seal.open(secret, PLACES.webhookSecret('w'))).toBe('whsec_a');
      expect(await Promise.all([0, 199, 200, CARDS - 1].map((n) => cards.get(`card-${n}`)))).toEqual([0, 199, 200, CARDS - 1]);
      expect(await words.get('123456')).toBe('come in');
      expect((await inbox.claim('chat'))?.event).toEqual({ said: 'hello' });
      expect((await outbox.claim(10)).map(({ message }) => message)).toEqual([{ reply: 'good day' }]);
    };

    it('with both keys everything is read, and the trail goes on', async () => {
      await fill();
      await holds(await openSeal(database.db, NEW, [OLD]));
      await createFactChain({ db: database.db, key: NEW, former: [OLD], sleep: systemTime.sleep }).seal();
      expect(await checkChain(database.db, NEW, [OLD])).toEqual({ kind: 'whole', facts: 4, unsealed: 0 });
    });

    it('a run that was cut off goes on where it was, and then the former key opens nothing', async () => {
      await fill();
      const parts = await moving();
      let left = 300;
      const cutOff: Seal = {
        ...parts.seal,
        seal(text, place) {
          if ((left -= 1) < 0) throw new Error('cut off');
          return parts.seal.seal(text, place);
        },
      };
      await expect(rekey({ ...parts, seal: cutOff })).rejects.toThrow('cut off');
      // Two pages were done, and whoever has both keys reads on.
      expect(await at(parts.seal).cards.get('card-449')).toBe(449);
      const done = await rekey(await moving());
      expect(done).toMatchObject({ facts: 3, unreadable: 0 });
      expect(done.values).toBeLessThan(CARDS);
      expect(await rekey(await moving())).toEqual({ values: 0, facts: 0, unreadable: 0 });

      await expect(openSeal(database.db, OLD)).rejects.toThrow(WrongKey);
      expect(await checkChain(database.db, NEW)).toEqual({ kind: 'whole', facts: 4, unsealed: 1 });
      await createFactChain({ db: database.db, key: NEW, sleep: systemTime.sleep }).seal();
      expect(await checkChain(database.db, NEW)).toEqual({ kind: 'whole', facts: 4, unsealed: 0 });
      for (const table of ['account', 'application', 'inbox', 'outbox'] as const)
        expect((await database.db.selectFrom(table).select('sealed').execute())[0]!.sealed).toContain(
          (await openSeal(database.db, NEW)).current,
        );
      // The word of an invitation is found by the former key's index for as long as that is given.
      await holds(await openSeal(database.db, NEW, [OLD]));
      expect(await at(await openSeal(database.db, NEW)).words.get('123456')).toBeUndefined();
    });

    it('what earlier versions sealed is read until it is sealed anew, and not after that', async () => {
      const before = sealedBefore(OLD, 'password');
      const proof = { ns: 'key-proof', k: 'key-proof', v: sealedBefore(OLD, 'key-proof'), expires: null };
      await database.db.insertInto('kv').values(proof).execute();
      const account = { id: 'a', platform: 'umember', identity: 'a', sealed: before, created_at: NOON, secret_epoch: 0 };
      await database.db.insertInto('account').values(account).execute();
      const seal = await openSeal(database.db, OLD);
      expect(seal.open(before, PLACES.account('a'))).toBe('password');
      expect(await rekey({ db: database.db, seal, key: OLD, former: [] })).toEqual({ values: 1, facts: 0, unreadable: 0 });
      const placed = await openSeal(database.db, OLD);
      const { sealed } = await database.db.selectFrom('account').select('sealed').executeTakeFirstOrThrow();
      expect(placed.open(sealed, PLACES.account('a'))).toBe('password');
      expect(() => placed.open(before, PLACES.account('a'))).toThrow(WrongKey);
    });

    it('a trail that was altered is not sealed anew: that would hide it', async () => {
      await fill();
      await sql.raw(`update fact set subject = 'x' where sequence = 2`).execute(database.db);
      await expect(rekey(await moving())).rejects.toThrow(ChainBroken);
      expect(await checkChain(database.db, NEW, [OLD])).toMatchObject({ kind: 'broken', sequence: 2, why: 'altered' });
      // The former key is still needed.
      await expect(openSeal(database.db, NEW)).rejects.toThrow(WrongKey);
    });
  });
}
