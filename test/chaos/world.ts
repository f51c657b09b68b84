/** Several instances on one PostgreSQL, with Telegram and umember beside them; what is broken, and what must hold afterwards. */
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { startTelegram } from '../doubles/telegram.ts';
import { startUmember } from '../doubles/umember.ts';
import { createServerDatabase } from '../fixtures/server-database.ts';
import { createInstance, type Instance } from './instance.ts';
import { FEN, hire, type Clerk } from './people.ts';

export type World = Awaited<ReturnType<typeof openWorld>>;

/** What may happen to an instance; it lasts `seconds`. */
export type Blow = 'kill' | 'stop' | 'drop' | 'reset' | 'black-hole';

export interface WorldOptions {
  readonly instances: number;
  readonly people: number;
  /** How far the clock of each instance is ahead, ms. */
  readonly aheadMs?: readonly number[];
  /** How long a call of umember takes, ms. */
  readonly latencyMs?: number;
  /** Claims of the dead run out after some seconds instead of up to 75: the harness shortens them in the database. */
  readonly shortLeases?: boolean;
  /** Numbers from 0 to 1. */
  readonly chance: () => number;
}

/** What the laws are about, at the end. */
export interface Books {
  readonly customers: number;
  /** Coupons that the platform has as used. */
  readonly used: number;
  readonly usedTwice: number;
  /** Used at the platform and not verified in the ledger, or the other way round. */
  readonly wrong: readonly string[];
  /** Summaries in each chat whose day has ended, those left out that say they are a repeat. */
  readonly summaries: readonly number[];
  /** Codes that were answered with more than one card, though nothing was struck. */
  readonly answeredTwice: readonly string[];
  /** Cards that say something else than the platform. */
  readonly wrongCards: readonly string[];
  readonly fen: { readonly here: number; readonly there: number };
  /** Messages and events that were not handled to their end, or put aside. */
  readonly left: number;
  /** How long each chat's answer took in the end, ms; undefined: none came. */
  readonly chats: readonly (number | undefined)[];
}

const SHORTEN = [
  `update inbox set until = least(until, NOW + 4000) where state = 'doing' and until > NOW + 4000`,
  `update lease set until = least(until, NOW + 7000) where name like 'hear:%' and until > NOW + 7000`,
  `update verification set check_at = least(check_at, NOW + 8000) where state in ('submitting', 'undoing') and check_at > NOW + 8000`,
].map((text) => text.replaceAll('NOW', '(extract(epoch from clock_timestamp()) * 1000)::bigint'));

/** Numbers from 0 to 1 that a seed repeats (mulberry32). */
export function createChance(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export async function openWorld(options: WorldOptions) {
  const { instances: count, people, aheadMs = [], latencyMs = 20, shortLeases = false, chance } = options;
  const database = await createServerDatabase();
  const telegram = await startTelegram();
  const umember = await startUmember({ perSecond: undefined, latencyMs, jitterMs: 20 });
  const env = {
    TELEGRAM_BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.apiRoot,
    UMEMBER_BASE_URL: umember.url,
    SECRET_KEY: randomBytes(32).toString('base64'),
  };
  const instances: Instance[] = [];
  for (let n = 0; n < count; n++) {
    instances.push(await createInstance(`instance ${n + 1}`, database, { ...env, SKEW_MS: String(aheadMs[n] ?? 0) }));
    await instances[n]!.start();
  }
  const clerks: Clerk[] = await Promise.all(Array.from({ length: people }, (_, n) => hire(n, { telegram, umember })));
  // The day ends in the first minute that all have still time to hear of.
  const dayEnd = new Date(Math.ceil((Date.now() + 8_000) / 60_000) * 60_000);
  for (const clerk of clerks) await clerk.endsDay(dayEnd);
  let over = false;
  const shortening = shortLeases ? shorten() : Promise.resolve();
  async function shorten(): Promise<void> {
    while (!over) {
      for (const query of SHORTEN) await database.query(query).catch(() => undefined);
      await pause(300);
    }
  }
  const work = clerks.map((clerk) => clerk.works(() => over, chance));
  const answers = (): number[] => clerks.flatMap((clerk) => clerk.answers).toSorted((a, b) => a - b);

  const left = async (): Promise<number> => {
    const [row] = await database.query<{ n: string }>(`select
      (select count(*) from inbox where state in ('waiting', 'doing'))
      + (select count(*) from outbox where state in ('due', 'sending', 'uncertain'))
      + (select count(*) from verification where state in ('submitting', 'unsure', 'undoing', 'undo-unsure')) as n`);
    return Number(row!.n) + telegram.waiting;
  };
  const dead = async (): Promise<number> => {
    const [row] = await database.query<{ n: string }>(`select
      (select count(*) from inbox where state = 'dead') + (select count(*) from outbox where state in ('dead', 'gone')) as n`);
    return Number(row!.n);
  };

  return {
    summaries: () => clerks.map((clerk) => clerk.summaries()),
    instances,
    telegram,
    umember,
    database,
    leader: async (): Promise<Instance> => {
      for (;;) {
        for (const one of instances) if (one.alive && (await one.leads())) return one;
        await pause(200);
      }
    },
    /** Strikes an instance for some seconds, and gives the longest time without any answer from then on, ms. */
    async strike(instance: Instance, blow: Blow, seconds: number): Promise<number> {
      const began = Date.now();
      if (blow === 'kill') await instance.kill();
      else if (blow === 'stop') instance.signal('SIGSTOP');
      else instance.line(blow);
      await pause(seconds * 1_000);
      if (blow === 'kill') await instance.start();
      else if (blow === 'stop') instance.signal('SIGCONT');
      else instance.line('pass');
      await pause(5_000);
      const times = [began, ...answers().filter((at) => at > began), Date.now()];
      return Math.max(...times.slice(1).map((at, n) => at - times[n]!));
    },
    /** Lets everything come to its end and looks at what is there. */
    async rest(patienceMs: number): Promise<Books> {
      over = true;
      await Promise.all([...work, shortening]);
      for (const late = Date.now() + patienceMs; (await left()) > 0 && Date.now() < late;) await pause(500);
      const chats = await Promise.all(clerks.map((clerk) => clerk.asksStatus()));
      for (const late = Date.now() + 10_000; (await left()) > 0 && Date.now() < late;) await pause(200);
      const rows = await database.query<{ code: string; state: string; amount: string | null }>(
        `select code, state, amount from verification where state not in ('dropped', 'refused')`,
      );
      const customers = clerks.flatMap((clerk) => clerk.customers);
      const used = (code: string): number => umember.books.used(code).length;
      const verified = new Set(rows.filter(({ state }) => state === 'verified').map(({ code }) => code));
      const there = customers.filter(({ code }) => used(code) > 0);
      return {
        customers: customers.length,
        used: there.length,
        usedTwice: there.filter(({ code }) => used(code) > 1).length,
        wrong: customers.flatMap(({ code }) => (used(code) > 0 === verified.has(code) ? [] : [code])),
        summaries: clerks.map((clerk) => clerk.summaries()),
        answeredTwice: clerks.flatMap((clerk) => clerk.answeredTwice()),
        wrongCards: customers.flatMap(({ code, cards }) =>
          cards.every(({ text }) => text.includes('核销成功') === used(code) > 0) ? [] : [code, ...cards.map(({ text }) => text)],
        ),
        fen: {
          here: rows.reduce((sum, { amount }) => sum + Number(amount ?? 0), 0),
          there: there.length * FEN,
        },
        left: (await left()) + (await dead()),
        chats,
      };
    },
    async close(): Promise<void> {
      over = true;
      await Promise.allSettled([...work, shortening]);
      await Promise.all(instances.map((one) => one.close()));
      await Promise.all([telegram.close(), umember.close()]);
      await database.drop();
    },
  };
}
