import { channelContract } from '../../../contracts/channel.ts';
import { openHarness } from './harness.ts';

channelContract(
  'WeCom’s robot',
  async () => {
    const { wecom, channel, close } = await openHarness();
    const zhang = wecom.person('zhangsan');
    return {
      channel,
      chat: zhang.ref,
      says: (text) => zhang.says(text),
      presses: (label) =>
        zhang.presses(
          zhang.chat.messages.findLast((message) => zhang.sees(message).buttons.some((b) => b.label === label))!,
          label,
        ),
      again: () => wecom.repeat(),
      screen: () =>
        zhang.chat.messages.map((message) => {
          const { text, buttons, picture, file } = zhang.sees(message);
          return { text, buttons: buttons.map(({ label }) => label), picture, file };
        }),
      refuse() {
        for (let times = 0; times < 2; times += 1) wecom.fault('aibot_upload_media_finish', { kind: 'error', code: 40006 });
      },
      asides: () => [],
      lock: () => wecom.fault('aibot_respond_update_msg', { kind: 'error', code: 846605 }),
      // Nothing that people wrote can ever be deleted.
      keep: () => undefined,
      leave: () => zhang.leaves(),
      close,
    };
  },
  {
    edits: 'pressed',
    can: ['lock', 'keep', 'leave'],
    carries: { picture: 10 * 1024 * 1024, file: 20 * 1024 * 1024 },
  },
);
