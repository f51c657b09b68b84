/** A request is carried out once, whoever repeats it, and answered the same for seven days. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openSqlite, type Database } from '../../../services/database/database.ts';
import { createIdempotency, type Request } from '../../../services/verification/idempotency.ts';

const DAY = 24 * 3_600_000;
let database: Database;
let at: number;
beforeAll(async () => {
  database = await openSqlite(':memory:');
});
beforeEach(async () => {
  at = Date.UTC(2026, 10, 22, 4);
  await database.db.deleteFrom('idempotency').execute();
});
afterAll(() => database.close());

const now = () => at;
/** Of any instance: nothing is kept in memory. */
const idempotency = () => createIdempotency({ db: database.db, now });
const request = (changes: Partial<Request> = {}): Request => ({
  principal: { kind: 'key', id: 'k1' },
  key: 'order-77',
  hash: 'a1',
  ...changes,
});
/** Begins it and gives it with the claim. */
async function claim(changes: Partial<Request> = {}): Promise<Request> {
  const attempt = await idempotency().begin(request(changes));
  if (attempt.kind !== 'new') throw new Error(`not new: ${attempt.kind}`);
  return { ...request(changes), claim: attempt.claim };
}
const link = (claimed: Request, verification: string) =>
  database.db.transaction().execute((tx) => idempotency().link(tx, claimed, verification));
const NEW = { kind: 'new', claim: expect.any(Number) };

describe('a request', () => {
  it('is new to one of many who make it at once', async () => {
    const attempts = await Promise.all(Array.from({ length: 20 }, () => idempotency().begin(request())));
    expect(attempts.filter(({ kind }) => kind === 'new')).toHaveLength(1);
    expect(attempts.filter(({ kind }) => kind === 'in-progress')).toHaveLength(19);
  });

  it('is answered the same again for seven days, and is new after them, swept or not', async () => {
    const claimed = await claim();
    await idempotency().end(claimed, '{"status":201}');
    await idempotency().end(claimed, '{"status":500}');
    at += 7 * DAY - 1;
    await idempotency().sweep();
    expect(await idempotency().begin(request())).toEqual({ kind: 'replay', response: '{"status":201}' });
    at += 1;
    expect(await idempotency().begin(request())).toEqual(NEW);
    at += 7 * DAY;
    await idempotency().sweep();
    expect(await database.db.selectFrom('idempotency').selectAll().execute()).toEqual([]);
  });

  it('under a key that stands for another is refused, also while that one is under way', async () => {
    const claimed = await claim();
    expect(await idempotency().begin(request({ hash: 'b2' }))).toEqual({ kind: 'mismatch' });
    await idempotency().end(claimed, '{}');
    at += DAY;
    expect(await idempotency().begin(request({ hash: 'b2' }))).toEqual({ kind: 'mismatch' });
  });

  it.each([
    ['another key', { key: 'order-78' }],
    ['another principal', { principal: { kind: 'key', id: 'k2' } }],
    ['a principal of another kind', { principal: { kind: 'rule', id: 'k1' } }],
  ] as const)('of %s is another request', async (_, changes) => {
    await idempotency().begin(request());
    expect(await idempotency().begin(request(changes))).toEqual(NEW);
  });

  it('names the verification that it began, also after its process has died', async () => {
    const claimed = await claim();
    await link(claimed, 'v1');
    expect(await idempotency().began(claimed)).toBe('v1');
    at += DAY;
    expect(await idempotency().begin(request())).toEqual({ kind: 'in-progress', verification: 'v1' });
    for (const whose of [claimed, request()]) await idempotency().forget(whose, 'v0');
    await idempotency().end(request(), '{}', 'v0');
    expect(await idempotency().begin(request())).toEqual({ kind: 'in-progress', verification: 'v1' });
    await idempotency().end(request(), '{"status":201}', 'v1');
    expect(await idempotency().begin(request())).toEqual({ kind: 'replay', response: '{"status":201}' });
  });

  it('whose process died before it stored anything is new two minutes later, for one', async () => {
    await idempotency().begin(request());
    at += 119_999;
    expect(await idempotency().begin(request())).toEqual({ kind: 'in-progress', verification: undefined });
    at += 1;
    const attempts = await Promise.all([idempotency().begin(request()), idempotency().begin(request())]);
    expect(attempts.map(({ kind }) => kind).toSorted()).toEqual(['in-progress', 'new']);
  });

  it('that came to nothing may be tried again at once', async () => {
    const claimed = await claim();
    for (const other of [{ ...claimed, hash: 'b2' }, { ...claimed, claim: 1 }, request()]) await idempotency().forget(other);
    expect((await idempotency().begin(request())).kind).toBe('in-progress');
    await idempotency().forget(claimed);
    expect(await idempotency().begin(request())).toEqual(NEW);
  });

  it('that was taken over begins nothing more, forgets nothing and answers nothing for whoever was first', async () => {
    const first = await claim();
    at += 120_000;
    const second = await claim();
    await expect(link(first, 'v1')).rejects.toThrow('taken over');
    await link(second, 'v2');
    await idempotency().forget(first, undefined);
    await idempotency().end(first, '{"status":422}');
    expect(await idempotency().begin(request())).toEqual({ kind: 'in-progress', verification: 'v2' });
  });

  it('is linked together with what it began, or not at all', async () => {
    const claimed = await claim();
    const failing = database.db.transaction().execute(async (tx) => {
      await idempotency().link(tx, claimed, 'v1');
      throw new Error('the disk is full');
    });
    await expect(failing).rejects.toThrow('the disk is full');
    expect(await idempotency().begin(request())).toEqual({ kind: 'in-progress', verification: undefined });
  });
});
