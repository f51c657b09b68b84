/** How long paid calls last: from what the platform told at earlier looks; pure. */

/** What was left at a moment, ms. */
export interface Left {
  readonly at: number;
  readonly quota: number;
}

const DAY_MS = 86_400_000;
/** The looks that the pace is measured over: a week, so that weekends are in it. */
const WEEK_MS = 7 * DAY_MS;

/** The looks of a week, this one included. A clock set back keeps none from after it. */
export const withLook = (before: readonly Left[], now: Left): readonly Left[] => [
  ...before.filter(({ at }) => at < now.at && at > now.at - WEEK_MS),
  now,
];

/**
 * Whole days that the calls last at the pace of these looks, oldest first. Undefined before a day was seen, and where none were
 * used. Where more were left than before they were topped up: only what was used counts.
 */
export function daysLeft(looks: readonly Left[]): number | undefined {
  const [first, last] = [looks[0], looks.at(-1)];
  if (!first || !last || last.at - first.at < DAY_MS) return undefined;
  const used = looks.slice(1).reduce((sum, { quota }, n) => sum + Math.max(0, looks[n]!.quota - quota), 0);
  return used === 0 ? undefined : Math.floor((last.quota * (last.at - first.at)) / used / DAY_MS);
}
