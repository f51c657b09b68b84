/** How the time of undo counts down on a card: a few steps that matter, not every minute. */
import { UNPROMISED } from '../platforms/platform.ts';

const MINUTE = 60_000;
/** Minutes left at which the card is shown anew; at none the button goes. */
const STEPS = [30, 10, 5, 2, 1, 0] as const;

/** When the card is to be shown anew, ms; nothing where it never is. */
export function nextStep(undoUntil: number, now: number): number | undefined {
  if (undoUntil === UNPROMISED) return undefined;
  return STEPS.map((minutes) => undoUntil - minutes * MINUTE).find((at) => at > now);
}

/** The same of a card that was just shown: a step that is due within seconds would say the same again. */
export const firstStep = (undoUntil: number, now: number): number | undefined => nextStep(undoUntil, now + MINUTE / 2);
