/** A group webhook hears nothing: of the laws of channels it keeps those of what is carried. */
import { attachmentContract } from '../../../contracts/attachments.ts';
import { openHarness } from './harness.ts';

/** As it reads: without the marks, and with the signs for which wide ones stand in. */
const drawn = (text: string): string =>
  text
    .replaceAll(/^\*\*|\*\*$|^- /gm, '')
    .replaceAll(/[＊＿｀｜［］＜＞＃～＼]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0));

attachmentContract(
  'a group webhook',
  async () => {
    const { robot, connected, close } = await openHarness();
    const { group, chat } = await connected();
    return {
      channel: robot,
      chat,
      screen: () => group.shown.map(({ text, picture, file }) => ({ text: drawn(text), buttons: [], picture, file })),
      refuse: () => void (group.wordsOnly = true),
      close,
    };
  },
  { picture: 2 * 1024 * 1024, file: 20 * 1024 * 1024 },
);
