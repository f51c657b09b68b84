/** Reaches a program over HTTP from outside: one of those alive, in some time, and its answer may be lost. */
import type { App } from '../../../bot/app/app.ts';
import type { Chance } from '../world/chance.ts';
import type { Process, Scheduler } from '../world/scheduler.ts';

export interface Asked {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

/** `heard` gets nothing where no answer came within the patience of the one who asks. */
export type Reach = (asked: Asked, heard: (answered: Answered | undefined) => void) => void;

/** How long somebody waits for an answer, ms. */
const PATIENCE_MS = 10_000;
/** The longest way of a request or an answer, ms. */
const WAY_MS = 120;

export function createReach({
  scheduler,
  chance,
  alive,
  loses,
}: {
  scheduler: Scheduler;
  chance: Chance;
  /** Programs that can be reached now. */
  alive: () => readonly { readonly process: Process; readonly app: Pick<App, 'fetch'> }[];
  /** Whether the network loses this request, or its answer. */
  loses: () => 'before' | 'after' | undefined;
}): Reach {
  const way = (): number => chance.between(2, WAY_MS);
  return ({ method, path, headers, body }, heard) => {
    let over = false;
    const end = (answered: Answered | undefined): void => {
      if (over) return;
      over = true;
      heard(answered);
    };
    scheduler.after(PATIENCE_MS, () => end(undefined));
    const able = alive();
    const lost = loses();
    if (able.length === 0 || lost === 'before') return;
    const { process, app } = chance.pick(able);
    const handle = async (): Promise<void> => {
      const request = new Request(`http://hexiao.test${path}`, { method, headers, ...(body !== undefined && { body }) });
      const response = await app.fetch(request);
      const answered: Answered = { status: response.status, headers: response.headers, body: await response.text() };
      if (!process.dead && lost !== 'after') scheduler.after(way(), () => end(answered), process);
    };
    scheduler.after(way(), () => void handle(), process);
  };
}
