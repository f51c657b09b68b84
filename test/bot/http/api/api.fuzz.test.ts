/**
 * Requests drawn from the API's document, over real HTTP, against the whole program: no answer is a defect, and each is one that
 * the document promises. `API_FUZZ=20000` draws that many; `SEED` repeats a run.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { makeKey, openClient } from '../../../flows/api-client.ts';
import { MINUTE, openHarness } from '../../../flows/harness.ts';
import { createDocumented } from './documented.ts';
import { requestsOf, type Drawn } from './requests.ts';

const REQUESTS = Number(process.env['API_FUZZ'] ?? 400);
const SEED = Number(process.env['SEED'] ?? 20261122);
/** Requests between two steps of the clock: fewer than a key may make in a minute. */
const BETWEEN = 100;
/** Requests at a time: they meet each other. */
const AT_ONCE = 5;

test(`${REQUESTS} requests drawn from the document`, { timeout: 20_000 + REQUESTS * 50 }, async () => {
  const bot = await openHarness({ http: true });
  const owner = await bot.learner();
  const shopkeeper = await bot.owner('李老板');
  const all = await makeKey(bot, owner);
  const reading = await makeKey(bot, owner, '只读', '报表');
  const shop = await makeKey(bot, shopkeeper);
  const { document } = await openClient(bot, all);
  const documented = createDocumented(document);

  const codes = ['1000', '2000', '3000', '4100', '5000', '7000', '7100', '8000', '9000'].flatMap((family) =>
    Array.from({ length: family === '1000' ? 200 : 20 }, (_, n) => `${family}${String(n).padStart(6, '0')}`),
  );
  const bought = Array.from({ length: 40 }, () => bot.umember.books.coupon());
  const known = {
    code: [...codes, ...bought],
    'idempotency-key': Array.from({ length: 300 }, (_, n) => `key-${n}`),
    id: [] as string[],
    day: ['2026-11-22', '2026-11-23'],
    from: ['2026-11-22'],
    to: ['2026-11-23', '2026-12-31'],
    cursor: [] as string[],
    choice: [],
    uses: [1, 1, 1, 2],
  };
  const statuses = new Map<string, number>();

  const send = async (drawn: Drawn, secret: string): Promise<void> => {
    const { method, template, path, headers, body } = drawn;
    const response = await fetch(`${bot.url}/api/v1${path}`, {
      method,
      headers: { ...headers, ...(secret === '' ? {} : { authorization: `Bearer ${secret}` }) },
      ...(body === undefined ? {} : { body }),
    });
    const answered = {
      status: response.status,
      type: response.headers.get('content-type') ?? '',
      body: (await response.json()) as { id?: string; next_cursor?: string | null; code?: string },
    };
    const name = `${method} ${template} ${response.status}`;
    statuses.set(name, (statuses.get(name) ?? 0) + 1);
    expect(documented(method, template, answered), JSON.stringify(drawn)).toBeUndefined();
    expect(response.status === 503 ? answered.body.code : 'platform', JSON.stringify([drawn, answered])).toBe('platform');
    if (method === 'POST' && template === '/verifications' && response.status < 300 && known.id.length < 500)
      known.id.push(answered.body.id!);
    if (answered.body.next_cursor) known.cursor.splice(0, known.cursor.length > 20 ? 1 : 0, answered.body.next_cursor);
  };

  const secrets = fc.oneof(
    { weight: 12, arbitrary: fc.constant(all) },
    { weight: 4, arbitrary: fc.constant(shop) },
    { weight: 2, arbitrary: fc.constant(reading) },
    { weight: 1, arbitrary: fc.constantFrom('', 'hx_nonsense', `hx_${'0'.repeat(32)}`, '\u00ff') },
  );
  let sent = 0;
  // Drawn anew for each round: ids and cursors are known by then.
  for (let round = 0; sent < REQUESTS; round++) {
    const drawn = fc.sample(fc.tuple(requestsOf(document, known), secrets), {
      numRuns: Math.min(BETWEEN, REQUESTS - sent),
      seed: SEED + round,
    });
    for (let n = 0; n < drawn.length; n += AT_ONCE)
      await Promise.all(drawn.slice(n, n + AT_ONCE).map(([one, secret]) => send(one, secret)));
    sent += drawn.length;
    bot.later(MINUTE + 1);
    if (round % 4 === 0) await bot.tick();
  }
  if (process.env['API_FUZZ'])
    process.stdout.write(
      `${[...statuses]
        .map(([name, count]) => `${name}: ${count}`)
        .toSorted()
        .join('\n')}\n`,
    );
  expect(bot.faults).toEqual([]);
  expect(bot.lines.join('\n')).not.toContain(all);
  // Each coupon of the shop was used once at most.
  expect(bought.filter((code) => bot.umember.books.used(code).length > 1)).toEqual([]);
  if (REQUESTS >= 400) expect([...statuses.keys()].filter((name) => / 20\d$/.test(name)).length).toBeGreaterThanOrEqual(8);
});
