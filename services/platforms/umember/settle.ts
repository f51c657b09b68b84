/** What a umember coupon's detail tells about a verification whose answer was lost. The gateway keeps no request ids. */
import { meaningOf } from '../phrases.ts';
import type { LostCall, Platform } from '../platform.ts';
import { sightOf, usesOf, type Sight } from './coupon.ts';

type Answer = Awaited<ReturnType<Platform['settle']>>;

/** Seen unused that shortly before our call and used after it: it was ours. */
const OURS_MS = 60_000;
/** Unused is believed when seen twice, that far apart, and that long after the call: until then it may still be on its way. */
const APART_MS = 3_000;
const AFTER_MS = 8_000;
/** Asked 1, 3, 8 and 20 s after the loss, then ever more rarely; after a day somebody decides. */
const GAPS_MS = [2_000, 5_000, 12_000, 60_000, 300_000, 900_000] as const;
const RAREST_MS = 1_800_000;
const GIVE_UP_MS = 86_400_000;
/** Answers that tell neither way, until somebody decides. */
const UNCLEAR = 3;

/** `used` and `unused` speak for themselves; `void`: refunded, expired … and so never used by us; `unclear`: neither. */
type Seen = 'used' | 'unused' | 'void' | 'unclear';

/** A detail that was answered, of a coupon or with a refusal, weighed together with what was seen before (`lost.notes`). */
export function weigh(
  detail: { readonly success: boolean; readonly words: string; readonly data: unknown },
  lost: LostCall,
  now: number,
): Answer {
  const seen = detail.success ? seenIn(sightOf(detail.data), lost) : seenOf(meaningOf(detail.words));
  const note = `${seen} ${now}`;
  const settlement = conclude(seen, [...lost.notes, note], lost, now);
  return { settlement, note };
}

function conclude(seen: Seen, notes: readonly string[], lost: LostCall, now: number): Answer['settlement'] {
  const { submittedAt, seenUnusedAt, asked } = lost;
  const again =
    now - submittedAt < GIVE_UP_MS
      ? ({ kind: 'again', afterMs: GAPS_MS[asked] ?? RAREST_MS } as const)
      : ({ kind: 'person' } as const);
  switch (seen) {
    case 'used':
      return seenUnusedAt >= submittedAt - OURS_MS ? { kind: 'verified', at: submittedAt } : { kind: 'person' };
    case 'void':
      return { kind: 'not-done' };
    case 'unused': {
      // The first question came a second or more after the loss, which may be long after the call was begun.
      const first = Math.min(...notes.map(timeOf));
      const twice = notes.some((note) => note.startsWith('unused ') && now - timeOf(note) >= APART_MS);
      const late = now - submittedAt >= AFTER_MS && now - first >= AFTER_MS - 1_000;
      return twice && late ? { kind: 'not-done' } : again;
    }
    case 'unclear':
      return notes.filter((note) => note.startsWith('unclear ')).length >= UNCLEAR ? { kind: 'person' } : again;
  }
}

const timeOf = (note: string): number => Number(note.split(' ')[1]);

/** A coupon of several uses stays unused after one: fewer left means used, and an untold number means nothing. */
function seenIn(sight: Sight, lost: LostCall): Seen {
  if (sight.state === 'refused') return seenOf(sight.reason);
  const before = usesOf(lost.handle);
  if (before === 1) return 'unused';
  if (sight.uses === undefined) return 'unclear';
  return sight.uses < before ? 'used' : 'unused';
}

function seenOf(meaning: ReturnType<typeof meaningOf>): Seen {
  switch (meaning) {
    case 'used':
      return 'used';
    case 'refunded':
    case 'frozen':
    case 'expired':
    case 'not-yet':
      return 'void';
    default:
      return 'unclear';
  }
}
