/** Sets up the app's channel on a fake WeCom, which calls back over HTTP. */
import { serve } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import type { Hono } from 'hono';
import { onTestFinished } from 'vitest';
import { words } from '../../../../locales/index.ts';
import type { Incoming } from '../../../../handlers/message.ts';
import { createApi } from '../../../../bot/wecom/api.ts';
import { createApp, type AppOptions } from '../../../../bot/wecom/app/app.ts';
import { createCallback } from '../../../../bot/wecom/callback.ts';
import { createCrypto } from '../../../../bot/wecom/crypto.ts';
import type { Log } from '../../../../services/log.ts';
import type { Collection, Collections } from '../../../../services/database/collections.ts';
import { startWecomApp, type FakeWecomApp } from '../../../doubles/wecom-app.ts';

/** Collections in memory that expire by the test's clock. */
export function createMemoryCollections(now: () => number): Collections {
  return <T>(_: string, ttlMs: number): Collection<T> => {
    const values = new Map<string, { value: T; until: number }>();
    const get = (key: string): T | undefined => {
      const kept = values.get(key);
      return kept && kept.until > now() ? kept.value : undefined;
    };
    return {
      get: (key) => Promise.resolve(get(key)),
      set: (key, value, ttl = ttlMs) => {
        values.set(key, { value, until: now() + ttl });
        return Promise.resolve();
      },
      delete: (key) => Promise.resolve(values.delete(key)),
      take(key) {
        const value = get(key);
        values.delete(key);
        return Promise.resolve(value);
      },
    };
  };
}

export function createLines(): { lines: string[]; log: Log } {
  const lines: string[] = [];
  const write =
    (level: string) =>
    (message: string, facts: object = {}): void => {
      const error = 'error' in facts ? facts.error : undefined;
      lines.push(`${level} ${message} ${JSON.stringify(facts)} ${error instanceof Error ? error.stack : ''}`);
    };
  return { lines, log: { info: write('info'), warn: write('warn'), error: write('error') } };
}

/** Serves routes on loopback; gives the address of the callback. */
export async function serveRoutes(routes: Hono): Promise<{ url: string; close(): Promise<void> }> {
  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const starting = serve({ fetch: routes.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(starting));
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/wecom/callback`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}

export interface HarnessOptions {
  /** The clock of the app and of WeCom. */
  readonly now?: () => number;
  /** Waits of the app; by default they take no time. */
  readonly wait?: (ms: number) => Promise<void>;
  readonly timeoutMs?: number;
  readonly againOnStatus?: boolean;
  readonly secret?: string;
}

/** Composes the app's parts on a fake WeCom, as `bot/app/channels.ts` does, without starting them. */
export async function buildApp(setup: HarnessOptions = {}) {
  const { now = Date.now, wait = () => Promise.resolve() } = setup;
  const wecom: FakeWecomApp = await startWecomApp({ now, againOnStatus: setup.againOnStatus ?? false });
  const { lines, log } = createLines();
  const collections = createMemoryCollections(now);
  const api = createApi({
    base: wecom.base,
    corpId: wecom.corpId,
    secret: setup.secret ?? wecom.secret,
    tokens: collections('wecom-token', 7_200_000),
    now,
    wait,
    log,
    ...(setup.timeoutMs !== undefined && { timeoutMs: setup.timeoutMs }),
  });
  const { corpId: receiveId, token, encodingAesKey } = wecom;
  const callback = createCallback({ crypto: createCrypto({ token, encodingAesKey, receiveId }), now, log });
  let ids = 0;
  const options: AppOptions = {
    api,
    callback,
    agentId: wecom.agentId,
    collections: collections,
    names: () => Promise.resolve(new Map()),
    wordsOf: () => Promise.resolve(words('zh-CN')),
    menuWords: words('zh-CN'),
    newId: () => `task${(ids += 1)}`,
    now,
    wait,
    log,
  };
  const channel = createApp(options);
  const hook = await serveRoutes(callback.routes);
  wecom.callbacks.setUrl(hook.url);
  const close = async (): Promise<void> => {
    await hook.close();
    await wecom.close();
  };
  return { wecom, channel, api, callback, lines, close };
}

/** Composes the app, starts it and records what it hears; it ends with the test. */
export async function startHarness(setup: HarnessOptions = {}) {
  const harness = await buildApp(setup);
  const heard: Incoming[] = [];
  onTestFinished(async () => {
    await harness.channel.stop();
    await harness.close();
  });
  await harness.channel.start((incoming) => {
    heard.push(incoming);
    return Promise.resolve();
  });
  return { ...harness, heard, zhang: harness.wecom.member('ZhangSan') };
}
