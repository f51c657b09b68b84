/** From an update in to its card out, less what the platform took: this program beside a bare bot that makes the same two calls. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { seed, startBare, startOurs, type RunningBot } from './bots.ts';
import { startFakeUpstream, type FakeUpstream } from './fake-upstream.ts';
import type { Figure } from './ledger.ts';
import { flatOut, steadily, within } from './load.ts';

/** Each update goes to another chat and account: two calls a second of one account are never in the way. */
const CHATS = 2_000;
const PER_SECOND = 100;
const AT_ONCE = 64;
/** Until all code is compiled and every chat was heard of. */
const WARM_SECONDS = 8;
/** The two take turns, so that whatever else runs on the machine troubles both. */
const ROUNDS = 2;

/** How many times the bare bot's each may be. */
const MOST = { median: 2, p99: 1.5, processor: 1.7 };
const THROUGHPUT_TIMES = 0.7;

/** `seconds`: the length of one turn. */
export async function bench(seconds = 10): Promise<readonly Figure[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hexiao-overhead-'));
  const upstream = await startFakeUpstream();
  const bots: RunningBot[] = [];
  try {
    await seed(folder, CHATS);
    bots.push(await startBare(upstream), await startOurs(upstream, folder));
    return await compare(upstream, bots[0]!, bots[1]!, seconds);
  } finally {
    await Promise.all(bots.map((bot) => bot.stop()));
    await upstream.close();
    await rm(folder, { recursive: true });
  }
}

async function compare(upstream: FakeUpstream, bare: RunningBot, ours: RunningBot, seconds: number): Promise<readonly Figure[]> {
  let next = 0;
  const send = (bot: RunningBot) => () => upstream.send(bot.token, next++ % CHATS);
  const takeTurns = async <T>(turn: (bot: RunningBot) => Promise<T>): Promise<[T[], T[]]> => {
    const [peer, own]: [T[], T[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      peer.push(await turn(bare));
      own.push(await turn(ours));
    }
    return [peer, own];
  };
  const steady = (bot: RunningBot): Promise<number[]> =>
    steadily(PER_SECOND, seconds, send(bot)).then((answers) => answers.map(({ ownMs }) => ownMs));

  for (const bot of [bare, ours]) await flatOut(AT_ONCE, WARM_SECONDS, send(bot));
  const figures: Figure[] = [];
  for (const ms of [0, 20]) {
    upstream.think(ms);
    figures.push(...latency(`platform answers in ${ms} ms`, ...(await takeTurns(steady))));
  }
  upstream.think(0);
  const [peer, own] = await takeTurns(async (bot) => {
    const [from, before] = [next, await bot.processorMs()];
    const perSecond = await flatOut(AT_ONCE, seconds / 2, send(bot));
    return { perSecond, processorMs: ((await bot.processorMs()) - before) / (next - from) };
  });
  return [...figures, throughput(peer, own), processor(peer, own)];
}

function latency(what: string, peerTurns: number[][], ownTurns: number[][]): Figure[] {
  const [peer, own] = [peerTurns.flat(), ownTurns.flat()];
  return (['median', 'p99'] as const).map((name) => {
    const share = name === 'median' ? 0.5 : 0.99;
    const [a, b] = [within(peer, share), within(own, share)];
    return {
      what: `${name} at ${PER_SECOND}/s, ${what}`,
      measured: `${b.toFixed(2)} ms, bare bot ${a.toFixed(2)} ms: ${(b / a).toFixed(2)}×`,
      promised: `≤ ${MOST[name]}×`,
      held: b <= MOST[name] * a,
    };
  });
}

interface FlatOut {
  readonly perSecond: number;
  /** Of each update. */
  readonly processorMs: number;
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function throughput(peerTurns: FlatOut[], ownTurns: FlatOut[]): Figure {
  const [peer, own] = [peerTurns, ownTurns].map((turns) => mean(turns.map(({ perSecond }) => perSecond))) as [number, number];
  return {
    what: `throughput, ${AT_ONCE} at once`,
    measured: `${own.toFixed(0)}/s, bare bot ${peer.toFixed(0)}/s: ${(own / peer).toFixed(2)}×`,
    promised: `≥ ${THROUGHPUT_TIMES}×`,
    held: own >= THROUGHPUT_TIMES * peer,
  };
}

/** What else runs on the machine troubles this figure least. */
function processor(peerTurns: FlatOut[], ownTurns: FlatOut[]): Figure {
  const [peer, own] = [peerTurns, ownTurns].map((turns) => mean(turns.map(({ processorMs }) => processorMs))) as [number, number];
  return {
    what: `processor time of an update, ${AT_ONCE} at once`,
    measured: `${own.toFixed(2)} ms, bare bot ${peer.toFixed(2)} ms: ${(own / peer).toFixed(2)}×`,
    promised: `≤ ${MOST.processor}×`,
    held: own <= MOST.processor * peer,
  };
}
