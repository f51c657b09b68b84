/** Pictures and files through the app: uploaded, then sent by their id, and what becomes of them when WeCom fails. */
import { expect, it } from 'vitest';
import { NotSent } from '../../../../bot/channel/channel.ts';
import { FILE, madeUpFor, PICTURE } from '../../../fixtures/replies.ts';
import { startHarness } from './harness.ts';

async function open() {
  const harness = await startHarness({ timeoutMs: 500 });
  const send = (reply: typeof PICTURE | typeof FILE) => harness.channel.send(harness.zhang.ref, reply);
  return { ...harness, send };
}

it('the caption stands above the picture', async () => {
  const { send, zhang } = await open();
  await send(PICTURE);
  expect(zhang.messages.map(({ text, picture }) => [text, picture !== undefined])).toEqual([
    [PICTURE.caption, false],
    ['', true],
  ]);
});

it('an upload whose answer is lost counts as not sent', async () => {
  const { wecom, send, zhang } = await open();
  wecom.fail('/media/upload', { kind: 'reset', after: true });
  await expect(send(PICTURE)).rejects.toBeInstanceOf(NotSent);
  expect(zhang.messages).toEqual([]);
});

it.each([40001, 45009, 60020, -1])('an upload that WeCom refuses with %i for now is tried again later', async (code) => {
  const { wecom, send, zhang } = await open();
  wecom.fail('/media/upload', ...Array.from({ length: 4 }, () => ({ kind: 'code', code }) as const));
  await expect(send(FILE)).rejects.toBeInstanceOf(NotSent);
  expect(zhang.messages).toEqual([]);
});

it('a picture that WeCom refuses after its caption is replaced by words', async () => {
  const { wecom, channel, zhang } = await open();
  wecom.fail('/message/send', { kind: 'answer', json: { msgid: 'm' } }, { kind: 'code', code: 40007 });
  await madeUpFor(channel).send(zhang.ref, PICTURE);
  expect(zhang.messages.map(({ text }) => text)).toEqual([PICTURE.sorry]);
});

it('the outcome is unknown when the answer to the picture is lost, or when only the caption went out', async () => {
  const { wecom, channel, zhang, send } = await open();
  wecom.fail('/message/send', { kind: 'reset', after: true });
  const lost = channel.send(zhang.ref, { ...PICTURE, caption: '' });
  await expect(lost).rejects.toThrow();
  await expect(lost).rejects.not.toBeInstanceOf(NotSent);
  wecom.fail('/message/send', { kind: 'answer', json: { msgid: 'm' } }, { kind: 'code', code: 45009 });
  const half = send(PICTURE);
  await expect(half).rejects.toThrow('45009');
  await expect(half).rejects.not.toBeInstanceOf(NotSent);
});

it('a member outside of the visible range is gone', async () => {
  const { zhang, send } = await open();
  zhang.hidden = true;
  expect(await send(PICTURE)).toEqual({ kind: 'gone' });
});
