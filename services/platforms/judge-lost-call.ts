/** Concludes what became of a call whose answer was lost, by the same rules for every platform. */
import type { Asked, Lost, LostCall } from './platform.ts';

/**
 * The platform's view of the coupon. `ours`: the call took effect. `used`: used, and the platform does not say by whom. `others`:
 * used by somebody else. `unused`: no effect to be seen. `void`: refunded, expired … and so never used by us. `unclear`: neither.
 */
export type Seen = 'ours' | 'used' | 'others' | 'unused' | 'void' | 'unclear';

/** A coupon seen unused this shortly before our call and used after it was used by our call. */
const OURS_MS = 60_000;
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

/** Weighs this view together with earlier ones (`lost.notes`). `yes` builds the result of a call that took effect. */
export function judgeLostCall<Yes>(
  seen: Seen,
  lost: Lost & Partial<Pick<LostCall, 'seenUnusedAt'>>,
  now: number,
  yes: () => Yes,
): Asked<Yes> {
  const note = `${seen} ${now}`;
  const notes = [...lost.notes, note];
  const { seenUnusedAt = 0, asked } = lost;
  // It was not submitted after the first question: the clock was set back since.
  const submittedAt = Math.min(lost.submittedAt, ...notes.map(timeOf));
  const again =
    now - submittedAt < GIVE_UP_MS
      ? ({ kind: 'again', afterMs: GAPS_MS[asked] ?? RAREST_MS } as const)
      : ({ kind: 'person' } as const);
  const result = (): Asked<Yes>['result'] => {
    switch (seen) {
      case 'ours':
        return yes();
      case 'used':
        return seenUnusedAt >= lost.submittedAt - OURS_MS ? yes() : { kind: 'person' };
      case 'others':
      case 'void':
        return { kind: 'not-done' };
      case 'unused': {
        // The first question came a second or more after the loss, which may be long after the call began.
        const first = Math.min(...notes.map(timeOf));
        const unbroken = notes.slice(notes.findLastIndex((before) => !before.startsWith('unused ')) + 1);
        const twice = unbroken.some((before) => now - timeOf(before) >= APART_MS);
        const late = now - submittedAt >= AFTER_MS && now - first >= AFTER_MS - 1_000;
        return twice && late ? { kind: 'not-done' } : again;
      }
      case 'unclear':
        return notes.filter((before) => before.startsWith('unclear ')).length >= UNCLEAR ? { kind: 'person' } : again;
    }
  };
  return { result: result(), note };
}

const timeOf = (note: string): number => Number(note.split(' ')[1]);
