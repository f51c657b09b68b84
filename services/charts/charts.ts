/** Draws charts and pictures in a thread of their own, which is started by the first one and ended a minute after the last. */
import { Piscina } from 'piscina';
import type { Bars } from './bars.ts';
import type { Time } from '../time/time.ts';
import type { Picture } from './picture.ts';

export type { Bar, Bars } from './bars.ts';
export type { Picture } from './picture.ts';
export type { Theme } from './theme.ts';

export interface Charts {
  /** The SVG of a chart, in the fonts of whoever shows it. */
  bars(chart: Bars): Promise<string>;
  /** The PNG of a picture, which needs no font anywhere. */
  picture(picture: Picture): Promise<Buffer>;
  close(): Promise<void>;
}

const IDLE_MS = 60_000;
/** Longer than any drawing takes on a loaded machine. */
const TIMEOUT_MS = 30_000;
/** Drawings that wait at most; a page or a summary goes without one beyond them. */
const MOST_WAITING = 1_000;

/** `timeout` gives the signal that ends a drawing. */
export function createCharts({ timeout }: Pick<Time, 'timeout'>): Charts {
  const pool = new Piscina({
    filename: new URL('worker.ts', import.meta.url).href,
    minThreads: 0,
    maxThreads: 1,
    idleTimeout: IDLE_MS,
    maxQueue: MOST_WAITING,
  });
  const run = async (name: string, task: unknown): Promise<unknown> =>
    await pool.run(task, { name, signal: timeout(TIMEOUT_MS) });
  return {
    bars: async (chart) => (await run('drawBars', chart)) as string,
    picture: async (picture) => Buffer.from((await run('drawPicture', picture)) as Uint8Array),
    close: () => pool.destroy(),
  };
}
