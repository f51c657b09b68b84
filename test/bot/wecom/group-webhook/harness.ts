/** Group webhooks' double with the real channel on it, for the stories beside this file. */
import { createGroupWebhook, KEPT_MS, type Webhook } from '../../../../bot/wecom/group-webhook/group-webhook.ts';
import { words } from '../../../../locales/index.ts';
import { openSqlite } from '../../../../services/database/database.ts';
import { createCollections } from '../../../../services/database/collections.ts';
import { createSeal } from '../../../../services/database/seal.ts';
import { startRobots } from '../../../doubles/wecom-group-webhook.ts';

/** A double and a channel on it. */
export async function openHarness() {
  let now = Date.parse('2026-11-22T00:00:00+08:00');
  const wecom = await startRobots({ now: () => now });
  const database = await openSqlite(':memory:');
  const lost: string[] = [];
  const open = () =>
    createGroupWebhook({
      apiBase: wecom.url,
      webhooks: createCollections(database.db, createSeal(Buffer.alloc(32, 7)))<Webhook>('webhook', KEPT_MS),
      timeoutMs: 2000,
      wordsOf: () => Promise.resolve(words('zh-CN')),
      lost: (chat) => Promise.resolve(void lost.push(chat)),
      now: () => now,
    });
  const robot = open();
  return {
    wecom,
    robot,
    database,
    lost,
    /** The program starts again. */
    restart: open,
    later: (ms: number) => void (now += ms),
    async close(): Promise<void> {
      await wecom.close();
      await database.close();
    },
    /** A group whose webhook was taken. */
    async connected() {
      const group = wecom.group();
      const connection = await robot.webhook.connect(group.address, '你好');
      if ('problem' in connection) throw new Error(connection.problem);
      return { group, chat: connection.chat, tail: connection.tail };
    },
  };
}
