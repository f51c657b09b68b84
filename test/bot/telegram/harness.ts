/** Sets up the real channel on a Telegram double. */
import { serve } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Incoming } from '../../../handlers/message.ts';
import type { Log } from '../../../services/log.ts';
import { createTelegram, type Telegram, type TelegramOptions } from '../../../bot/telegram/telegram.ts';
import { startTelegram, type FakeTelegram } from '../../doubles/telegram.ts';

/** Waits that only `elapse` ends; `asked` records their lengths. */
export function createManualWait() {
  const open: { ms: number; end(): void }[] = [];
  const asked: number[] = [];
  let noticed: () => void = () => undefined;
  return {
    asked,
    /** Resolves when a wait of this length is open. */
    async waiting(ms: number): Promise<void> {
      while (!open.some((one) => one.ms === ms)) {
        await new Promise<void>((resolve) => {
          noticed = resolve;
        });
      }
    },
    /** Ends the waits of this length. */
    elapse(ms: number): void {
      for (const one of open.filter((each) => each.ms === ms)) one.end();
    },
    wait: (ms: number, signal: AbortSignal): Promise<void> =>
      new Promise((resolve) => {
        const one = {
          ms,
          end(): void {
            if (open.includes(one)) open.splice(open.indexOf(one), 1);
            resolve();
          },
        };
        asked.push(ms);
        open.push(one);
        signal.addEventListener('abort', () => one.end());
        noticed();
      }),
  };
}

/** Waits that end at once, except the 800 ms before a press gets its empty answer; `asked` records their lengths. */
export function createInstantWait() {
  const asked: number[] = [];
  return {
    asked,
    wait: (ms: number, signal: AbortSignal): Promise<void> => {
      asked.push(ms);
      if (ms !== 800) return Promise.resolve();
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve());
      });
    },
  };
}

export function createLines(): { lines: string[]; log: Log } {
  const lines: string[] = [];
  const write =
    (level: string) =>
    (message: string, facts: object = {}): void => {
      const error = 'error' in facts ? facts.error : undefined;
      lines.push(
        `${level} ${message} ${JSON.stringify(facts)} ${error instanceof Error ? `${error.stack} ${JSON.stringify(error)}` : ''}`,
      );
    };
  return { lines, log: { info: write('info'), warn: write('warn'), error: write('error') } };
}

/** Records the events of a channel; `next` resolves with the next unread one. */
export function recordingHear() {
  const all: Incoming[] = [];
  let taken = 0;
  let wake: () => void = () => undefined;
  return {
    all,
    hear: (incoming: Incoming): Promise<void> => {
      all.push(incoming);
      wake();
      return Promise.resolve();
    },
    async next(): Promise<Incoming> {
      while (all.length <= taken) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      taken += 1;
      return all[taken - 1]!;
    },
  };
}

/** Serves a webhook handler on the loopback interface; resolves with its address. */
export async function serveWebhook(
  handle: (request: Request) => Promise<Response>,
): Promise<{ url: string; close(): Promise<void> }> {
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const starting = serve({ fetch: handle, port: 0, hostname: '127.0.0.1' }, () => resolve(starting));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/telegram`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}

export const SECRET = 'a-secret_of-the-webhook';

/** Posts a body to the webhook; resolves with the status of the response. */
export async function post(channel: Telegram, body: unknown, secret: string | undefined = SECRET): Promise<number> {
  const response = await channel.handle(
    new Request('http://loopback/telegram', {
      method: 'POST',
      headers: secret === undefined ? {} : { 'x-telegram-bot-api-secret-token': secret },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  );
  return response.status;
}

/** A polling channel on a Telegram double. `hurry` divides the length of its waits. */
export const onTelegram = (telegram: FakeTelegram, { log, now }: Pick<TelegramOptions, 'log' | 'now'>, hurry = 1): Telegram =>
  createTelegram({
    token: telegram.token,
    apiRoot: telegram.apiRoot,
    mode: { kind: 'polling' },
    commands: [],
    log,
    now,
    wait: async (ms, signal) => await pause(ms / hurry, undefined, { signal }),
  });

type HarnessOptions = Partial<Pick<TelegramOptions, 'commands' | 'now' | 'wait' | 'timeoutMs' | 'token' | 'apiRoot'>> & {
  readonly by?: 'polling' | 'webhook';
  readonly telegram?: FakeTelegram;
  readonly privacy?: boolean;
};

/** A double and a channel on it, not started; both are closed at the end of the test. */
export async function prepareChannel({ by = 'polling', telegram: given, privacy = false, ...options }: HarnessOptions = {}) {
  const telegram = given ?? (await startTelegram({ privacy }));
  const instant = createInstantWait();
  const { lines, log } = createLines();
  const received = recordingHear();
  let channel: Telegram | undefined;
  const hook = by === 'webhook' ? await serveWebhook((request) => channel!.handle(request)) : undefined;
  channel = createTelegram({
    token: telegram.token,
    apiRoot: telegram.apiRoot,
    mode: hook ? { kind: 'webhook', url: hook.url, secret: SECRET } : { kind: 'polling' },
    commands: [],
    log,
    now: Date.now,
    wait: instant.wait,
    ...options,
  });
  onTestFinished(async () => {
    await channel.stop();
    await hook?.close();
    await telegram.close();
  });
  return { telegram, channel, received, lines, waits: instant.asked, hook };
}

/** Like `prepareChannel`, started. */
export async function startChannel(options: HarnessOptions = {}) {
  const harness = await prepareChannel(options);
  await harness.channel.start(harness.received.hear);
  return harness;
}
