/** WeCom's self-built app as one of the channels. */
import { channelContract, type ChannelWorld } from '../../../contracts/channel.ts';
import { buildApp } from './stage.ts';

async function makeWorld(): Promise<ChannelWorld> {
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
    screen: () => zhang.messages.map(({ text, buttons }) => ({ text, buttons: buttons.map(({ label }) => label) })),
    asides: () => [],
    lock: () => wecom.endCodes(),
    leave: () => void (zhang.hidden = true),
    close,
  };
}

channelContract('the WeCom app', makeWorld, { can: ['lock', 'leave'] });
