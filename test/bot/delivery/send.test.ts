import { expect, test } from 'vitest';
import { NoChannel } from '../../../bot/channel/channel.ts';
import { createSend } from '../../../bot/delivery/send.ts';

test('a chat whose channel is not set up is not taken for one that is gone', async () => {
  const send = createSend(() => undefined);
  await expect(send('telegram:1', { kind: 'say', text: '日报' })).rejects.toThrow(NoChannel);
});
