/** Concludes what became of a call whose answer was lost, by the same rules for every platform. */
import { refuse } from './refuse.ts';
import type { Asked, Certainty, Lost, LostCall } from './platform.ts';

/**
 * The platform's view of the coupon. `ours`: its list has our call. `used`: used, and nobody can say by whom. `others`: certainly
 * used by somebody else. `unused`: no effect to be seen. `void`: refunded, expired …: no use to be seen either. `unclear`: neither.
 */
export type Seen = 'ours' | 'used' | 'others' | 'unused' | 'void' | 'unclear';

/** A coupon seen unused this shortly before our call and used after it was used by our call. */
export const OURS_MS = 60_000;
/**
 * A use this long before the coupon was seen unused, or in the future, is certainly not the call's. The tolerance is wide, for the
 * platform's clock: a use that is wrongly denied is lost, and one in doubt is only looked into.
 */
const CLOCKS_MS = 300_000;
/**
 * A call without effect is believed not done after two such views in a row, this far apart, and this long after the call: until
 * then it may still be on its way, and one of two reads may be stale.
 */
const APART_MS = 3_000;
const AFTER_MS = 8_000;
/** The waits between questions: asked 1, 3, 8 and 20 s after the loss, then ever more rarely; after a day a person decides. */
const GAPS_MS = [2_000, 5_000, 12_000, 60_000, 300_000, 900_000] as const;
const RAREST_MS = 1_800_000;
const GIVE_UP_MS = 86_400_000;
/** The number of unclear views after which a person decides. */
const UNCLEAR = 3;

/**
 * Whether a use at this time lies clearly outside the call's window, from the look that saw the coupon unused until now. A clock
 * that was set back since knows no such window.
 */
export const isOutside = (at: number | undefined, { seenUnusedAt }: Pick<LostCall, 'seenUnusedAt'>, now: number): boolean =>
  at !== undefined && seenUnusedAt <= now && (at < seenUnusedAt - CLOCKS_MS || at > now + CLOCKS_MS);

/** Weighs this view together with earlier ones (`lost.notes`). `yes` builds the result of a call that took effect. */
export function judgeLostCall<Yes>(
  seen: Seen,
  lost: Lost & Partial<Pick<LostCall, 'seenUnusedAt' | 'answeredUsed'>>,
  now: number,
  yes: (certainty: Certainty) => Yes,
): Asked<Yes> {
  const note = `${seen} ${now}`;
  const notes = [...lost.notes, note];
  const { seenUnusedAt = 0, asked, answeredUsed = false } = lost;
  // It was not submitted after the first question: the clock was set back since.
  const submittedAt = Math.min(lost.submittedAt, ...notes.map(timeOf));
  const again =
    now - submittedAt < GIVE_UP_MS
      ? ({ kind: 'again', afterMs: GAPS_MS[asked] ?? RAREST_MS } as const)
      : ({ kind: 'person' } as const);
  const result = (): Asked<Yes>['result'] => {
    switch (seen) {
      case 'ours':
        return yes('listed');
      case 'used':
        return seenUnusedAt >= lost.submittedAt - OURS_MS && !answeredUsed ? yes('inferred') : { kind: 'person' };
      case 'others':
        return { kind: 'not-done', refusal: refuse('used') };
      case 'void':
      case 'unused':
        return hadNoEffect(notes, submittedAt, now) ? { kind: 'not-done' } : again;
      case 'unclear':
        return notes.filter((before) => before.startsWith('unclear ')).length >= UNCLEAR ? { kind: 'person' } : again;
    }
  };
  return { result: result(), note };
}

/**
 * Whether the views show for long enough that a call had no effect. A coupon that is void now may have been used just before, so
 * being void has to be seen twice; where reads alternate, the list is read in between.
 */
function hadNoEffect(notes: readonly string[], submittedAt: number, now: number): boolean {
  const unbroken = notes.slice(notes.findLastIndex((note) => !/^(?:unused|void) /.test(note)) + 1);
  const voids = unbroken.filter((note) => note.startsWith('void '));
  const counted = voids.length > 0 ? voids : unbroken;
  const twice = timeOf(counted.at(-1)) - timeOf(counted[0]) >= APART_MS;
  // The first question came a second or more after the loss, which may be long after the call began.
  const first = Math.min(...notes.map(timeOf));
  return twice && now - submittedAt >= AFTER_MS && now - first >= AFTER_MS - 1_000;
}

const timeOf = (note: string | undefined): number => Number(note?.split(' ')[1]);
