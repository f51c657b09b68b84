/** The contract of a platform, watched: how long each call took and how it ended; what failed is logged. */
import type { Log } from '../log.ts';
import { PlatformFault, type Platform, type Refusal } from './platform.ts';

/** Hears of one call. `outcome`: what it answered (`coupon`, `verified`, `refused` …, `ok` for lists), or the fault's kind. */
export type Observe = (platform: string, call: string, outcome: string, seconds: number) => void;

const CALLS = [
  'login',
  'stores',
  'deals',
  'lookup',
  'scan',
  'verify',
  'query',
  'undo',
  'queryUndo',
  'records',
  'stats',
] as const satisfies readonly (keyof Platform)[];

export function instrumented(platform: Platform, { observe, log }: { observe: Observe; log: Pick<Log, 'warn'> }): Platform {
  const watched = { ...platform };
  for (const call of CALLS) {
    const made = platform[call];
    if (!made) continue;
    const act: (...args: never[]) => Promise<unknown> = made;
    Object.assign(watched, {
      [call]: async (...args: never[]): Promise<unknown> => {
        const began = performance.now();
        const end = (outcome: string): void => observe(platform.name, call, outcome, (performance.now() - began) / 1000);
        try {
          const answer = await act(...args);
          end(kindOf(answer));
          if (isNews(answer))
            log.warn('a platform said what nobody has seen yet', { platform: platform.name, call, words: answer.words });
          return answer;
        } catch (error) {
          end(error instanceof PlatformFault ? error.kind : 'defect');
          if (error instanceof PlatformFault) {
            const { kind, outcome, message: reason, words } = error;
            const said = words === undefined ? {} : { words };
            log.warn('a platform call failed', { platform: platform.name, call, kind, outcome, reason, ...said });
          }
          throw error;
        }
      },
    });
  }
  return watched;
}

/** Words for the table of phrases. They are cleaned already, and the log masks codes. */
const isNews = (answer: unknown): answer is Refusal =>
  kindOf(answer) === 'refused' && (answer as Refusal).reason === 'other' && (answer as Refusal).words !== undefined;

const kindOf = (answer: unknown): string =>
  typeof answer === 'object' && answer !== null && 'kind' in answer && typeof answer.kind === 'string' ? answer.kind : 'ok';
