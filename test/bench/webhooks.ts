/** From a press to the merchant's system: how long this program takes of its own until the event has arrived there. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startMerchantSystem, type MerchantSystem } from '../doubles/merchant-system.ts';
import { seed, startOurs } from './bots.ts';
import { codeOf, startFakeUpstream, type FakeUpstream } from './fake-upstream.ts';
import type { Figure } from './ledger.ts';
import { steadily, within } from './load.ts';

/** Each press is of another chat, store and endpoint. */
const CHATS = 1_200;
const PER_SECOND = 20;
const P95_MS = 50;

/** `seconds`: the length of one turn. */
export async function bench(seconds = 10): Promise<readonly Figure[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hexiao-webhooks-'));
  const upstream = await startFakeUpstream();
  const system = await startMerchantSystem();
  const arrived = new Map<string, number>();
  system.answer = ({ event }) => {
    arrived.set(String(event.data['code']), performance.now());
    return { status: 204 };
  };
  let ours: Awaited<ReturnType<typeof startOurs>> | undefined;
  try {
    await seed(folder, CHATS, system.url);
    const bot = await startOurs(upstream, folder, { WEBHOOK_PRIVATE: 'yes' });
    ours = bot;
    let next = 0;
    const turn = async (thinkMs: number): Promise<number[]> => {
      upstream.think(thinkMs);
      return await steadily(PER_SECOND, seconds, () => pressed(upstream, system, bot.token, next++, thinkMs, arrived));
    };
    await turn(0);
    const figures: Figure[] = [];
    for (const thinkMs of [0, 300]) {
      const ms = await turn(thinkMs);
      const [p50, p95] = [within(ms, 0.5), within(ms, 0.95)];
      figures.push({
        what: `press to event received, platform answers in ${thinkMs} ms`,
        measured: `own time p50 ${p50.toFixed(1)} ms, p95 ${p95.toFixed(1)} ms`,
        promised: `p95 ≤ ${P95_MS} ms`,
        held: p95 <= P95_MS,
      });
    }
    return figures;
  } finally {
    await ours?.stop();
    await Promise.all([upstream.close(), system.close()]);
    await rm(folder, { recursive: true });
  }
}

/** Looks coupon `n` up, presses, and says how long the event was on its way, less what the platform took. */
async function pressed(
  upstream: FakeUpstream,
  system: MerchantSystem,
  token: string,
  n: number,
  thinkMs: number,
  arrived: ReadonlyMap<string, number>,
): Promise<number> {
  const card = await upstream.send(token, n);
  const at = performance.now();
  await upstream.press(token, n, card);
  for (let events = system.received.length; !arrived.has(codeOf(n)); events = system.received.length)
    await system.gets(events + 1);
  return arrived.get(codeOf(n))! - at - thinkMs;
}
