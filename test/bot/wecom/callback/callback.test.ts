/** The address WeCom calls: who is answered and who is not, and what reaches the listeners. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { createBodies, type Bodies } from '../../../../bot/http/body.ts';
import { createCallback, type Called, type Listener } from '../../../../bot/wecom/callback.ts';
import { createCrypto } from '../../../../bot/wecom/crypto.ts';
import { createCallbacks } from '../../../doubles/wecom/app-callbacks.ts';
import { createLines, serveRoutes } from '../app/harness.ts';

const KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const TOKEN = 'TESTTOKEN';
const CORP = 'wwcorp0000000001';
const NOON = Date.parse('2026-11-22T12:00:00+08:00');

const message = (fields: string, type = 'text'): string =>
  `<xml><ToUserName><![CDATA[${CORP}]]></ToUserName><FromUserName><![CDATA[zhangsan]]></FromUserName><CreateTime>1700000000</CreateTime><MsgType><![CDATA[${type}]]></MsgType>${fields}<AgentID>1000002</AgentID></xml>`;
const TEXT = message(
  '<Content><![CDATA[ 12 <b> &amp; 34 ]]></Content><Plain> &lt;a&gt; </Plain><MsgId>7000000000000000001</MsgId>',
);

async function open({
  listener,
  againOnStatus = false,
  bodies = createBodies(),
}: { listener?: Listener; againOnStatus?: boolean; bodies?: Bodies } = {}) {
  const clock = { at: NOON };
  const now = (): number => clock.at;
  const { lines, log } = createLines();
  const heard: Called[] = [];
  const crypto = createCrypto({ token: TOKEN, encodingAesKey: KEY, receiveId: CORP });
  const callback = createCallback({ crypto, bodies, now, log });
  const take: Listener = (called) => {
    heard.push(called);
    return Promise.resolve();
  };
  callback.on(['text', 'event:click', 'event:kf_msg_or_event', 'event:template_card_event'], listener ?? take);
  const hook = await serveRoutes(callback.routes);
  onTestFinished(hook.close);
  const options = { corpId: CORP, token: TOKEN, encodingAesKey: KEY, now, againOnStatus };
  const wecom = createCallbacks(options);
  wecom.setUrl(hook.url);
  /** Posts as it is told; resolves with what the caller sees. */
  const post = async (address: string, body: string | ReadableStream): Promise<{ status: number; body: string }> => {
    const response = await fetch(address, { method: 'POST', body, duplex: 'half' });
    return { status: response.status, body: await response.text() };
  };
  return { clock, lines, heard, hook, wecom, post, crypto, options };
}

describe('saving the address in the console', () => {
  it('echoes the decrypted text, and nothing else', async () => {
    const { wecom } = await open();
    expect(await wecom.verify('5927782489442352469')).toEqual({ status: 200, body: '5927782489442352469' });
  });

  it('works, too, where the plus signs of base64 arrive as spaces', async () => {
    const { hook, crypto } = await open();
    for (let n = 0; n < 20; n += 1) {
      const { signature, timestamp, nonce, encrypt } = crypto.close(`echo ${n}`, String(NOON / 1000), 'n');
      const address = `${hook.url}?msg_signature=${signature}&timestamp=${timestamp}&nonce=${nonce}&echostr=${encrypt.replaceAll('=', '%3D')}`;
      expect(await (await fetch(address)).text()).toBe(`echo ${n}`);
    }
  });

  it('fails with another token, key or corporation', async () => {
    const { hook, options } = await open();
    for (const [other, status] of [
      [{ token: 'ANOTHER' }, 401],
      [{ encodingAesKey: KEY.replace('a', 'b') }, 400],
      [{ corpId: 'wwcorp0000000002' }, 400],
    ] as const) {
      const stranger = createCallbacks({ ...options, ...other });
      stranger.setUrl(hook.url);
      expect(await stranger.verify('hello')).toEqual({ status, body: '' });
    }
  });
});

describe('a call', () => {
  it('is acknowledged with an empty body, and reaches the listener of its kind', async () => {
    const { wecom, heard } = await open();
    expect(await wecom.call(TEXT)).toEqual([200]);
    expect(heard).toHaveLength(1);
    expect(heard[0]).toMatchObject({ kind: 'text', id: '7000000000000000001', from: 'zhangsan', at: 1_700_000_000_000 });
    expect(heard[0]!.text('Content')).toBe(' 12 <b> &amp; 34 ');
    expect(heard[0]!.text('Plain')).toBe(' &lt;a&gt; ');
    expect(heard[0]!.text('Nothing')).toBe('');
    expect(heard[0]!.text('constructor', 'name')).toBe('');
  });

  it('tells events by name, and fields within fields', async () => {
    const { wecom, heard } = await open();
    const items = '<SelectedItems><SelectedItem><QuestionKey><![CDATA[store]]></QuestionKey></SelectedItem></SelectedItems>';
    await wecom.call(message(`<Event><![CDATA[template_card_event]]></Event>${items}`, 'event'));
    await wecom.call(
      `<xml><ToUserName><![CDATA[${CORP}]]></ToUserName><CreateTime>1700000000</CreateTime><MsgType><![CDATA[event]]></MsgType><Event><![CDATA[kf_msg_or_event]]></Event><Token><![CDATA[ENC]]></Token><OpenKfId><![CDATA[wk1]]></OpenKfId></xml>`,
    );
    expect(heard.map(({ kind }) => kind)).toEqual(['event:template_card_event', 'event:kf_msg_or_event']);
    expect(heard[0]!.text('SelectedItems', 'SelectedItem', 'QuestionKey')).toBe('store');
    expect(heard[1]).toMatchObject({ id: '', from: '' });
    expect(heard[1]!.text('OpenKfId')).toBe('wk1');
  });

  it('without a listener is acknowledged and dropped', async () => {
    const { wecom, heard } = await open();
    expect(await wecom.call(message('<Event><![CDATA[view]]></Event>', 'event'))).toEqual([200]);
    expect(heard).toEqual([]);
  });

  it('is retried three times while it cannot be stored', async () => {
    let fails = 2;
    const stored: string[] = [];
    const { wecom, lines } = await open({
      listener(called) {
        fails -= 1;
        if (fails >= 0) return Promise.reject(new Error('the disk is full'));
        stored.push(called.id);
        return Promise.resolve();
      },
    });
    expect(await wecom.call(TEXT)).toEqual(['broken', 'broken', 200]);
    expect(stored).toEqual(['7000000000000000001']);
    expect(lines.filter((line) => line.includes('could not be stored'))).toHaveLength(2);
    fails = 9;
    expect(await wecom.call(TEXT)).toHaveLength(4);
  });

  it('is refused when it is old or from the future, and the log names the clock', async () => {
    const { wecom, clock, post, heard, lines } = await open();
    const { address, body } = wecom.request(TEXT);
    for (const off of [-600_001, 601_000]) {
      clock.at = NOON + off;
      expect(await post(address, body)).toEqual({ status: 401, body: '' });
    }
    expect(lines.filter((line) => line.includes('clock'))).toHaveLength(2);
    clock.at = NOON + 599_000;
    expect(await post(address, body)).toEqual({ status: 200, body: '' });
    expect(heard).toHaveLength(1);
  });

  it('is refused without a signature, or with a wrong one', async () => {
    const { wecom, post, heard, lines } = await open();
    const { address, body } = wecom.request(TEXT);
    const url = new URL(address);
    for (const name of ['msg_signature', 'timestamp', 'nonce']) {
      const without = new URL(url);
      without.searchParams.delete(name);
      expect(await post(without.href, body)).toEqual({ status: 400, body: '' });
    }
    for (const [name, value] of [
      ['msg_signature', '0'.repeat(40)],
      ['nonce', 'another'],
      ['timestamp', String(NOON / 1000 + 1)],
    ] as const) {
      const other = new URL(url);
      other.searchParams.set(name, value);
      expect(await post(other.href, body)).toEqual({ status: 401, body: '' });
    }
    const swapped = wecom.request(message('<Content>1</Content>')).body;
    expect(await post(address, swapped)).toEqual({ status: 401, body: '' });
    expect(heard).toEqual([]);
    // Strangers cannot fill the log.
    expect(lines).toEqual([]);
  });

  it('is refused with timestamp and nonce cut anew, though the signature fits them too', async () => {
    const { wecom, post, heard, crypto } = await open();
    const sealed = (body: string): string => /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(body)![1]!;
    // The parts are signed in their alphabetical order: where the sealed one comes between the others, nothing can be cut anew.
    let { address, body } = wecom.request(TEXT);
    while (/^\d/.test(sealed(body))) ({ address, body } = wecom.request(TEXT));
    const url = new URL(address);
    const [signature, timestamp, nonce] = ['msg_signature', 'timestamp', 'nonce'].map((name) => url.searchParams.get(name)!) as [
      string,
      string,
      string,
    ];
    const encrypt = sealed(body);
    // What is signed has no mark between its parts: a digit may go from one to the other, and a call looks ten times as late.
    for (const [later, rest] of [
      [nonce.at(-1)! + timestamp, nonce.slice(0, -1)],
      [timestamp.slice(1), nonce + timestamp[0]!],
    ] as const) {
      expect(crypto.signed({ signature, timestamp: later, nonce: rest, encrypt })).toBe(true);
      url.searchParams.set('timestamp', later);
      url.searchParams.set('nonce', rest);
      expect(await post(url.href, body)).toEqual({ status: 400, body: '' });
    }
    expect(heard).toEqual([]);
  });

  it('is refused when it is no XML, or malformed', async () => {
    const { wecom, post, heard } = await open();
    const { address, body } = wecom.request(TEXT);
    const sealed = /<Encrypt>.*<\/Encrypt>/.exec(body)![0];
    const odd = [
      '',
      '{}',
      '<xml></xml>',
      '<xml><Encrypt></Encrypt></xml>',
      `<xml>${sealed}${sealed}</xml>`,
      `<xml>${sealed}<A>1</B></xml>`,
      `<other>${sealed}</other>`,
      `<xml><Encrypt>${sealed}</Encrypt></xml>`,
      `<!DOCTYPE xml [<!ENTITY a "b">]><xml>${sealed}</xml>`,
      `<xml>${'<a>'.repeat(2000)}${'</a>'.repeat(2000)}${sealed}</xml>`,
      `<xml><__proto__>${sealed}</__proto__></xml>`,
    ];
    for (const one of odd) expect(await post(address, one)).toEqual({ status: 400, body: '' });
    expect(heard).toEqual([]);
  });

  it('that decrypts to nonsense is dropped without a retry', async () => {
    const { wecom, heard, lines } = await open();
    for (const odd of ['hello', '<xml>', '{"msgtype":"text"}', '<!DOCTYPE xml><xml><MsgType>text</MsgType></xml>'])
      expect(await wecom.call(odd)).toEqual([400]);
    expect(heard).toEqual([]);
    expect(lines).toHaveLength(4);
  });

  it('is not read beyond sixteen kilobytes, and not at all without a plausible signature', async () => {
    const { wecom, post, hook } = await open();
    const { address, body } = wecom.request(TEXT);
    const padded = body.replace('</xml>', `<Padding>${'x'.repeat(16_384)}</Padding></xml>`);
    expect(await post(address, padded)).toEqual({ status: 413, body: '' });
    expect(await post(hook.url, padded)).toEqual({ status: 400, body: '' });
    expect(await post(address.replace(/timestamp=\d+/, 'timestamp=17'), padded)).toEqual({ status: 400, body: '' });
    let given = 0;
    const endless = new ReadableStream({
      pull(controller) {
        given += 1;
        controller.enqueue(new Uint8Array(16_384).fill(60));
      },
    });
    await post(address, endless).catch(() => undefined);
    expect(given).toBeLessThan(1000);
  });

  it('is retried where too much is being read at once', async () => {
    const { wecom, heard } = await open({ bodies: createBodies({ memory: 100 }) });
    expect(await wecom.call(TEXT)).toEqual(['broken', 'broken', 'broken', 'broken']);
    expect(heard).toEqual([]);
  });

  it('is not parsed before its signature is right', async () => {
    const { wecom, post } = await open();
    const { address, body } = wecom.request(TEXT);
    const wrong = body.replace(/<Encrypt>.*<\/Encrypt>/, `<Encrypt>${'A'.repeat(44)}</Encrypt><a></b>`);
    expect(await post(address, wrong)).toEqual({ status: 401, body: '' });
  });

  it('by another method is refused', async () => {
    const { hook } = await open();
    for (const method of ['PUT', 'DELETE', 'HEAD'])
      expect((await fetch(hook.url, { method })).status, method).toBeGreaterThanOrEqual(400);
  });
});
