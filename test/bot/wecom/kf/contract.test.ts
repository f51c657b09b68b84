import { channelContract } from '../../../contracts/channel.ts';
import { openHarness } from './harness.ts';

channelContract(
  '微信客服',
  async () => {
    const { wecom, channel, patience, close } = await openHarness();
    const lin = wecom.customer('林小姐');
    // A failed page is fetched again after a pause, which ends at once here.
    const impatient = setInterval(() => void patience.elapse(), 5);
    return {
      channel,
      chat: lin.chat,
      says: (text) => lin.says(text),
      async presses(label) {
        await channel.settled();
        lin.clicks(label);
      },
      again: () => wecom.repeat(),
      async screen() {
        await channel.settled();
        return lin.messages.map(({ text, items, picture, file }) => ({
          text,
          buttons: items.map(({ label }) => label),
          picture,
          file,
        }));
      },
      asides: () => [],
      lines: 250,
      refuse: () => wecom.fail('/media/upload', { kind: 'code', code: 40006 }, { kind: 'code', code: 40006 }),
      lock: () => undefined,
      keep: () => undefined,
      async close() {
        clearInterval(impatient);
        await close();
      },
    };
  },
  {
    edits: 'nothing',
    can: ['lock', 'keep'],
    carries: { picture: 10 * 1024 * 1024, file: 20 * 1024 * 1024 },
  },
);
