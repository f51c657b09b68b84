/** A merchant's own system looks up, verifies and undoes over the API; the bot's people see the same ledger. */
import { describe, expect, it, vi } from 'vitest';
import { CALLS, FAILURES, WINDOW_MS } from '../../bot/http/api/authenticate.ts';
import type { Platform, Refusal } from '../../services/platforms/platform.ts';
import { makeKey, openClient, type Scopes } from './api-client.ts';
import { DAY, MINUTE, openHarness, SECOND, type Harness, type HarnessOptions } from './harness.ts';

/** An owner of the shop at umember, and a system with a key for it. */
async function openShop(options: HarnessOptions = {}, scopes?: Scopes) {
  const bot = await openHarness({ ...options, http: true });
  const owner = await bot.owner();
  const secret = await makeKey(bot, owner, scopes);
  return { bot, owner, secret, api: await openClient(bot, secret) };
}
/** The same with the practice store, where uses can be undone. */
async function openPractice(options: HarnessOptions = {}) {
  const bot = await openHarness({ ...options, http: true });
  const owner = await bot.learner();
  const secret = await makeKey(bot, owner);
  return { bot, owner, secret, api: await openClient(bot, secret) };
}

it('an undo that ends when another one is under way is answered as in progress, and then by what became of it', async () => {
  const ends: ((answer: Refusal<'undo-late'> | undefined) => void)[] = [];
  const begun: (() => void)[] = [];
  const practice = (platform: Platform): Platform => ({
    ...platform,
    undo: async (session, request) => {
      const told = await new Promise<Refusal<'undo-late'> | undefined>((resolve) => {
        ends.push(resolve);
        begun.shift()?.();
      });
      return told ?? (await platform.undo!(session, request));
    },
  });
  const { bot, api } = await openPractice({ practice });
  const { id } = (await api.verify('1000420616')).body;
  const undo = async (key: string) => {
    const sent = new Promise<void>((resolve) => begun.push(resolve));
    const answer = api.undo(id, key);
    await sent;
    return answer;
  };
  const first = undo('first');
  await vi.waitFor(() => expect(ends).toHaveLength(1));
  // Its answer is long in coming: it is asked about, and stands as not undone.
  for (let n = 0; n < 4; n += 1) {
    bot.later(80 * SECOND);
    await bot.tick('recheck');
  }
  const second = undo('second');
  await vi.waitFor(() => expect(ends).toHaveLength(2));
  ends[0]!({ kind: 'refused', reason: 'undo-late' });
  expect((await first).body).toMatchObject({ status: 409, code: 'in_progress' });
  ends[1]!(undefined);
  expect((await second).status).toBe(200);
  expect(await api.undo(id, 'first')).toMatchObject({ status: 200, body: { status: 'undone' } });
});

describe('the whole job', () => {
  it('looks up, verifies, finds it in the list and the summary, and undoes it', async () => {
    const { bot, owner, api } = await openPractice();
    expect((await api.get('/store')).body).toMatchObject({
      name: '练习棋牌室（人民路店）',
      zone: 'Asia/Shanghai',
      day_end: '00:00',
      platforms: ['practice'],
    });
    const code = '1000420616';
    expect((await api.lookup(code)).body).toMatchObject({ coupon: { code, amount: 4900, market_amount: 6800, uses_left: 1 } });

    const verified = await api.verify(code, { place: '3 号桌', note: '订单 17' }, 'order-17');
    expect(verified.status).toBe(201);
    expect(verified.headers.get('idempotency-replayed')).toBeNull();
    const { id } = verified.body;
    expect(verified.body).toMatchObject({
      status: 'verified',
      code,
      amount: 4900,
      uses: 1,
      platform: 'practice',
      place: '3 号桌',
      note: '订单 17',
      by: { kind: 'key', name: '收银台' },
      business_day: '2026-11-22',
      verified_at: '2026-11-22T18:30:00.000+08:00',
      undo_until: '2026-11-22T18:39:45.000+08:00',
      certainty: 'answered',
    });
    expect((await api.get(`/verifications/${String(id)}`)).body).toEqual(verified.body);
    expect((await api.get('/verifications?from=2026-11-22&status=verified')).body).toEqual({
      data: [verified.body],
      next_cursor: null,
    });
    const day = (await api.get('/summaries/2026-11-22')).body;
    expect(day).toMatchObject({
      count: 1,
      amount: 4900,
      by_person: [{ name: '收银台', count: 1, amount: 4900 }],
      by_platform: [{ name: 'practice', count: 1, amount: 4900 }],
    });
    expect((day['by_hour'] as number[]).map((count, hour) => [hour, count]).filter(([, count]) => count !== 0)).toEqual([
      [18, 1],
    ]);
    const [said] = await bot.ask(owner, '/history');
    expect(said!.text).toContain('收银台');

    const undone = await api.undo(id, 'undo-17');
    expect(undone.status).toBe(200);
    expect(undone.body).toMatchObject({ id, status: 'undone', undone_at: '2026-11-22T18:30:00.000+08:00', undo_until: null });
    expect((await api.undo(id)).body).toEqual(undone.body);
    expect((await api.get('/summaries/2026-11-22')).body).toMatchObject({ count: 0, amount: 0, undone: 1, undone_amount: 4900 });
    // The same call is answered the same again, whatever became of the coupon since.
    const again = await api.verify(code, { place: '3 号桌', note: '订单 17' }, 'order-17');
    expect([again.status, again.headers.get('idempotency-replayed'), again.body]).toEqual([201, 'true', verified.body]);
    expect(bot.faults).toEqual([]);
  });

  it('uses several of a coupon at once, and no more than it has', async () => {
    const { api } = await openPractice();
    expect((await api.verify('5000123456', { uses: 4 })).body).toMatchObject({ status: 422, code: 'uses' });
    expect((await api.verify('5000123456', { uses: 2 })).body).toMatchObject({ uses: 2, amount: 9800 });
    expect((await api.lookup('5000123456')).body).toMatchObject({ coupon: { uses_left: 1 } });
  });

  it('pages through the list without a gap or a repeat, while it grows', async () => {
    const { bot, api } = await openPractice();
    for (let n = 0; n < 7; n++) {
      await api.verify(`100000000${n}`);
      if (n % 3 === 2) bot.later(DAY);
    }
    const codes: unknown[] = [];
    let next = '/verifications?limit=2';
    for (;;) {
      const { body } = await api.get(next);
      codes.push(...(body['data'] as { code: string }[]).map(({ code }) => code));
      const cursor = body['next_cursor'];
      if (typeof cursor !== 'string') break;
      next = `/verifications?limit=2&cursor=${cursor}`;
      // Newer ones come before the first page.
      if (codes.length === 2) await api.verify('1000000099');
    }
    expect(codes).toEqual([6, 5, 4, 3, 2, 1, 0].map((n) => `100000000${n}`));
    expect((await api.get('/verifications?code=1000000003')).body['data']).toHaveLength(1);
    expect((await api.get('/verifications?from=2026-11-22&to=2026-11-22')).body['data']).toHaveLength(3);
    expect((await api.get('/verifications?status=undone')).body['data']).toEqual([]);
  });
});

describe('a call that is repeated', () => {
  it('many at once with one key: one is carried out, and the coupon is used once', async () => {
    const { bot, api } = await openShop();
    const code = bot.umember.books.coupon();
    const all = await Promise.all(Array.from({ length: 12 }, () => api.verify(code, {}, 'one')));
    expect(all.filter(({ status, headers }) => status === 201 && headers.get('idempotency-replayed') === null)).toHaveLength(1);
    expect(all.every(({ status, body }) => status === 201 || body['code'] === 'in_progress')).toBe(true);
    expect(bot.umember.books.used(code)).toHaveLength(1);
    expect(bot.umember.calls('verify')).toBe(1);
  });

  it('many at once with a key each: the coupon is used once, and the others are told by whom', async () => {
    const { bot, api } = await openShop();
    const code = bot.umember.books.coupon();
    // More at once than unknown codes bring a pause: none of them is one.
    const all = await Promise.all(Array.from({ length: 8 }, () => api.verify(code)));
    expect(all.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(all.every(({ status, body }) => status === 201 || ['in_progress', 'used'].includes(String(body['code'])))).toBe(true);
    expect(bot.umember.books.used(code)).toHaveLength(1);
  });

  it('with another body is refused', async () => {
    const { bot, api } = await openShop();
    const code = bot.umember.books.coupon();
    await api.verify(code, {}, 'one');
    expect((await api.verify(code, { note: 'another' }, 'one')).body).toMatchObject({
      status: 422,
      code: 'idempotency_mismatch',
    });
  });

  it('after the process died in the middle: under way, then the verification as it was found', async () => {
    const { bot, secret, api } = await openShop({ timeoutMs: 600_000 });
    const code = bot.umember.books.coupon();
    bot.umember.fail('verify', { kind: 'late', ms: 60_000, applied: true });
    void api.verify(code, {}, 'one').catch(() => undefined);
    await expect.poll(() => bot.umember.calls('verify')).toBe(1);
    await bot.crash();
    const after = await openClient(bot, secret);
    expect((await after.verify(code, {}, 'one')).body).toMatchObject({ status: 409, code: 'in_progress' });
    bot.later(SECOND);
    await bot.tick();
    const told = await after.verify(code, {}, 'one');
    expect([told.status, told.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    expect(told.body).toMatchObject({ status: 'verified', code, by: { name: '收银台' } });
    expect((await after.verify(code, {}, 'one')).body).toEqual(told.body);
    expect(bot.umember.books.used(code)).toHaveLength(1);
  });

  it('after a lost answer: 202 while it is unsure, then what it was', async () => {
    const { bot, api } = await openPractice();
    const unsure = await api.verify('7100123456', {}, 'one');
    expect(unsure.status).toBe(202);
    expect(unsure.body).toMatchObject({ status: 'unsure', verified_at: null, certainty: null });
    expect((await api.verify('7100123456')).body).toMatchObject({ code: 'in_progress', verification: unsure.body['id'] });
    bot.later(SECOND);
    await bot.tick();
    const told = await api.verify('7100123456', {}, 'one');
    expect([told.status, told.body['status'], told.body['certainty']]).toEqual([201, 'verified', 'listed']);
  });

  it('after the platform was busy: nothing has happened, and the same call may be made again', async () => {
    const { bot, api } = await openShop();
    const code = bot.umember.books.coupon();
    bot.umember.fail('verify', { kind: 'busy' });
    const busy = await api.verify(code, {}, 'one');
    expect(busy.body).toMatchObject({ status: 503, code: 'platform' });
    expect(Number(busy.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await api.verify(code, {}, 'one')).status).toBe(201);
    expect(bot.umember.books.used(code)).toHaveLength(1);
  });

  it('that nobody can tell the outcome of: the owner is asked in private, and the answer is told', async () => {
    const { bot, owner, api } = await openShop();
    const code = bot.umember.books.coupon();
    bot.umember.fail('verify', { kind: 'used', applied: true });
    expect((await api.verify(code, {}, 'one')).body).toMatchObject({ status: 'unsure', code });
    for (let waited = 0; waited < 2; waited += 1) {
      bot.later(SECOND);
      await bot.tick();
    }
    await owner.chat.shows('需要人工判断');
    expect((await api.verify(code, {}, 'one')).status).toBe(202);
    await bot.press(owner, owner.chat.messages.at(-1)!, '是本次核销');
    const told = await api.verify(code, {}, 'one');
    expect([told.status, told.body['certainty']]).toEqual([201, 'decided']);
  });
});

describe('a coupon that cannot be used', () => {
  it.each([
    ['used', '2000123456'],
    ['expired', '3000123456'],
    ['wrong_store', '4100123456'],
    ['refunded', '9000123456'],
    ['unknown_code', '1234567890'],
  ])('%s', async (code, coupon) => {
    const { api } = await openPractice();
    const looked = await api.lookup(coupon);
    expect(looked.body).toMatchObject({ status: 422, code });
    expect((await api.verify(coupon)).body).toEqual(looked.body);
  });

  it('is one that was used here before: the verification is named; its undo has an end', async () => {
    const { bot, api } = await openPractice();
    const { id } = (await api.verify('1000000001')).body;
    expect((await api.verify('1000000001')).body).toMatchObject({ code: 'used', verification: id });
    bot.later(11 * MINUTE);
    expect((await api.undo(id)).body).toMatchObject({ status: 422, code: 'undo_late', verification: id });
  });

  it.each([
    ['unauthorised', ({ umember }: Harness): void => void (umember.books.shops.get(5)!.status = 3), 422],
    ['quota', ({ umember }: Harness): void => void (umember.books.shops.get(5)!.requests = 0), 422],
    ['platform', ({ umember }: Harness): void => umember.fail('detail', { kind: 'reset' }), 503],
    ['platform', ({ umember }: Harness): void => umember.fail('detail', { kind: 'html' }), 503],
  ] as const)('the platform says %s', async (code, prepare, status) => {
    const { bot, api } = await openShop();
    prepare(bot);
    expect((await api.lookup(bot.umember.books.coupon())).body).toMatchObject({ status, code });
  });

  it('guessing codes is slowed for each key, and the owner is told', async () => {
    const { bot, owner, api } = await openShop();
    for (let n = 0; n < 5; n++) expect((await api.lookup(`999999999${n}`)).status).toBe(422);
    const paused = await api.lookup(bot.umember.books.coupon());
    expect(paused.body).toMatchObject({ status: 429, code: 'rate_limit' });
    expect(Number(paused.headers.get('retry-after'))).toBeGreaterThan(30);
    await bot.tick('outbox');
    await owner.chat.shows('收银台 在「大声發24小时自助棋牌室5」连续发送了多个不存在的券码');
    bot.later(MINUTE);
    expect((await api.lookup(bot.umember.books.coupon())).status).toBe(200);
  });
});

describe('who may call', () => {
  it('many with wrong keys from one address: 429 for a minute, and a key that worked there before works on', async () => {
    const { bot, api } = await openShop();
    expect((await api.get('/store')).status).toBe(200);
    const wrong = await openClient(bot, `hx_${'x'.repeat(32)}`);
    for (let n = 0; n < FAILURES; n++) expect((await wrong.get('/store')).status).toBe(401);
    const over = await wrong.get('/store');
    expect(over.body).toMatchObject({ status: 429, code: 'rate_limit' });
    expect(Number(over.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await api.get('/store')).status).toBe(200);
    bot.later(WINDOW_MS);
    expect((await wrong.get('/store')).status).toBe(401);
  });

  it('without a key, with a wrong one, or a revoked one: 401 before the body is read', async () => {
    const { bot, owner, secret, api } = await openShop();
    for (const wrong of ['', 'nonsense', `hx_${'x'.repeat(32)}`]) {
      const stranger = await openClient(bot, wrong);
      const got = await stranger.call('POST', '/lookups', { body: '{'.repeat(40_000) });
      expect(got.body).toMatchObject({ status: 401, code: 'unauthenticated' });
      expect(got.headers.get('www-authenticate')).toContain('Bearer');
    }
    const [list] = await bot.ask(owner, '/api');
    await bot.press(owner, list!, `吊销 ${secret.slice(-4)}（收银台）`);
    await bot.press(owner, owner.chat.messages.at(-1)!, '确定吊销');
    expect((await api.get('/store')).status).toBe(401);
    expect(bot.lines.join('\n')).not.toContain(secret);
  });

  it('each scope allows what it says', async () => {
    const { bot, owner, api: reader } = await openShop({}, '只读');
    const verifier = await openClient(bot, await makeKey(bot, owner, '读+核销', '闸机'));
    const code = bot.umember.books.coupon();
    expect((await reader.lookup(code)).status).toBe(200);
    expect((await reader.verify(code)).body).toMatchObject({ status: 403, code: 'scope' });
    const { id } = (await verifier.verify(code)).body;
    expect((await verifier.undo(id)).body).toMatchObject({ status: 403, code: 'scope' });
    expect(bot.umember.calls('verify')).toBe(1);
  });

  it('a key knows its own store alone', async () => {
    const { bot, api } = await openShop();
    const learner = await bot.learner('别人');
    const other = await openClient(bot, await makeKey(bot, learner));
    const { id } = (await api.verify(bot.umember.books.coupon(), {}, 'one')).body;
    expect((await other.get(`/verifications/${String(id)}`)).body).toMatchObject({ status: 404, code: 'not_found' });
    expect((await other.undo(id)).body).toMatchObject({ status: 404, code: 'not_found' });
    expect((await other.get('/verifications')).body['data']).toEqual([]);
    // Idempotency keys are its own, too.
    expect((await other.verify('1000000001', {}, 'one')).status).toBe(201);
  });

  it('no more often than the limit, which every answer tells', async () => {
    const { bot, api } = await openShop();
    const first = await api.get('/store');
    expect(first.headers.get('ratelimit-policy')).toBe(`"key";q=${CALLS};w=60`);
    expect(first.headers.get('ratelimit')).toBe(`"key";r=${CALLS - 1};t=60`);
    for (let n = 1; n < CALLS; n += 30) await Promise.all(Array.from({ length: 30 }, () => api.get('/store')));
    const over = await api.get('/store');
    expect(over.body).toMatchObject({ status: 429, code: 'rate_limit' });
    expect(over.headers.get('retry-after')).toBe('60');
    bot.later(MINUTE);
    expect((await api.get('/store')).status).toBe(200);
  });
});

describe('a request that is wrong', () => {
  it('is told what is wrong, and does nothing', async () => {
    const { bot, api } = await openShop();
    const code = bot.umember.books.coupon();
    const post = (asked: Parameters<typeof api.call>[2]) => api.call('POST', '/verifications', asked);
    expect((await post({ body: { code } })).body).toMatchObject({
      status: 400,
      code: 'malformed',
      errors: [{ at: 'idempotency-key' }],
    });
    expect((await post({ body: { code, use: 2 }, key: 'k' })).body).toMatchObject({ status: 400, code: 'malformed' });
    expect((await post({ body: { code, note: 'a\u0000b' }, key: 'k' })).body).toMatchObject({ errors: [{ at: 'note' }] });
    expect((await post({ body: { code: 1234567890 }, key: 'k' })).body).toMatchObject({ errors: [{ at: 'code' }] });
    expect((await post({ body: '{', key: 'k' })).body).toMatchObject({ status: 400, code: 'malformed' });
    expect((await post({ body: ' '.repeat(20_000), key: 'k' })).body).toMatchObject({ status: 413, code: 'too_large' });
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await post({ body: `code=${code}`, key: 'k', headers: form })).body).toMatchObject({
      status: 415,
      code: 'media_type',
    });
    for (const query of [
      'limit=0',
      'limit=201',
      'from=2026-02-30',
      'from=2026-11-23&to=2026-11-22',
      'cursor=zzz',
      'form=2026-11-22',
    ])
      expect((await api.get(`/verifications?${query}`)).body, query).toMatchObject({ status: 400, code: 'malformed' });
    expect((await api.call('DELETE', '/store')).headers.get('allow')).toBe('GET, HEAD');
    expect((await api.get('/nowhere')).body).toMatchObject({ status: 404, code: 'not_found' });
    expect(bot.umember.calls('verify')).toBe(0);
    expect(bot.faults).toEqual([]);
  });
});

describe('the description', () => {
  it('needs no key, runs no script, and lets no other origin read', async () => {
    const bot = await openHarness({ http: true });
    const page = await fetch(`${bot.url}/api/v1/docs`, { headers: { origin: 'https://elsewhere.example' } });
    const text = await page.text();
    expect(text).toContain('POST /api/v1/verifications');
    expect(text).not.toMatch(/<script|style=|https?:\/\//);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'; style-src 'self'");
    expect(page.headers.get('access-control-allow-origin')).toBeNull();
    const { document } = await openClient(bot, '');
    expect(document).toMatchObject({ openapi: '3.1.0' });
  });
});
