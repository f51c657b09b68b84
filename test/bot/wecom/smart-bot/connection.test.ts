import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { NotSent } from '../../../../bot/channel/channel.ts';
import { startWecomBot } from '../../../doubles/wecom-smart-bot.ts';
import { startHarness, openHarness } from './harness.ts';

/** Lets the package's timers run, and the network in between. */
async function elapse(ms: number): Promise<void> {
  for (let n = 0; n < 20; n += 1) await turn();
  await vi.advanceTimersByTimeAsync(ms);
  for (let n = 0; n < 20; n += 1) await turn();
}

describe('the one connection', () => {
  it('is refused in words when the secret is wrong, and not tried again', async () => {
    const { wecom, channel, recorded, close } = await openHarness({ secret: 'not-the-secret' });
    onTestFinished(close);
    await expect(channel.start(recorded.hear)).rejects.toThrow(/WECOM_BOT_SECRET.*使用长连接/);
    await expect.poll(() => wecom.connections()).toBe(0);
    expect(wecom.logins).toEqual([false]);
  });

  it('waits at the start until WeCom can be reached', async () => {
    const first = await startWecomBot();
    await first.close();
    const { channel, recorded, lines, close } = await openHarness({ wecom: first });
    onTestFinished(close);
    const starting = channel.start(recorded.hear);
    await expect.poll(() => lines.join('\n')).toContain('WeCom cannot be reached');
    const again = await startWecomBot({ port: first.port });
    onTestFinished(() => again.close());
    await starting;
    expect(again.logins).toEqual([true]);
  });

  it('can be stopped while it waits', async () => {
    const wecom = await startWecomBot();
    await wecom.close();
    const { channel, recorded, close } = await openHarness({ wecom });
    onTestFinished(close);
    const starting = channel.start(recorded.hear);
    await channel.stop();
    await starting;
  });

  it('reconnects after each break; messages sent meanwhile are lost, as at WeCom', async () => {
    const { wecom, channel, recorded, lines } = await startHarness();
    const zhang = wecom.person('zhangsan');
    for (let n = 0; n < 3; n += 1) {
      wecom.drop();
      await expect.poll(() => wecom.logins.length).toBe(n + 2);
      await expect.poll(() => lines.filter((line) => line.includes('listening')).length).toBe(n + 2);
    }
    zhang.says('hello again');
    await channel.send(zhang.ref, { kind: 'say', text: 'hello' }, await recorded.next());
    expect((await zhang.chat.shows('hello')).by).toBe('aibot_respond_msg');
  });

  it('stands down when another program takes its place, says so, and does not fight for it', async () => {
    const { wecom, channel, lines } = await startHarness();
    const other = await openHarness({ wecom });
    await other.channel.start(other.recorded.hear);
    await expect.poll(() => lines.join('\n')).toContain('another program has connected with the same WECOM_BOT_ID');
    await expect.poll(() => wecom.connections()).toBe(1);
    expect(wecom.logins).toEqual([true, true]);
    const zhang = wecom.person('zhangsan');
    zhang.says('who is there?');
    await other.recorded.next();
    await expect(channel.send(zhang.ref, { kind: 'say', text: 'me' })).rejects.toThrow(NotSent);
    // Started anew, as when its lease is ours again, it takes the place back.
    const { recorded } = await startHarness({ wecom });
    zhang.says('and now?');
    expect((await recorded.next()).content).toEqual({ kind: 'text', text: 'and now?' });
    await expect.poll(() => other.lines.join('\n')).toContain('another program');
    await other.channel.stop();
  });

  it('takes its place back after a pause that grows to an hour, and begins anew once it has lasted for longer', async () => {
    let at = Date.now();
    let told = 0;
    const { wecom, channel, waits } = await startHarness({ now: () => at, replaced: () => void (told += 1) });
    const minutes = [5, 10, 20, 40, 60, 60];
    for (const [n, pause] of minutes.entries()) {
      wecom.kick();
      await expect.poll(() => waits.asked.at(-1)).toBe(pause * 60_000);
      expect(channel.trouble?.()).toContain('another program has connected');
      expect(wecom.logins).toHaveLength(n + 1);
      at += pause * 60_000;
      waits.elapse(pause * 60_000);
      await expect.poll(() => wecom.connected()).toBe(true);
      await expect.poll(() => channel.trouble?.()).toBeUndefined();
    }
    expect(told).toBe(minutes.length);
    at += 61 * 60_000;
    wecom.kick();
    await expect.poll(() => waits.asked.at(-1)).toBe(5 * 60_000);
  });

  it('hears again what is said after it has come back', async () => {
    const { wecom, recorded, waits } = await startHarness();
    wecom.kick();
    await expect.poll(() => waits.asked.at(-1)).toBe(5 * 60_000);
    waits.elapse(5 * 60_000);
    await expect.poll(() => wecom.connected()).toBe(true);
    wecom.person('zhangsan').says('back');
    expect((await recorded.next()).content).toEqual({ kind: 'text', text: 'back' });
  });

  it('stopped during that pause, does not come back', async () => {
    const { wecom, channel, waits } = await startHarness();
    wecom.kick();
    await expect.poll(() => waits.asked.at(-1)).toBe(5 * 60_000);
    await channel.stop();
    waits.elapse(5 * 60_000);
    for (let n = 0; n < 50; n += 1) await turn();
    expect(wecom.logins).toEqual([true]);
  });

  it('takes a login that is refused as not subscribed for a passing trouble', async () => {
    const { wecom, recorded, channel, lines, close } = await openHarness();
    onTestFinished(close);
    for (let n = 0; n < 2; n += 1) wecom.fault('aibot_subscribe', { kind: 'error', code: 846609 });
    await channel.start(recorded.hear);
    expect(wecom.connected()).toBe(true);
    expect(lines.filter((line) => line.startsWith('error'))).toEqual([]);
    expect(lines.join()).toContain('refuses the robot for now');
  });

  it('can be started again after it was replaced', async () => {
    const { wecom, channel, recorded } = await startHarness();
    wecom.kick();
    await expect.poll(() => wecom.connections()).toBe(0);
    await channel.stop();
    await channel.start(recorded.hear);
    wecom.person('zhangsan').says('back');
    expect((await recorded.next()).content).toEqual({ kind: 'text', text: 'back' });
  });

  it('logs nothing when another takes over after the stop', async () => {
    const { wecom, channel, lines } = await startHarness();
    await channel.stop();
    wecom.kick();
    await expect.poll(() => wecom.connections()).toBe(0);
    expect(lines.filter((line) => line.startsWith('error'))).toEqual([]);
  });

  it('does not reconnect after the stop, lest it end the next instance’s connection', async () => {
    const { wecom, channel } = await startHarness();
    await channel.stop();
    wecom.drop();
    await expect.poll(() => wecom.connections()).toBe(0);
    for (let n = 0; n < 50; n += 1) await turn();
    expect(wecom.logins).toEqual([true]);
  });

  it('ends 15 s after the stop', async () => {
    const { wecom, channel, waits } = await startHarness();
    await channel.stop();
    expect(wecom.connected()).toBe(true);
    waits.elapse(15_000);
    await expect.poll(() => wecom.connected()).toBe(false);
  });

  it('reconnects when WeCom has forgotten the subscription', async () => {
    const { wecom, channel, recorded } = await startHarness();
    const zhang = wecom.person('zhangsan');
    zhang.says('hi');
    const heard = await recorded.next();
    wecom.forget();
    await expect(channel.send(zhang.ref, { kind: 'say', text: 'x' }, heard)).rejects.toThrow(NotSent);
    await expect.poll(() => wecom.connected()).toBe(true);
    expect(await channel.send(zhang.ref, { kind: 'say', text: 'x' }, heard)).toEqual({ kind: 'sent' });
  });

  it('reports once that the secret was changed at run time, and reconnects when it is right again', async () => {
    const { wecom, lines } = await startHarness();
    for (let n = 0; n < 3; n += 1) wecom.fault('aibot_subscribe', { kind: 'error', code: 853000 });
    wecom.drop();
    await expect.poll(() => wecom.logins.length).toBe(2);
    expect(lines.filter((line) => line.includes('does not accept'))).toHaveLength(1);
  });

  it('restarts a login that WeCom does not answer', async () => {
    const { wecom, channel, recorded, waits, close } = await openHarness();
    onTestFinished(close);
    wecom.fault('aibot_subscribe', { kind: 'unheard' });
    const starting = channel.start(recorded.hear);
    await wecom.heard(({ cmd }) => cmd === 'aibot_subscribe');
    waits.elapse(20_000);
    await starting;
    expect(wecom.connected()).toBe(true);
    await expect.poll(() => wecom.connections()).toBe(1);
  });

  it('reconnects after two unanswered heartbeats', async () => {
    const { wecom } = await startHarness({ heartbeatMs: 5 });
    await wecom.heard(({ cmd }) => cmd === 'ping');
    for (let n = 0; n < 3; n += 1) wecom.fault('ping', { kind: 'unheard' });
    await expect.poll(() => wecom.logins.length).toBe(2);
  });
});

describe('an answer of WeCom’s that does not come', () => {
  it('leaves the outcome unknown; sent again it is still one message', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { wecom, channel, recorded } = await startHarness();
    const zhang = wecom.person('zhangsan');
    zhang.says('hi');
    const heard = await recorded.next();
    wecom.fault('aibot_respond_msg', { kind: 'lost' });
    const sending = channel.send(zhang.ref, { kind: 'say', text: '核销成功' }, heard).catch((error: unknown) => error);
    await zhang.chat.shows('核销成功');
    await elapse(5000);
    const fault = await sending;
    expect(fault).toBeInstanceOf(Error);
    expect(fault).not.toBeInstanceOf(NotSent);
    expect(await channel.send(zhang.ref, { kind: 'say', text: '核销成功' }, heard)).toEqual({ kind: 'sent' });
    expect(zhang.chat.messages.filter(({ byBot }) => byBot)).toHaveLength(1);
  });

  it('or comes late does no harm', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { wecom, channel, recorded } = await startHarness();
    const zhang = wecom.person('zhangsan');
    zhang.says('hi');
    const heard = await recorded.next();
    let answer: () => void = () => undefined;
    const until = new Promise<void>((resolve) => {
      answer = resolve;
    });
    wecom.fault('aibot_send_msg', { kind: 'late', until });
    const sending = channel.send(zhang.ref, { kind: 'say', text: '日报' }).catch((error: unknown) => error);
    await wecom.heard(({ cmd }) => cmd === 'aibot_send_msg');
    await elapse(5000);
    expect(await sending).not.toBeInstanceOf(NotSent);
    answer();
    await elapse(0);
    expect(await channel.send(zhang.ref, { kind: 'say', text: 'next' }, heard)).toEqual({ kind: 'sent' });
  });

  it('because the connection broke leaves the outcome unknown, too', async () => {
    const { wecom, channel, recorded } = await startHarness();
    const zhang = wecom.person('zhangsan');
    zhang.says('hi');
    const heard = await recorded.next();
    wecom.fault('aibot_respond_msg', { kind: 'lost' });
    const sending = channel.send(zhang.ref, { kind: 'say', text: '核销成功' }, heard).catch((error: unknown) => error);
    await zhang.chat.shows('核销成功');
    wecom.drop();
    expect(await sending).not.toBeInstanceOf(NotSent);
  });
});
