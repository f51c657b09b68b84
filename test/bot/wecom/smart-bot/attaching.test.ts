/** Pictures and files over the robot's connection: in pieces, then by their id. */
import { describe, expect, it } from 'vitest';
import { NotSent } from '../../../../bot/channel/channel.ts';
import { notTaken, toFault } from '../../../../bot/wecom/smart-bot/fault.ts';
import { FILE, madeUpFor, PICTURE } from '../../../fixtures/replies.ts';
import { startHarness } from './harness.ts';

async function talk() {
  const harness = await startHarness();
  const zhang = harness.wecom.person('zhangsan');
  zhang.says('顾客');
  const heard = await harness.recorded.next();
  const shown = () => zhang.chat.messages.filter(({ byBot }) => byBot);
  return { ...harness, zhang, heard, shown };
}

describe('a picture', () => {
  it('answers the message it was asked by, below its caption', async () => {
    const { channel, zhang, heard, shown } = await talk();
    await channel.send(zhang.ref, PICTURE, heard);
    expect(shown().map(({ by, look }) => [by, look.kind])).toEqual([
      ['aibot_respond_msg', 'markdown'],
      ['aibot_respond_msg', 'image'],
    ]);
  });

  it('is pushed where somebody wrote before', async () => {
    const { wecom, channel, zhang, shown } = await talk();
    await channel.send(zhang.ref, PICTURE);
    expect(shown().map(({ by }) => by)).toEqual(['aibot_send_msg', 'aibot_send_msg']);
    wecom.person('lisi');
    expect(await channel.send('wecom-bot:lisi', PICTURE)).toEqual({ kind: 'gone' });
  });

  it('of several pieces arrives whole', async () => {
    const { channel, zhang, shown } = await talk();
    const bytes = Buffer.concat([Buffer.from(PICTURE.bytes, 'base64'), Buffer.alloc(1_300_000, 7)]);
    await channel.send(zhang.ref, { ...PICTURE, bytes: bytes.toString('base64') });
    expect(shown().at(-1)!.look.picture!.equals(bytes)).toBe(true);
  });
});

describe('when WeCom fails', () => {
  it.each([-1, 45009])('an upload refused with %i for now counts as not sent', async (code) => {
    const { wecom, channel, zhang, heard, shown } = await talk();
    wecom.fault('aibot_upload_media_init', { kind: 'error', code });
    await expect(channel.send(zhang.ref, FILE, heard)).rejects.toBeInstanceOf(NotSent);
    expect(shown()).toEqual([]);
  });

  it('a picture sent while the connection is down counts as not sent', async () => {
    const { wecom, channel, zhang, lines } = await talk();
    await wecom.close();
    await expect.poll(() => lines.join('\n')).toContain('it will be made again');
    await expect(channel.send(zhang.ref, PICTURE)).rejects.toBeInstanceOf(NotSent);
  });

  it('once the caption went out, a failure does not count as not sent', async () => {
    const { wecom, channel, zhang, heard, shown } = await talk();
    await channel.send(zhang.ref, { kind: 'say', text: '…' }, heard);
    // The caption by itself, then the picture.
    wecom.fault('aibot_send_msg', { kind: 'late', until: Promise.resolve() });
    wecom.fault('aibot_send_msg', { kind: 'error', code: -1 });
    const half = channel.send(zhang.ref, PICTURE);
    await expect(half).rejects.toThrow('only a part');
    await expect(half).rejects.not.toBeInstanceOf(NotSent);
    expect(shown().at(-1)!.look.text).toBe(PICTURE.caption);
  });

  it('a picture that WeCom refuses after its upload is replaced by words', async () => {
    const { wecom, channel, zhang, shown } = await talk();
    wecom.fault('aibot_send_msg', { kind: 'late', until: Promise.resolve() });
    wecom.fault('aibot_send_msg', { kind: 'error', code: 40007 });
    expect(await madeUpFor(channel).send(zhang.ref, PICTURE)).toEqual({ kind: 'sent' });
    expect(shown().map(({ look }) => look.text)).toEqual([PICTURE.caption, PICTURE.sorry]);
  });

  it('the errcode of a refused chunk is read from the package’s own words', () => {
    const fault = toFault(
      new Error('Chunk 0 upload failed after 3 attempts: {"headers":{"req_id":"x"},"errcode":40006,"errmsg":"invalid size"}'),
    );
    expect(fault).toMatchObject({ code: 40006, applied: 'no' });
    expect(notTaken(fault)).toBe(true);
  });
});
