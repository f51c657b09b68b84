/** WeCom's self-built app as one of the channels. */
import { channelContract, type ChannelHarness } from '../../../contracts/channel.ts';
import { buildApp } from './harness.ts';

async function openChannel(): Promise<ChannelHarness> {
  const { wecom, channel, close } = await buildApp();
  const zhang = wecom.member('ZhangSan');
  return {
    channel,
    chat: zhang.ref,
    says: (text) => zhang.says(text),
    presses: (label) =>
      zhang.presses(
        zhang.messages.findLast(({ buttons }) => buttons.length > 0)!,
        label,
      ),
    again: () => wecom.callbacks.again(),
    screen: () =>
      zhang.messages.map(({ text, buttons, picture, file }) => ({
        text,
        buttons: buttons.map(({ label }) => label),
        picture,
        file,
      })),
    refuse: () => wecom.fail('/media/upload', { kind: 'code', code: 40006 }, { kind: 'code', code: 40006 }),
    asides: () => [],
    lock: () => wecom.endCodes(),
    leave: () => void (zhang.hidden = true),
    close,
  };
}

channelContract('the WeCom app', openChannel, {
  can: ['lock', 'leave'],
  carries: { picture: 10 * 1024 * 1024, file: 20 * 1024 * 1024 },
});
