import { channelContract } from '../../../contracts/channel.ts';
import { setStage } from './stage.ts';

channelContract(
  'WeCom’s robot',
  async () => {
    const { wecom, channel, close } = await setStage();
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
          const { text, buttons } = zhang.sees(message);
          return { text, buttons: buttons.map(({ label }) => label) };
        }),
      asides: () => [],
      lock: () => wecom.fault('aibot_respond_update_msg', { kind: 'error', code: 846605 }),
      // Nothing that people wrote can ever be deleted.
      keep: () => undefined,
      leave: () => zhang.leaves(),
      close,
    };
  },
  { edits: 'pressed', can: ['lock', 'keep', 'leave'] },
);
