/** A merchant's till: it verifies by the API with an Idempotency-Key, and repeats until it knows what became of it. */
import type { Chance } from '../world/chance.ts';
import type { Scheduler } from '../world/scheduler.ts';
import type { Answered, Reach } from './reach.ts';

/** What the till was told about one key. */
export interface Sale {
  /** The Idempotency-Key. */
  readonly key: string;
  readonly code: string;
  readonly answers: { readonly status: number; readonly id: string | undefined; readonly problem: string | undefined }[];
  /** The answers to the same key with another request. */
  readonly mismatches: string[];
}

export interface Till {
  readonly sales: readonly Sale[];
  /** Verifies one use: so many times at once, each by itself until it is answered for good. */
  verify(code: string, secret: string, times: number, gapMs: number): void;
}

/** The waits before a repeat, ms; the last one for ever. */
const AGAIN_MS = [500, 2_000, 8_000, 30_000, 120_000] as const;
/** Answers after which the same request is made again. */
const PENDING = new Set([202, 404, 409, 429, 500, 503]);

/** What an answer says; nothing where the program could not answer at all. */
const read = ({ status, body }: Answered): { readonly id?: string; readonly status?: string; readonly code?: string } =>
  status === 500 ? {} : (JSON.parse(body) as { id?: string; status?: string; code?: string });

export function createTill(parts: { reach: Reach; scheduler: Scheduler; chance: Chance; tell: (line: string) => void }): Till {
  const { reach, scheduler, chance } = parts;
  const sales: Sale[] = [];

  const ask = (secret: string, key: string, body: object, heard: (answered: Answered | undefined) => void): void =>
    reach(
      {
        method: 'POST',
        path: '/api/v1/verifications',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify(body),
      },
      heard,
    );

  return {
    sales,
    verify(code, secret, times, gapMs) {
      const sale: Sale = { key: `sale-${sales.length + 1}`, code, answers: [], mismatches: [] };
      sales.push(sale);
      const send = (tries: number): void =>
        ask(secret, sale.key, { code }, (answered) => {
          const told = answered && read(answered);
          const said = answered ? `${answered.status} ${told?.status ?? told?.code ?? ''}` : 'no answer';
          parts.tell(`till ⇒ ${sale.key} verify ${code}: ${said}`);
          if (answered) sale.answers.push({ status: answered.status, id: told?.id, problem: told?.code });
          if (!answered || PENDING.has(answered.status))
            return void scheduler.after(AGAIN_MS[Math.min(tries, AGAIN_MS.length - 1)]!, () => send(tries + 1));
          if (answered.status === 201 && chance.often(0.3))
            ask(secret, sale.key, { code, note: 'another' }, (other) => {
              if (other) sale.mismatches.push(read(other).code ?? String(other.status));
            });
        });
      for (let n = 0; n < times; n++) scheduler.after(n * gapMs, () => send(0));
    },
  };
}
