/** Ten thousand stores in one process: what they weigh, and how fast it is when many of them verify. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { seed, startOurs, type RunningBot } from './bots.ts';
import type { Weight } from './capacity-weigh.ts';
import { startFakeUpstream, type FakeUpstream } from './fake-upstream.ts';
import type { Figure } from './ledger.ts';
import { steadily, within } from './load.ts';

const STORES = 10_000;
/** Touched before the first weighing: what the program needs for any store at all. */
const WARM = 1_000;
const AT_ONCE = 16;
const PER_SECOND = 200;
const SECONDS = 15;
/** After a minute in which nothing happened at a store, nothing of it is kept. */
const IDLE_MS = 95_000;

const MOST_RSS = 300e6;
const MOST_PER_STORE = 5_000;
const MOST_MS = 50;

export async function bench(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hexiao-capacity-'));
  const upstream = await startFakeUpstream();
  let bot: RunningBot | undefined;
  try {
    await seed(folder, STORES);
    bot = await startOurs(upstream, folder, {}, ['--import', path.join(import.meta.dirname, 'capacity-weigh.ts')]);
    return await measure(upstream, bot);
  } finally {
    await bot?.stop();
    await upstream.close();
    await rm(folder, { recursive: true });
  }
}

async function measure(upstream: FakeUpstream, bot: RunningBot): Promise<readonly Figure[]> {
  await touch(upstream, bot, 0, WARM);
  const before = await weigh(bot);
  await touch(upstream, bot, WARM, STORES);
  const touched = await weigh(bot);
  const [cards, presses] = await verify(upstream, bot);
  const busy = await weigh(bot);
  await pause(IDLE_MS);
  const idle = await weigh(bot);
  const perStore = Math.max(0, (idle.live - before.live) / (STORES - WARM));
  const justTouched = Math.max(0, (touched.live - before.live) / (STORES - WARM));
  const rss = Math.max(touched.rss, busy.rss, idle.rss);
  return [
    {
      what: `memory with ${STORES.toLocaleString('en')} stores, each touched`,
      measured: `${(rss / 1e6).toFixed(0)} MB at most, ${(before.rss / 1e6).toFixed(0)} MB with a tenth of them`,
      promised: `≤ ${MOST_RSS / 1e6} MB`,
      held: rss <= MOST_RSS,
    },
    {
      what: 'per store, idle for more than a minute',
      measured: `${perStore.toFixed(0)} bytes; just touched ${justTouched.toFixed(0)} bytes`,
      promised: `≤ ${MOST_PER_STORE} bytes`,
      held: perStore <= MOST_PER_STORE,
    },
    time(`card, ${PER_SECOND} verifications/s`, cards),
    time(`press to 核销成功, ${PER_SECOND} verifications/s`, presses),
  ];
}

/** Looks up one coupon in each of these stores. */
async function touch(upstream: FakeUpstream, bot: RunningBot, from: number, to: number): Promise<void> {
  let next = from;
  const one = async (): Promise<void> => {
    while (next < to) await upstream.send(bot.token, next++);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

/** A coupon is sent and its card confirmed, each time in another store; own time of both, ms. */
async function verify(upstream: FakeUpstream, bot: RunningBot): Promise<[number[], number[]]> {
  const [cards, presses]: [number[], number[]] = [[], []];
  await steadily(PER_SECOND, SECONDS, async (n) => {
    try {
      const card = await upstream.send(bot.token, n);
      cards.push(card.ownMs);
      presses.push((await upstream.press(bot.token, n, card)).ownMs);
    } catch {
      // Not answered in all the time it had.
      presses.push(Infinity);
    }
  });
  return [cards, presses];
}

async function weigh({ process: child }: RunningBot): Promise<Weight> {
  const answer = once(child, 'message');
  child.send('weigh');
  const [weight] = (await answer) as [Weight];
  return weight;
}

function time(what: string, ms: readonly number[]): Figure {
  const p99 = within(ms, 0.99);
  return {
    what,
    measured: `p99 ${p99.toFixed(1)} ms, median ${within(ms, 0.5).toFixed(1)} ms`,
    promised: `≤ ${MOST_MS} ms`,
    held: p99 <= MOST_MS,
  };
}
