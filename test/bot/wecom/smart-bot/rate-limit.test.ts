import { describe, expect, it } from 'vitest';
import { NotSent } from '../../../../bot/channel/channel.ts';
import { startHarness } from './harness.ts';

/** A channel whose time passes only while it waits, at a WeCom with the same clock. */
async function open() {
  let time = 1_700_000_000_000;
  const waited: number[] = [];
  const harness = await startHarness({
    now: () => time,
    wait(ms, signal) {
      if (signal) return new Promise((resolve) => signal.addEventListener('abort', () => resolve()));
      waited.push(ms);
      time += ms;
      return Promise.resolve();
    },
  });
  const zhang = harness.wecom.person('zhangsan');
  zhang.says('hi');
  const heard = await harness.recorded.next();
  const texts = () => zhang.chat.messages.filter(({ byBot }) => byBot).map(({ look }) => look.text);
  return { ...harness, zhang, heard, texts, waited, later: (ms: number) => void (time += ms) };
}

describe('the limit of 30 messages a minute', () => {
  it('queues replies: none is lost, none overtakes', async () => {
    const { wecom, channel, zhang, heard, texts, waited } = await open();
    const wanted = Array.from({ length: 70 }, (_, n) => `answer ${n}`);
    await Promise.all(wanted.map((text) => channel.send(zhang.ref, { kind: 'say', text }, heard)));
    expect(texts()).toEqual(wanted);
    expect(waited).toEqual([60_000, 60_000]);
    expect(wecom.refusals).toEqual([]);
  });

  it('is per chat: the others go on', async () => {
    const { wecom, channel, recorded, zhang, heard, waited } = await open();
    for (let n = 0; n < 30; n += 1) await channel.send(zhang.ref, { kind: 'say', text: String(n) }, heard);
    const li = wecom.person('lisi');
    li.says('hi');
    await channel.send(li.ref, { kind: 'say', text: 'hello' }, await recorded.next());
    expect(waited).toEqual([]);
  });

  it('is left to replies: pushes are put off earlier', async () => {
    const { channel, zhang, heard, texts } = await open();
    for (let n = 0; n < 24; n += 1) await channel.send(zhang.ref, { kind: 'say', text: String(n) });
    await expect(channel.send(zhang.ref, { kind: 'say', text: 'summary' })).rejects.toThrow(NotSent);
    for (let n = 0; n < 6; n += 1) await channel.send(zhang.ref, { kind: 'say', text: `answer ${n}` }, heard);
    expect(texts()).toHaveLength(30);
  });

  it('counts another process’s messages by WeCom’s own refusal, and waits', async () => {
    const { wecom, channel, zhang, heard, texts, waited } = await open();
    for (let n = 0; n < 2; n += 1) wecom.fault('aibot_respond_msg', { kind: 'error', code: 45009 });
    expect(await channel.send(zhang.ref, { kind: 'say', text: 'x' }, heard)).toEqual({ kind: 'sent' });
    expect(waited).toEqual([10_000, 10_000]);
    expect(texts()).toEqual(['x']);
  });
});

it('the limit of 1,000 an hour postpones replies, since nobody waits that long', async () => {
  const { wecom, channel, zhang, heard, texts, later } = await open();
  for (let n = 0; n < 1000; n += 1) {
    if (n % 30 === 0) later(61_000);
    await channel.send(zhang.ref, { kind: 'say', text: String(n) }, heard);
  }
  await expect(channel.send(zhang.ref, { kind: 'say', text: 'x' }, heard)).rejects.toThrow(NotSent);
  later(3_600_000);
  await channel.send(zhang.ref, { kind: 'say', text: 'x' }, heard);
  expect(texts()).toHaveLength(1001);
  expect(wecom.refusals).toEqual([]);
});
