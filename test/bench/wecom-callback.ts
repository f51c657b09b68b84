/** How soon WeCom's calls are answered while the merchants' platform takes five seconds for everything, against a bare handler. */
import { serve } from '@hono/node-server';
import { decrypt, getSignature } from '@wecom/crypto';
import { Hono } from 'hono';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { randomBytes } from 'node:crypto';
import { createApp } from '../../bot/app/app.ts';
import { mountWecomApp } from '../../bot/app/channels.ts';
import { systemTime } from '../../services/time/time.ts';
import { openSqlite } from '../../services/database/database.ts';
import { createSeal } from '../../services/database/seal.ts';
import type { Platform } from '../../services/platforms/platform.ts';
import { createPractice, type Page } from '../../services/platforms/practice/practice.ts';
import { startWecomApp, type FakeMember, type FakeWecomApp } from '../doubles/wecom-app.ts';
import type { Figure } from './ledger.ts';

const MEMBERS = 50;
const CALLS = 3000;
const PER_SECOND = 100;
/** Calls before anything is measured: code is compiled when it is first used. */
const WARM_UP = 300;
const PLATFORM_MS = 5000;
const PROMISED_MS = 100;

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The practice platform, where every question takes five seconds. */
const slow = (platform: Platform): Platform => ({
  ...platform,
  lookup: async (...question) => {
    await pause(PLATFORM_MS);
    return await platform.lookup(...question);
  },
  verify: async (...question) => {
    await pause(PLATFORM_MS);
    return await platform.verify(...question);
  },
});

/** The program on a file of SQLite, with the app as its only channel. */
async function openProgram(wecom: FakeWecomApp, folder: string) {
  const database = await openSqlite(path.join(folder, 'bench.sqlite'));
  const key = Buffer.alloc(32, 7);
  let ids = 0;
  const app = createApp({
    config: {
      locale: 'zh-CN',
      timeZone: 'Asia/Shanghai',
      operators: [],
      publicUrl: undefined,
      webhookPrivate: true,
      access: 'open',
    },
    database,
    alone: true,
    seal: createSeal(key),
    key,
    // No job runs: only what is heard is measured.
    time: { ...systemTime, every: () => ({ stop: () => undefined }) },
    newId: () => String((ids += 1)).padStart(16, '0'),
    random: randomBytes,
    platforms: ({ collections, now }) => [slow(createPractice({ books: collections<Page>('practice', 1e10), now, pause }))],
    channels(parts) {
      const [members] = mountWecomApp({ ...wecom, apiBase: wecom.base }, parts);
      return [members];
    },
    http: { port: 0, host: '127.0.0.1', metrics: { kind: 'loopback' } },
    log: quiet,
    version: 'bench',
  });
  await app.start((port) => wecom.callbacks.setUrl(`http://127.0.0.1:${port}/wecom/callback`));
  return {
    waiting: app.waiting,
    async close(): Promise<void> {
      await app.stop(AbortSignal.timeout(3 * PLATFORM_MS));
      await database.close();
    },
  };
}

/** What any tutorial shows: check, decrypt, answer. */
async function openBare(wecom: FakeWecomApp): Promise<{ close(): void }> {
  const routes = new Hono().post('/wecom/callback', async (c) => {
    const encrypt = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(await c.req.text())?.[1] ?? '';
    const { msg_signature: given, timestamp = '', nonce = '' } = c.req.query();
    if (getSignature(wecom.token, timestamp, nonce, encrypt) !== given) return c.body(null, 401);
    return c.body(null, decrypt(wecom.encodingAesKey, encrypt).id === wecom.corpId ? 200 : 400);
  });
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const starting = serve({ fetch: routes.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(starting));
  });
  wecom.callbacks.setUrl(`http://127.0.0.1:${(server.address() as AddressInfo).port}/wecom/callback`);
  return { close: () => void server.close() };
}

const pressed = (member: FakeMember, label: string) => {
  const card = member.messages.findLast(({ buttons }) => buttons.some((button) => button.label.includes(label)))!;
  return member.presses(card, card.buttons.find((button) => button.label.includes(label))!.label);
};

/** Codes at an even pace; ms until each was answered, sorted. Rejects when one was not. */
async function load(members: readonly FakeMember[]): Promise<number[]> {
  const began = performance.now();
  const times = await Promise.all(
    Array.from({ length: WARM_UP + CALLS }, async (_, n) => {
      await pause((n / PER_SECOND) * 1000);
      const start = performance.now();
      const tries = await members[n % members.length]!.says(String(1_000_000_000 + n));
      if (tries.join() !== '200') throw new Error(`a call was answered with ${tries.join()}`);
      return performance.now() - start;
    }),
  );
  const seconds = (performance.now() - began) / 1000;
  if (seconds > ((WARM_UP + CALLS) / PER_SECOND) * 1.5) throw new Error(`the load took ${seconds.toFixed(0)} s`);
  return times.slice(WARM_UP).toSorted((a, b) => a - b);
}

const at = (times: readonly number[], share: number): string => `${times[Math.floor(times.length * share)]!.toFixed(1)} ms`;

export async function bench(): Promise<readonly Figure[]> {
  const folder = await mkdtemp(path.join(tmpdir(), 'hexiao-bench-'));
  const wecom = await startWecomApp();
  wecom.state.perMinute = 1e9;
  const members = Array.from({ length: MEMBERS }, (_, n) => wecom.member(`member${n}`));
  try {
    const bare = await openBare(wecom);
    const peer = await load(members);
    bare.close();
    const program = await openProgram(wecom, folder);
    for (const member of members) {
      await member.says('绑定');
      await member.sees('选择平台');
      await pressed(member, '练习店');
      await member.sees('选择门店');
      await pressed(member, '练习棋牌室');
      await member.sees('已绑定');
    }
    const times = await load(members);
    const waiting = await program.waiting();
    await program.close();
    const p99 = times[Math.floor(times.length * 0.99)]!;
    const scene = `${PER_SECOND} calls/s of ${MEMBERS} members, platform takes 5 s`;
    return [
      { what: `${scene}: p50`, measured: at(times, 0.5), promised: '', held: true },
      { what: `${scene}: p99`, measured: at(times, 0.99), promised: `≤ ${PROMISED_MS} ms`, held: p99 <= PROMISED_MS },
      { what: `${scene}: slowest`, measured: at(times, 0.9999), promised: '', held: true },
      { what: 'calls stored and not yet answered then', measured: String(waiting), promised: '', held: waiting > 0 },
      { what: 'bare handler, nothing stored: p50', measured: at(peer, 0.5), promised: '', held: true },
      { what: 'bare handler, nothing stored: p99', measured: at(peer, 0.99), promised: '', held: true },
    ];
  } finally {
    await wecom.close();
    await rm(folder, { recursive: true, force: true });
  }
}
