/** Sets up the smart bot's channel on a fake WeCom. */
import { onTestFinished } from 'vitest';
import { createSmartBot, type SmartBot, type SmartBotOptions } from '../../../../bot/wecom/smart-bot/smart-bot.ts';
import type { Card } from '../../../../handlers/message.ts';
import { words } from '../../../../locales/index.ts';
import { openSqlite } from '../../../../services/database/database.ts';
import { createCollections } from '../../../../services/database/collections.ts';
import { createSeal } from '../../../../services/database/seal.ts';
import { startWecomBot, type FakeWecomBot } from '../../../doubles/wecom-smart-bot.ts';
import { recordingHear, createLines } from '../../telegram/harness.ts';

/** Waits under the test's control: those of a length in `open`, and of a minute or more, last until ended; others take no time. */
export function createWaits(open: readonly number[] = [3000, 15_000, 20_000]) {
  const asked: number[] = [];
  const waiting: { readonly ms: number; end(): void }[] = [];
  return {
    asked,
    /** Ends the waits of this length. */
    elapse(ms: number): void {
      for (const one of waiting.filter((each) => each.ms === ms)) one.end();
    },
    wait(ms: number, signal?: AbortSignal): Promise<void> {
      asked.push(ms);
      if (!open.includes(ms) && ms < 60_000) return Promise.resolve();
      return new Promise((resolve) => {
        const one = {
          ms,
          end(): void {
            waiting.splice(waiting.indexOf(one), 1);
            resolve();
          },
        };
        waiting.push(one);
        signal?.addEventListener('abort', () => one.end());
      });
    },
  };
}

type HarnessOptions = Partial<SmartBotOptions> & { readonly wecom?: FakeWecomBot };

/** Opens a fake and a channel on it, not yet started. */
export async function openHarness({ wecom: given, ...options }: HarnessOptions = {}) {
  const now = options.now ?? Date.now;
  const wecom = given ?? (await startWecomBot({ now }));
  const database = await openSqlite(':memory:');
  const collections = createCollections(database.db, createSeal(Buffer.alloc(32, 7)), () => Date.now());
  const waits = createWaits();
  const { lines, log } = createLines();
  let ids = 0;
  const channel: SmartBot = createSmartBot({
    id: wecom.id,
    secret: wecom.secret,
    wsUrl: wecom.wsUrl,
    mediaBase: wecom.mediaBase,
    photos: collections('wecom-bot-photo', 900_000),
    chats: collections('wecom-bot-chat', 900_000),
    lists: collections('wecom-bot-list', 900_000),
    words: () => Promise.resolve(words('zh-CN')),
    boundBy: () => Promise.resolve(undefined),
    newId: () => `task${(ids += 1)}`,
    log,
    now,
    wait: waits.wait,
    reconnectMs: 1,
    ...options,
  });
  const close = async (): Promise<void> => {
    await channel.stop();
    waits.elapse(15_000);
    await wecom.close();
    await database.close();
  };
  return { wecom, channel, recorded: recordingHear(), lines, waits, close };
}

/** Opens the harness and starts its channel; both end with the test. */
export async function startHarness(setup: HarnessOptions = {}) {
  const harness = await openHarness(setup);
  onTestFinished(harness.close);
  await harness.channel.start(harness.recorded.hear);
  return harness;
}

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
export const DONE: Card = { title: '核销成功', fields: CARD.fields, tone: 'good', buttons: [] };
