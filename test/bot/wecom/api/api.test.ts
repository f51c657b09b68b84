/** Calls to WeCom's API over real HTTP: one token for all, every errcode told apart, and no secret in any message. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { createApi } from '../../../../bot/wecom/api.ts';
import { WecomFault } from '../../../../bot/wecom/fault.ts';
import { startWecomApp } from '../../../doubles/wecom-app.ts';
import { SEEN_IP } from '../../../doubles/wecom/app-server.ts';
import { createLines, createMemoryCollections } from '../app/harness.ts';

async function open(given: { secret?: string; timeoutMs?: number } = {}) {
  const clock = { at: Date.parse('2026-11-22T18:30:00+08:00') };
  const now = (): number => clock.at;
  const wecom = await startWecomApp({ now });
  onTestFinished(wecom.close);
  const zhang = wecom.member('zhangsan');
  const tokens = createMemoryCollections(now)<{ token: string; until: number }>('wecom-token', 7_200_000);
  const { lines, log } = createLines();
  const waits: number[] = [];
  const make = () =>
    createApi({
      base: wecom.base,
      corpId: wecom.corpId,
      secret: given.secret ?? wecom.secret,
      tokens,
      now,
      wait(ms) {
        waits.push(ms);
        return Promise.resolve();
      },
      log,
      timeoutMs: given.timeoutMs ?? 5000,
    });
  const api = make();
  const say = (through = api) =>
    through.call('/message/send', {
      body: { touser: 'zhangsan', agentid: Number(wecom.agentId), msgtype: 'text', text: { content: 'hi' } },
    });
  const fault = async (call: Promise<unknown>): Promise<WecomFault> => {
    const error: unknown = await call.then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(WecomFault);
    return error as WecomFault;
  };
  return { wecom, api, make, say, fault, zhang, clock, lines, waits };
}

describe('the access token', () => {
  it('is fetched once for all concurrent callers', async () => {
    const { wecom, say } = await open();
    await Promise.all(Array.from({ length: 20 }, () => say()));
    expect(wecom.count('/gettoken')).toBe(1);
    expect(wecom.count('/message/send')).toBe(20);
  });

  it('is cached for other instances and the next start', async () => {
    const { wecom, say, make } = await open();
    await say();
    await say(make());
    expect(wecom.count('/gettoken')).toBe(1);
  });

  it.each([40014, 42001, 40001])('is renewed once when WeCom answers %i, and the call made again', async (code) => {
    const { wecom, say, zhang } = await open();
    await say();
    wecom.endToken();
    wecom.fail('/message/send', { kind: 'code', code });
    await say();
    expect(zhang.messages).toHaveLength(2);
    expect(wecom.count('/gettoken')).toBe(2);
  });

  it('is renewed once for concurrent calls that find it expired', async () => {
    const { wecom, say, zhang } = await open();
    await say();
    wecom.endToken();
    await Promise.all(Array.from({ length: 20 }, () => say()));
    expect(zhang.messages).toHaveLength(21);
    expect(wecom.count('/gettoken')).toBe(2);
  });

  it('is taken from the instance that renewed it first', async () => {
    const { wecom, say, make } = await open();
    const [one, other] = [make(), make()];
    await say(one);
    await say(other);
    wecom.endToken();
    await say(one);
    await say(other);
    expect(wecom.count('/gettoken')).toBe(2);
  });

  it('is not renewed for ever', async () => {
    const { wecom, say, fault } = await open();
    wecom.fail('/message/send', { kind: 'code', code: 42001 }, { kind: 'code', code: 42001 }, { kind: 'code', code: 42001 });
    expect((await fault(say())).errcode).toBe(42001);
    expect(wecom.count('/message/send')).toBe(2);
  });

  it('is fetched again after its expiry', async () => {
    const { wecom, say, clock } = await open();
    await say();
    clock.at += 7_200_000 - 30_000;
    await say();
    await say();
    expect(wecom.count('/gettoken')).toBe(2);
    clock.at += 60_000;
    await say();
    expect(wecom.count('/gettoken')).toBe(3);
  });

  it('is not asked for again and again with a wrong secret', async () => {
    const { wecom, say, fault, clock } = await open({ secret: 'not-the-secret' });
    expect((await fault(say())).errcode).toBe(40001);
    expect((await fault(say())).errcode).toBe(40001);
    expect(wecom.count('/gettoken')).toBe(1);
    clock.at += 60_001;
    await fault(say());
    expect(wecom.count('/gettoken')).toBe(2);
  });
});

describe('a call', () => {
  it('fails with every errcode but 0', async () => {
    const { wecom, say, fault } = await open();
    for (const code of [40058, 81013, 301002, 45002]) {
      wecom.fail('/message/send', { kind: 'code', code });
      expect(await fault(say())).toMatchObject({ errcode: code, outcome: 'not-done' });
    }
  });

  it('shows the address to trust, and tells the operator', async () => {
    const { wecom, say, fault, lines } = await open();
    wecom.state.trusted = false;
    expect(await fault(say())).toMatchObject({ errcode: 60020, seenIp: SEEN_IP });
    expect(lines.join('\n')).toContain(SEEN_IP);
  });

  it('is retried three times while WeCom is busy', async () => {
    const { wecom, say, fault, zhang, waits } = await open();
    wecom.fail('/message/send', { kind: 'code', code: -1 }, { kind: 'code', code: -1 });
    await say();
    expect(zhang.messages).toHaveLength(1);
    wecom.fail('/message/send', ...Array.from({ length: 4 }, () => ({ kind: 'code' as const, code: -1 })));
    expect((await fault(say())).errcode).toBe(-1);
    expect(waits).toEqual([200, 1000, 200, 1000, 3000]);
  });

  it('pauses for a minute after the rate limit', async () => {
    const { wecom, say, fault, clock } = await open();
    wecom.fail('/message/send', { kind: 'code', code: 45009 });
    await fault(say());
    expect(await fault(say())).toMatchObject({ errcode: 45009, outcome: 'not-done' });
    expect(wecom.count('/message/send')).toBe(1);
    clock.at += 60_001;
    await say();
    expect(wecom.count('/message/send')).toBe(2);
  });

  it('has an unknown outcome where the answer is lost', async () => {
    const { wecom, say, fault } = await open({ timeoutMs: 100 });
    await say();
    for (const order of [
      { kind: 'reset', after: true },
      { kind: 'page', status: 502 },
      { kind: 'held', until: new Promise(() => undefined) },
    ] as const) {
      wecom.fail('/message/send', order);
      expect(await fault(say())).toMatchObject({ errcode: undefined, outcome: 'unknown' });
    }
  });

  it('was certainly not made where the connection is refused', async () => {
    const { wecom, say, fault } = await open();
    await say();
    await wecom.close();
    expect(await fault(say())).toMatchObject({ errcode: undefined, outcome: 'not-done' });
  });

  it('keeps token, secret and text out of what it throws and logs', async () => {
    const { wecom, say, fault, lines } = await open();
    await say();
    const token = wecom.accessToken();
    const messages: string[] = [];
    for (const message of [`invalid ${wecom.secret}`, 'x'.repeat(5000), `bad ${token}`]) {
      wecom.fail('/message/send', { kind: 'code', code: 40058, message });
      const error = await fault(say());
      expect(error.message.length).toBeLessThan(200);
      messages.push(`${error.message} ${error.stack} ${JSON.stringify(error)}`);
    }
    const said = [...messages, ...lines].join('\n');
    expect(said).not.toContain(wecom.secret);
    expect(said).not.toContain(token);
  });
});

describe('media', () => {
  const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

  it('is uploaded and downloaded whole', async () => {
    const { api } = await open();
    const bytes = Buffer.concat([PNG, Buffer.from('\r\n--not-the-end--\r\n'), Buffer.alloc(100_000, 7)]);
    const id = await api.upload('image', { name: '日报".png', type: 'image/png', bytes });
    expect(await api.download(id)).toEqual({ type: 'image/png', bytes });
  });

  it('that is too small or too large is not sent at all', async () => {
    const { wecom, api, fault } = await open();
    for (const size of [0, 5, 10_485_761]) {
      const error = await fault(api.upload('image', { name: 'a.png', type: 'image/png', bytes: Buffer.alloc(size) }));
      expect(error.errcode).toBe(40006);
    }
    expect(wecom.calls).toEqual([]);
  });

  it('that is missing is an errcode, though the answer is a 200', async () => {
    const { api, fault } = await open();
    expect((await fault(api.download('nothing'))).errcode).toBe(40007);
  });

  it('of more than 20 MB is not downloaded', async () => {
    const { wecom, api, fault } = await open();
    wecom.media.set('huge', { file: Buffer.alloc(20_971_521), type: 'image/jpeg', until: Infinity });
    expect((await fault(api.download('huge'))).message).toContain('larger than');
  });
});
