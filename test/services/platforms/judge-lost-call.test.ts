/** Laws of the judgement about a lost call, whatever a platform shows and in whatever order. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeLostCall, isOutside, type Seen } from '../../../services/platforms/judge-lost-call.ts';
import type { Certainty } from '../../../services/platforms/platform.ts';

const AT = 1_800_000_000_000;
const SEEN = ['ours', 'used', 'others', 'unused', 'void', 'unclear'] as const satisfies readonly Seen[];

interface Case {
  readonly views: readonly Seen[];
  readonly seenUnusedAt: number;
  readonly answeredUsed: boolean;
}
const cases: fc.Arbitrary<Case> = fc.record({
  views: fc.array(fc.constantFrom(...SEEN), { minLength: 1, maxLength: 12 }),
  seenUnusedAt: fc.integer({ min: AT - 900_000, max: AT }),
  answeredUsed: fc.boolean(),
});

/** Asks until it is concluded, or there are no more views: the result, and the views that led to it with their times. */
function judged({ views, seenUnusedAt, answeredUsed }: Case) {
  let now = AT + 1_000;
  let notes: readonly string[] = [];
  const looks: { readonly seen: Seen; readonly at: number }[] = [];
  for (const [asked, seen] of views.entries()) {
    looks.push({ seen, at: now });
    const lost = { submittedAt: AT, seenUnusedAt, answeredUsed, asked, notes };
    const { result, note } = judgeLostCall(seen, lost, now, (certainty: Certainty) => ({ kind: 'yes' as const, certainty }));
    if (result.kind !== 'again') return { result, looks, last: seen };
    notes = [...notes, note];
    now += result.afterMs;
  }
  return { result: undefined, looks, last: looks.at(-1)!.seen };
}
const law = (check: (found: ReturnType<typeof judged>, given: Case) => void): void =>
  fc.assert(fc.property(cases, (given) => check(judged(given), given)));

describe('whatever is seen', () => {
  it('a yes is listed where our own entry was seen, and inferred where it was just seen unused and nobody answered 已核销', () =>
    law(({ result, last }, { seenUnusedAt, answeredUsed }) => {
      if (result?.kind !== 'yes') return;
      expect(result.certainty).toBe(last === 'ours' ? 'listed' : 'inferred');
      if (last === 'ours') return;
      expect([last, answeredUsed, seenUnusedAt >= AT - 60_000]).toEqual(['used', false, true]);
    }));

  it('a use that nobody can name is never denied', () =>
    law(({ result, last }) => {
      if (last === 'used' || last === 'ours') expect(['yes', 'person']).toContain(result?.kind);
    }));

  it('a no needs certainty of another’s use, or two looks without any, three seconds apart and eight on', () =>
    law(({ result, looks, last }) => {
      if (result?.kind !== 'not-done') return;
      expect(result.refusal?.reason).toBe(last === 'others' ? 'used' : undefined);
      if (last === 'others') return;
      const run = looks.slice(looks.findLastIndex(({ seen }) => seen !== 'unused' && seen !== 'void') + 1);
      const voids = run.filter(({ seen }) => seen === 'void');
      const twice = voids.length > 0 ? voids : run;
      expect(twice.length).toBeGreaterThanOrEqual(2);
      expect(twice.at(-1)!.at - twice[0]!.at).toBeGreaterThanOrEqual(3_000);
      expect(looks.at(-1)!.at - AT).toBeGreaterThanOrEqual(8_000);
    }));

  it('what nobody sees clearly goes to a person after three looks', () =>
    law(({ result, looks }) => {
      const unclear = looks.filter(({ seen }) => seen === 'unclear').length;
      expect(unclear).toBeLessThanOrEqual(3);
      if (unclear === 3) expect(result?.kind).toBe('person');
    }));
});

it('a use is outside the window only by more than five minutes: clocks differ', () => {
  const window = { seenUnusedAt: AT };
  const now = AT + 60_000;
  expect(isOutside(undefined, window, now)).toBe(false);
  for (const [at, outside] of [
    [AT - 300_001, true],
    [AT - 300_000, false],
    [AT, false],
    [now + 300_000, false],
    [now + 300_001, true],
  ] as const)
    expect(isOutside(at, window, now), String(at - AT)).toBe(outside);
});

it('nothing is known to be outside once the clock was set back since the coupon was seen', () => {
  const ahead = 8 * 3_600_000;
  expect(isOutside(AT, { seenUnusedAt: AT + ahead - 60_000 }, AT + 60_000)).toBe(false);
});
