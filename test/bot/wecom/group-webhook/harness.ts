/** Sets up the group webhook's channel on a fake WeCom. */
import { createGroupWebhook, KEPT_MS, type Webhook } from '../../../../bot/wecom/group-webhook/group-webhook.ts';
import { words } from '../../../../locales/index.ts';
import { openSqlite } from '../../../../services/database/database.ts';
import { createCollections } from '../../../../services/database/collections.ts';
import { createSeal } from '../../../../services/database/seal.ts';
import { startRobots } from '../../../doubles/wecom-group-webhook.ts';

/** Opens a fake and a channel on it. */
export async function openHarness() {
  let now = Date.parse('2026-11-22T00:00:00+08:00');
  const wecom = await startRobots({ now: () => now });
  const database = await openSqlite(':memory:');
  const lost: string[] = [];
  const open = () =>
    createGroupWebhook({
      apiBase: wecom.url,
      webhooks: createCollections(database.db, createSeal(Buffer.alloc(32, 7)), () => Date.now())<Webhook>('webhook', KEPT_MS),
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
    /** Creates the channel anew, as after a restart. */
    restart: open,
    later: (ms: number) => void (now += ms),
    async close(): Promise<void> {
      await wecom.close();
      await database.close();
    },
    /** Gives a group whose webhook is connected. */
    async connected() {
      const group = wecom.group();
      const connection = await robot.webhook.connect(group.address, '你好');
      if ('problem' in connection) throw new Error(connection.problem);
      return { group, chat: connection.chat, tail: connection.tail };
    },
  };
}
