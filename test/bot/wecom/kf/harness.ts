/** Sets up the 微信客服 channel on a fake WeCom. */
import { onTestFinished } from 'vitest';
import { createApi } from '../../../../bot/wecom/api.ts';
import { createKf } from '../../../../bot/wecom/kf/kf.ts';
import type { Card } from '../../../../handlers/message.ts';
import { words } from '../../../../locales/index.ts';
import { openSqlite } from '../../../../services/database/database.ts';
import { createCollections } from '../../../../services/database/collections.ts';
import { noMutex } from '../../../../services/database/locks/mutex.ts';
import { createSeal } from '../../../../services/database/seal.ts';
import { startKf } from '../../../doubles/wecom-kf.ts';
import { sayingSorry } from '../../../fixtures/replies.ts';
import { recordingHear, createLines } from '../../telegram/harness.ts';

/** 2026-11-22 18:30 in Shanghai. */
export const EVENING = Date.parse('2026-11-22T18:30:00+08:00');

/** Waits that a test ends by `elapse`; an aborted signal ends one, too. */
export function createPatience() {
  const open = new Map<() => void, number>();
  return {
    /** Lengths of the running waits. */
    open: () => [...open.values()],
    /** Ends the waits of at most this length; resolves once their continuations have begun. */
    async elapse(ms = Number.POSITIVE_INFINITY): Promise<void> {
      for (const [end, length] of open) if (length <= ms) end();
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
    },
    wait: (ms: number, signal?: AbortSignal): Promise<void> =>
      new Promise((resolve) => {
        const end = (): void => {
          open.delete(end);
          resolve();
        };
        open.set(end, ms);
        if (signal?.aborted) end();
        signal?.addEventListener('abort', end);
      }),
  };
}

/** Opens a fake and a channel on it, not yet started. */
export async function openHarness(options: { pageSize?: number } = {}) {
  let at = EVENING;
  const now = (): number => at;
  const wecom = await startKf({ now, ...options });
  const database = await openSqlite(':memory:');
  const collections = createCollections(database.db, createSeal(Buffer.alloc(32, 7)), () => Date.now());
  const patience = createPatience();
  const { lines, log } = createLines();
  let ids = 0;
  const api = createApi({
    base: wecom.url,
    corpId: wecom.corpId,
    secret: wecom.secret,
    tokens: collections('access-token', 7_200_000),
    now,
    wait: () => Promise.resolve(),
    log,
    timeoutMs: 2000,
  });
  /** Creates a channel on the same database, as after a restart. */
  const open = () =>
    createKf({
      api,
      collections,
      mutex: noMutex,
      wordsOf: () => Promise.resolve(words('zh-CN')),
      wordInstead: sayingSorry,
      newId: () => (ids += 1).toString(36).padStart(16, 'x'),
      now,
      wait: patience.wait,
      log,
    });
  const channel = open();
  wecom.called = (news) => channel.notify(news);
  return {
    wecom,
    channel,
    open,
    api,
    database,
    patience,
    lines,
    recorded: recordingHear(),
    now,
    later: (ms: number) => void (at += ms),
    async close(): Promise<void> {
      await wecom.close();
      await database.close();
    },
  };
}

/** Opens the harness and starts its channel; both end with the test. */
export async function startHarness(options: { pageSize?: number } = {}) {
  const harness = await openHarness(options);
  onTestFinished(async () => {
    await harness.channel.stop();
    await harness.close();
  });
  await harness.channel.start(harness.recorded.hear);
  await harness.channel.settled();
  return {
    ...harness,
    /** Gives the texts of the bot on a phone, once all are sent. */
    async said(customer: { readonly messages: readonly { byBot: boolean; text: string }[] }): Promise<string[]> {
      await harness.channel.settled();
      return customer.messages.filter(({ byBot }) => byBot).map(({ text }) => text);
    },
  };
}

export const say = (text: string) => ({ kind: 'say', text }) as const;

export const CARD: Card = {
  title: '开业特惠通用畅玩4小时',
  fields: [
    { label: '券码', value: '123456789012' },
    { label: '售价', value: '¥49.00' },
  ],
  tone: 'open',
  buttons: [
    [
      { verb: 'use', id: 'a-1', label: '确认核销', style: 'primary' },
      { verb: 'drop', id: 'a', label: '取消' },
    ],
  ],
};
export const BUSY: Card = { title: '处理中', fields: CARD.fields, note: '正在核销，请稍候…', tone: 'busy', buttons: [] };
export const UNSURE: Card = { title: '结果待确认', fields: CARD.fields, note: '请勿重复操作', tone: 'busy', buttons: [] };
export const DONE: Card = { title: '核销成功', fields: CARD.fields, tone: 'good', buttons: [] };
