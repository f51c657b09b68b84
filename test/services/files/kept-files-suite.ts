/** Files behind links, as a suite that every database runs. */
import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createCollections, sweepExpired } from '../../../services/database/collections.ts';
import type { Database } from '../../../services/database/database.ts';
import { createSeal } from '../../../services/database/seal.ts';
import { createKeptFiles, FILE_MS, type Holder } from '../../../services/files/kept-files.ts';
import { CSV } from '../../fixtures/replies.ts';

const ROW = 128 * 1024;
/** Rows: a file has one more than it fills. */
const most = { ofChat: 8, ofAll: 20 };
const BOSS: Holder = { chat: 'wecom-kf:wk1:wm_A%', person: 'wecom-kf:wk1:wm_A%', about: { storeId: 'shop', for: 'owners' } };
const of = (chat: string): Holder => ({ ...BOSS, chat, person: chat });
const csv = (bytes: Uint8Array = CSV) => ({ name: '核销记录.csv', type: 'text/csv', bytes });

export function keptFilesSuite(name: string, openDatabase: () => Promise<Database>): void {
  describe(`files on ${name}`, () => {
    let database: Database;
    let at: number;
    beforeEach(async () => {
      database = await openDatabase();
      at = Date.parse('2026-11-22T18:30:00+08:00');
    });
    afterEach(() => database.close());

    /** One of several instances. */
    const open = () => {
      const now = (): number => at;
      const { db } = database;
      const collections = createCollections(db, createSeal(Buffer.alloc(32, 7)), now);
      return createKeptFiles({ db, collections, random: randomBytes, now, most });
    };
    const rows = () => database.db.selectFrom('kv').selectAll().where('ns', 'like', 'file-%').execute();
    async function bytesOf(token: string): Promise<Buffer | undefined> {
      const file = await open().find(token);
      if (!file) return undefined;
      const pieces: Uint8Array[] = [];
      for await (const piece of file.pieces()) pieces.push(piece);
      return Buffer.concat(pieces);
    }

    it('are found at every instance, byte for byte, as often as they are asked for', async () => {
      const bytes = randomBytes(300_000);
      const token = (await open().keep(csv(bytes), BOSS))!;
      expect(token).toMatch(/^[0-9a-f]{48}$/);
      for (let times = 0; times < 2; times += 1) expect((await bytesOf(token))!.equals(bytes)).toBe(true);
      expect(await open().find(token)).toMatchObject({ name: '核销记录.csv', type: 'text/csv', size: 300_000, ...BOSS });
    });

    it('are told of nothing in the database: neither their tokens nor what is in them', async () => {
      const token = (await open().keep(csv(), BOSS))!;
      const stored = JSON.stringify(await rows());
      const hash = createHash('sha256').update(token).digest('hex');
      for (const secret of [token, hash, '0123456789', '核销记录', CSV.toString('base64')]) expect(stored).not.toContain(secret);
    });

    it('are not found by other words, by what the database holds, or once they are removed', async () => {
      const token = (await open().keep(csv(), BOSS))!;
      const keys = (await rows()).map(({ k }) => k);
      for (const other of [
        `${token.slice(0, -1)}${token.endsWith('0') ? '1' : '0'}`,
        token.toUpperCase(),
        `${token} `,
        '',
        ...keys,
      ])
        expect(await open().find(other), other).toBeUndefined();
      await open().remove(token);
      expect([await open().find(token), await rows()]).toEqual([undefined, []]);
    });

    it('end after a day, and the sweep leaves nothing of them', async () => {
      const token = (await open().keep(csv(), BOSS))!;
      at += FILE_MS - 1;
      expect(await bytesOf(token)).toEqual(CSV);
      at += 1;
      expect(await open().find(token)).toBeUndefined();
      await sweepExpired(database.db, at);
      expect(await rows()).toEqual([]);
    });

    it('of one chat make room for its newer ones, and for nobody else’s', async () => {
      const other = (await open().keep(csv(), of('telegram:2')))!;
      const tokens: string[] = [];
      for (let n = 0; n < 5; n += 1) tokens.push((await open().keep(csv(Buffer.alloc(2 * ROW, n)), BOSS))!);
      const found = await Promise.all([...tokens, other].map(async (token) => (await open().find(token)) !== undefined));
      // The third found no room, and the fifth none beside those two.
      expect(found).toEqual([false, false, false, false, true, true]);
      expect(await open().keep(csv(Buffer.alloc(8 * ROW)), BOSS)).toBeUndefined();
    });

    it('of all chats together have an end; beyond it none is kept until some are over', async () => {
      const kept: boolean[] = [];
      for (let n = 0; n < 4; n += 1)
        kept.push((await open().keep(csv(Buffer.alloc(5 * ROW)), of(`telegram:${n}`))) !== undefined);
      expect(kept).toEqual([true, true, true, false]);
      at += FILE_MS;
      expect(await open().keep(csv(Buffer.alloc(5 * ROW)), of('telegram:5'))).toBeDefined();
    });

    it('fail in the middle where they end meanwhile, and are never cut short in silence', async () => {
      const token = (await open().keep(csv(randomBytes(300_000)), BOSS))!;
      const pieces = (await open().find(token))!.pieces()[Symbol.asyncIterator]();
      expect((await pieces.next()).done).toBe(false);
      await open().remove(token);
      await expect(pieces.next()).rejects.toThrow('not kept any more');
    });
  });
}
