/** Instruments a platform: metrics for every call, and a log line for every fault. */
import type { Log } from '../log.ts';
import type { Time } from '../time/time.ts';
import { wrapCalls } from './calls.ts';
import { PlatformFault, type Platform, type Refusal } from './platform.ts';

/** Observes one call. `outcome`: its answer (`coupon`, `verified`, `refused` …, `ok` for lists), or the fault's kind. */
export type Observe = (platform: string, call: string, outcome: string, seconds: number) => void;

export function instrumented(
  platform: Platform,
  { observe, log, monotonic }: { observe: Observe; log: Pick<Log, 'warn'>; monotonic: Time['monotonic'] },
): Platform {
  const { name } = platform;
  const calls = wrapCalls(platform, (make, call) => async (...args) => {
    const began = monotonic();
    const end = (outcome: string): void => observe(name, call, outcome, (monotonic() - began) / 1000);
    try {
      const answer = await make(...args);
      end(kindOf(answer));
      if (isNews(answer)) log.warn('a platform said what nobody has seen yet', { platform: name, call, words: answer.words });
      return answer;
    } catch (error) {
      end(error instanceof PlatformFault ? error.kind : 'defect');
      if (error instanceof PlatformFault) {
        const { kind, outcome, message: reason, words } = error;
        const said = words === undefined ? {} : { words };
        log.warn('a platform call failed', { platform: name, call, kind, outcome, reason, ...said });
      }
      throw error;
    }
  });
  return { ...platform, ...calls } as Platform;
}

/** A refusal whose words the table of phrases lacks. They are cleaned already, and the log masks codes. */
const isNews = (answer: unknown): answer is Refusal =>
  kindOf(answer) === 'refused' && (answer as Refusal).reason === 'other' && (answer as Refusal).words !== undefined;

const kindOf = (answer: unknown): string =>
  typeof answer === 'object' && answer !== null && 'kind' in answer && typeof answer.kind === 'string' ? answer.kind : 'ok';
