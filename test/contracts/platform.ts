/** The contract suite of platforms: each platform runs it. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Coupon } from '../../services/coupons/coupon.ts';
import type { Market } from '../../services/coupons/markets.ts';
import { cleanWords, hideCodes } from '../../services/platforms/refuse.ts';
import { NAMES, type Lists } from '../doubles/lies.ts';
import { UNSEEN_WORDS } from '../fixtures/unseen-noes.ts';
import {
  PlatformFault,
  type Session,
  type Credentials,
  type Asked,
  type LostCall,
  type LostUndo,
  type Platform,
  type Receipt,
  type RefusalReason,
  type QueryResult,
  type Undone,
  type UndoRequest,
  type VerifyRequest,
  type Write,
} from '../../services/platforms/platform.ts';

/** One platform with the accounts and coupons of the suite. Each code is fresh. */
export interface PlatformHarness {
  readonly platform: Platform;
  readonly credentials: Credentials;
  /** A store of the account, and the market its coupons below are of. */
  readonly store: string;
  readonly market: Market;
  readonly now: () => number;
  /** Price of the coupons below, fen. */
  readonly price: number;
  /** The handle of a coupon that is no longer usable, or of each; needed where the handle tells the kind of coupon, or the coupon. */
  readonly handle?: string | ((code: string) => string);
  unused(): string;
  /** Gives a code that is refused for this reason. */
  refused(reason: 'used' | 'expired' | 'wrong-store' | 'refunded' | 'not-found'): string;
  /** Gives a code whose next verification loses its answer: before it took effect, or after. */
  lost(when: 'before' | 'after'): string;
  /** Gives a code whose next verification exceeds the rate limit. */
  busy(): string;
  /**
   * Unknown refusals of a write: by code, by HTTP status, by field. Each makes the next call of that kind answer with these
   * words, whether it took effect or not. Empty where the platform has no words of its own.
   */
  readonly noes: readonly ((write: Write, words: string, applied: boolean) => void)[];
  /** The next verification is answered with 已核销: of its own use where it is `applied`, else of one that never was. */
  answersUsed?(applied: boolean): void;
  /** The shape of its lists of uses, where it has any; tests change it. */
  readonly lists?: Lists;
  /** Ends a coupon by a refund, whoever has used it. */
  refund?(code: string): void;
  /** Advances the platform's clock. */
  pass(ms: number): void;
  /** Gives the number of uses of a code that took effect, undone or not. */
  uses(code: string): Promise<number>;
  close(): Promise<void>;
}

const REFUSALS = ['used', 'expired', 'wrong-store', 'refunded', 'not-found'] as const satisfies readonly RefusalReason[];

export function platformContract(name: string, open: () => Promise<PlatformHarness>): void {
  describe(`${name} keeps the platform contract`, () => {
    let harness: PlatformHarness;
    let session: Session;
    let requests = 0;

    beforeEach(async () => {
      harness = await open();
      const answer = await harness.platform.login(harness.credentials);
      if ('kind' in answer) throw new Error('the login was refused');
      session = answer;
    });
    afterEach(() => harness.close());

    const requestFor = (code: string, handle?: string, count = 1): VerifyRequest => {
      const requestId = `vb-${(requests += 1)}`;
      return { store: harness.store, code, handle, count, requestId, operator: 'web:zhang', operatorName: '张三' };
    };
    const lookup = (code: string) => harness.platform.lookup(session, harness.store, code, harness.market);
    /** Gives the handle for this code, also of a coupon that is no longer usable. */
    const handleOf = async (code: string) => {
      const coupon = await lookup(code);
      if (coupon.kind === 'coupon') return coupon.handle;
      return typeof harness.handle === 'function' ? harness.handle(code) : harness.handle;
    };
    const verify = async (code: string, count = 1) =>
      await harness.platform.verify(session, requestFor(code, await handleOf(code), count));
    const undoOf = async (code: string, { items }: Receipt): Promise<UndoRequest> => {
      const { handle: receiptHandle = '' } = items[0]!;
      const requestId = `un-${(requests += 1)}`;
      return {
        store: harness.store,
        code,
        handle: undefined,
        receiptHandle,
        requestId,
        operator: 'web:zhang',
        operatorName: '张三',
      };
    };
    const fault = async (call: Promise<unknown>): Promise<PlatformFault> => {
      const error = await call.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (!(error instanceof PlatformFault)) throw new Error('expected a PlatformFault', { cause: error });
      return error;
    };
    /** Queries as often as the platform asks for, with virtual pauses. */
    const asking = async <Yes extends { readonly kind: string }>(
      submittedAt: number,
      ask: (asked: number, notes: readonly string[], now: number) => Promise<Asked<Yes>>,
    ): Promise<QueryResult<Yes>> => {
      let now = submittedAt + 1_000;
      harness.pass(1_000);
      let notes: readonly string[] = [];
      for (let asked = 0; asked < 10; asked += 1) {
        const { result, note } = await ask(asked, notes, now);
        if (result.kind !== 'again') return result;
        notes = [...notes, note];
        const afterMs = 'afterMs' in result ? result.afterMs : 0;
        now += afterMs;
        harness.pass(afterMs);
      }
      throw new Error('it never settled');
    };
    const query = (lost: LostCall): Promise<QueryResult<Receipt>> =>
      asking(lost.submittedAt, (asked, notes, now) => harness.platform.query(session, { ...lost, asked, notes }, now));
    const queryUndo = (lost: UndoRequest): Promise<QueryResult<Undone>> => {
      const call: LostUndo = { ...lost, submittedAt: harness.now(), asked: 0, notes: [] };
      return asking(call.submittedAt, (asked, notes, now) =>
        harness.platform.queryUndo!(session, { ...call, asked, notes }, now),
      );
    };

    test('a login lasts for a while and lists stores whose ids are text', async () => {
      expect(session.expiresAt).toBeGreaterThan(harness.now());
      const stores = await harness.platform.stores(session);
      expect(stores.map(({ id }) => id)).toContain(harness.store);
      for (const { id, name: title } of stores) expect([typeof id, title !== '']).toEqual(['string', true]);
    });

    test('the account is told by the credentials alone and holds no secret', () => {
      const identity = harness.platform.identity(harness.credentials);
      expect(identity).not.toBe('');
      const secrets = harness.platform.questions.filter(({ secret }) => secret).map(({ name: key }) => harness.credentials[key]);
      for (const secret of secrets) expect(identity).not.toContain(secret);
    });

    test('deals on sale carry whole fen', async () => {
      harness.unused();
      const deals = await harness.platform.deals(session, harness.store);
      expect(deals.length).toBeGreaterThan(0);
      for (const { price = 0 } of deals) expect(Number.isSafeInteger(price)).toBe(true);
    });

    test('looking a coupon up shows it and uses nothing', async () => {
      const code = harness.unused();
      const coupon = await lookup(code);
      expect(coupon).toMatchObject({ kind: 'coupon', code, price: harness.price, remaining: 1 });
      expect(JSON.parse(JSON.stringify(coupon))).toEqual(coupon);
      const again = await lookup(code);
      // A handle for each coupon may hold a token of the very look.
      const { handle } = coupon.kind === 'coupon' && typeof harness.handle === 'function' ? coupon : (again as Coupon);
      expect({ ...again, ...(handle !== undefined && { handle }) }).toEqual(coupon);
      expect(await harness.uses(code)).toBe(0);
    });

    test('a verified coupon is used once, and known as used from then on', async () => {
      const code = harness.unused();
      const receipt = await verify(code);
      expect(receipt).toMatchObject({ kind: 'verified', items: [{ count: 1 }] });
      expect(JSON.parse(JSON.stringify(receipt))).toEqual(receipt);
      expect(await verify(code)).toMatchObject({ kind: 'refused', reason: 'used' });
      expect(await lookup(code)).toMatchObject({ kind: 'refused', reason: 'used' });
      expect(await harness.uses(code)).toBe(1);
    });

    test('ten confirmations of one coupon at once bring one yes', async () => {
      const code = harness.unused();
      const answers = await Promise.all(Array.from({ length: 10 }, () => verify(code)));
      expect(answers.filter(({ kind }) => kind === 'verified')).toHaveLength(1);
      expect(await harness.uses(code)).toBe(1);
    });

    test.each(REFUSALS)('%s is a refusal, shown and confirmed alike', async (reason) => {
      const code = harness.refused(reason);
      const before = await harness.uses(code);
      expect(await lookup(code)).toMatchObject({ kind: 'refused', reason });
      expect(await verify(code)).toMatchObject({ kind: 'refused', reason });
      expect(await harness.uses(code)).toBe(before);
    });

    test('more uses than there are is refused, and none is used', async () => {
      const code = harness.unused();
      expect(await verify(code, 2)).toMatchObject({ kind: 'refused', reason: 'count' });
      expect(await harness.uses(code)).toBe(0);
    });

    test('meeting the limit is a fault that did nothing', async () => {
      const code = harness.busy();
      expect(await fault(verify(code))).toMatchObject({ kind: 'busy', outcome: 'not-done' });
      expect(await harness.uses(code)).toBe(0);
    });

    test.each([
      ['before', 0, 'not-done'],
      ['after', 1, 'verified'],
    ] as const)('an answer lost %s it took effect is unknown, and settles truly', async (when, uses, kind) => {
      const code = harness.lost(when);
      const request = requestFor(code, await handleOf(code));
      const submittedAt = harness.now();
      const error = await fault(harness.platform.verify(session, request));
      expect(error.outcome).toBe('unknown');
      expect(error.message).not.toContain(code);
      expect(await query({ ...request, seenUnusedAt: submittedAt, submittedAt, asked: 0, notes: [] })).toMatchObject({ kind });
      expect(await harness.uses(code)).toBe(uses);
    });

    /** All words in one way, and one word in all ways. */
    const unseen = (): readonly (readonly [words: string, say: PlatformHarness['noes'][number]])[] => {
      const { noes } = harness;
      if (noes.length === 0) return [];
      return [
        ...UNSEEN_WORDS.map((words, n) => [words, noes[n % noes.length]!] as const),
        ...noes.map((say) => ['此券处于蓝色状态', say] as const),
      ];
    };

    test.each([
      ['took effect', true, 'verified'],
      ['did not', false, 'not-done'],
    ] as const)('a no in words nobody has seen is never the end of a verification that %s', async (_, applied, kind) => {
      for (const [words, say] of unseen()) {
        const code = harness.unused();
        const request = requestFor(code, await handleOf(code));
        const submittedAt = harness.now();
        say('verify', words, applied);
        const error = await fault(harness.platform.verify(session, request));
        expect(error, words).toMatchObject({ outcome: 'unknown', words: hideCodes(cleanWords(words)) || undefined });
        const found = await query({ ...request, seenUnusedAt: submittedAt, submittedAt, asked: 0, notes: [] });
        expect(found.kind, words).toBe(kind);
        expect(await harness.uses(code), words).toBe(Number(applied));
      }
    });

    test.each([
      ['took effect', true, 'undone'],
      ['did not', false, 'not-done'],
    ] as const)('nor the end of an undo that %s', async (_, applied, kind) => {
      const { platform } = harness;
      if (!platform.undo) return;
      for (const [words, say] of unseen()) {
        const code = harness.unused();
        const request = await undoOf(code, (await verify(code)) as Receipt);
        say('undo', words, applied);
        const error = await fault(platform.undo(session, request));
        expect(error, words).toMatchObject({ outcome: 'unknown', words: hideCodes(cleanWords(words)) || undefined });
        expect((await queryUndo(request)).kind, words).toBe(kind);
      }
    });

    /** A verification that took effect and whose answer was lost; `seenUnusedMs` before it the coupon was looked at. */
    const losing = async (seenUnusedMs: number): Promise<LostCall> => {
      const code = harness.lost('after');
      const request = requestFor(code, await handleOf(code));
      const submittedAt = harness.now();
      expect((await fault(harness.platform.verify(session, request))).outcome).toBe('unknown');
      return { ...request, seenUnusedAt: submittedAt - seenUnusedMs, submittedAt, asked: 0, notes: [] };
    };
    const MINUTES = 600_000;

    test.each(NAMES)('a lost answer is never denied because the list has its operator as: %s', async (names) => {
      const { lists } = harness;
      if (!lists) return;
      lists.names = names;
      for (const order of ['newest', 'oldest', 'shuffled'] as const) {
        lists.order = order;
        expect((await query(await losing(0))).kind).toBe('verified');
        expect(['verified', 'person']).toContain((await query(await losing(MINUTES))).kind);
      }
    });

    test.each([5_000, 60_000])('nor because the list has it only after %i ms', async (lateMs) => {
      const { lists } = harness;
      if (!lists) return;
      lists.lateMs = lateMs;
      expect((await query(await losing(0))).kind).toBe('verified');
      expect(['verified', 'person']).toContain((await query(await losing(MINUTES))).kind);
    });

    test('nor because the coupon was refunded right afterwards', async () => {
      const { lists } = harness;
      if (!lists) return;
      lists.lateMs = 5_000;
      const lost = await losing(0);
      harness.refund!(lost.code);
      expect((await query(lost)).kind).toBe('verified');
    });

    test.each(NAMES)('an operator whom the list has as %s is known after one certain yes, or nobody is', async (names) => {
      const { platform, lists } = harness;
      if (!lists || !platform.operatorName) return;
      lists.names = names;
      const code = harness.unused();
      const request = requestFor(code, await handleOf(code));
      const receipt = (await platform.verify(session, request)) as Receipt;
      const learnt = await platform.operatorName(session, { ...request, receipt });
      expect(learnt === undefined).toBe(names === 'missing');
      if (!learnt) return;
      const found = await query({ ...(await losing(MINUTES)), listedAs: learnt.listed });
      expect(found).toMatchObject({ kind: 'verified', certainty: 'listed' });
    });

    test.each([
      ['its own use', true],
      ['a use that never was', false],
    ] as const)('已核销 of %s, to a call itself, ends as it really is, or a person is asked', async (_, applied) => {
      if (!harness.answersUsed) return;
      const code = harness.unused();
      const request = requestFor(code, await handleOf(code));
      const submittedAt = harness.now();
      harness.answersUsed(applied);
      expect(await harness.platform.verify(session, request)).toMatchObject({ kind: 'refused', reason: 'used' });
      const lost = { ...request, answeredUsed: true, seenUnusedAt: submittedAt, submittedAt, asked: 0, notes: [] };
      const { kind } = await query(lost);
      expect(kind).toBe(!applied ? 'not-done' : harness.lists ? 'verified' : 'person');
      expect(await harness.uses(code)).toBe(Number(applied));
    });

    test('what can be taken back is usable again, under the code that is told', async () => {
      const { platform } = harness;
      if (!platform.undo) return expect(platform.undoes).toBe(false);
      const code = harness.unused();
      const request = await undoOf(code, (await verify(code)) as Receipt);
      const undone = await platform.undo(session, request);
      expect(undone.kind).toBe('undone');
      expect(await queryUndo(request)).toMatchObject({ kind: 'undone' });
      const newCode = undone.kind === 'undone' ? undone.newCode : undefined;
      if (newCode === undefined) return;
      expect(await lookup(code)).toMatchObject({ kind: 'refused', reason: 'not-found' });
      expect(await lookup(newCode)).toMatchObject({ kind: 'coupon', price: harness.price });
    });

    test('too late to take back is a refusal, and nothing is undone', async () => {
      const { platform } = harness;
      if (!platform.undo) return;
      const code = harness.unused();
      const receipt = (await verify(code)) as Receipt;
      harness.pass(DAY);
      const request = await undoOf(code, receipt);
      expect(await platform.undo(session, request)).toMatchObject({ kind: 'refused', reason: 'undo-late' });
      expect(await queryUndo(request)).toEqual({ kind: 'not-done' });
    });
  });
}

const DAY = 86_400_000;
