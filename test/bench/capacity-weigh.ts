/** Read by Node before the program that is measured: says, when asked, what it weighs after tidying up. */
import { memoryUsage } from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export interface Weight {
  /** All memory of the process, bytes. */
  readonly rss: number;
  /** What its objects take, bytes. */
  readonly live: number;
}

setFlagsFromString('--expose-gc');
const tidy = runInNewContext('gc') as () => void;

process.on('message', () => {
  const { rss } = memoryUsage();
  tidy();
  const { heapUsed, external } = memoryUsage();
  process.send?.({ rss, live: heapUsed + external } satisfies Weight);
});
// Listening alone does not keep the program going.
process.channel?.unref();
