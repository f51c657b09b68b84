/** Fuzzes the callback with 100,000 bodies like WeCom's: none is answered, nothing crashes, no memory piles up. */
import { getSignature } from '@wecom/crypto';
import { createCipheriv } from 'node:crypto';
import { expect, it } from 'vitest';
import { createCallback } from '../../../../bot/wecom/callback.ts';
import { createCrypto } from '../../../../bot/wecom/crypto.ts';

const KEY = 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG';
const TOKEN = 'TESTTOKEN';
const CORP = 'wwcorp0000000001';
const NOW = 1_700_000_001_000;
const ROUNDS = 100_000;

/** Numbers that look like chance, the same each time: mulberry32. */
function createDice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const SCRAPS = [
  '<',
  '>',
  '</xml>',
  '<xml>',
  ']]>',
  '<![CDATA[',
  '&lt;',
  '&#0;',
  '<!DOCTYPE a>',
  '<!ENTITY',
  '\0',
  '￿',
  '😀',
  '=',
  '+',
  '<__proto__>',
  '<?xml?>',
  '<a b="c"/>',
  '%',
  'MsgType',
];

it('none of 100,000 forged bodies is answered', { timeout: 20_000 }, async () => {
  const dice = createDice(20_261_122);
  const pick = <T>(from: readonly T[]): T => from[dice(from.length)]!;
  const crypto = createCrypto({ token: TOKEN, encodingAesKey: KEY, receiveId: CORP });
  let heard = 0;
  const callback = createCallback({
    crypto,
    now: () => NOW,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
  });
  callback.on(['text'], () => {
    heard += 1;
    return Promise.resolve();
  });

  const mutate = (text: string): string => {
    let mutated = text;
    for (let times = 1 + dice(4); times > 0; times -= 1) {
      const [from, to] = [dice(mutated.length + 1), dice(mutated.length + 1)];
      const [start, end] = [Math.min(from, to), Math.max(from, to)];
      const kind = dice(6);
      if (kind === 0) mutated = mutated.slice(0, start) + mutated.slice(end);
      else if (kind === 1) mutated = mutated.slice(0, start) + pick(SCRAPS) + mutated.slice(start);
      else if (kind === 2) mutated = mutated.slice(0, start) + String.fromCharCode(dice(0x3000)) + mutated.slice(start + 1);
      else if (kind === 3) mutated = mutated.slice(0, end) + mutated.slice(start);
      else if (kind === 4) mutated = mutated.slice(0, start) + pick(SCRAPS).repeat(dice(50)) + mutated.slice(end);
      else mutated = mutated.slice(end) + mutated.slice(0, start);
      mutated = mutated.slice(0, 15_000);
    }
    return mutated;
  };

  const inner = `<xml><ToUserName><![CDATA[${CORP}]]></ToUserName><FromUserName><![CDATA[zhangsan]]></FromUserName><CreateTime>1700000000</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[123456789012]]></Content><MsgId>7000000000000000001</MsgId><AgentID>1000002</AgentID></xml>`;
  const good = crypto.close(inner, '1700000001', 'nonce123');
  const outer = (encrypt: string): string =>
    `<xml><ToUserName><![CDATA[${CORP}]]></ToUserName><AgentID><![CDATA[1000002]]></AgentID><Encrypt><![CDATA[${encrypt}]]></Encrypt></xml>`;
  const query = { msg_signature: good.signature, timestamp: good.timestamp, nonce: good.nonce };
  const call = (given: Record<string, string>, body: string) =>
    callback.routes.request(`/wecom/callback?${new URLSearchParams(given).toString()}`, { method: 'POST', body });
  /** Bytes of our own, sealed with the right key and signed with the right token: a broken WeCom, or one who knows both. */
  const aes = Buffer.from(`${KEY}=`, 'base64');
  const sealed = (bytes: Buffer): string => {
    const cipher = createCipheriv('aes-256-cbc', aes, aes.subarray(0, 16)).setAutoPadding(false);
    return Buffer.concat([cipher.update(bytes), cipher.final()]).toString('base64');
  };
  const signed = (encrypt: string) => ({ ...query, msg_signature: getSignature(TOKEN, query.timestamp, query.nonce, encrypt) });

  expect((await call(query, outer(good.encrypt))).status).toBe(200);
  expect(heard).toBe(1);

  const seen = new Map<number, number>();
  let resident = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const kind = round % 5;
    let response: Response;
    if (kind === 0) {
      // The whole body is forged.
      const body = mutate(outer(good.encrypt));
      if (body.includes(good.encrypt)) continue;
      response = await call(query, body);
    } else if (kind === 1) {
      const encrypt = mutate(good.encrypt);
      if (encrypt.trim() === good.encrypt) continue;
      response = await call(query, outer(encrypt));
    } else if (kind === 2) {
      const name = pick(['msg_signature', 'timestamp', 'nonce'] as const);
      const value = mutate(query[name]);
      if (value === query[name]) continue;
      response = await call({ ...query, [name]: value }, outer(good.encrypt));
    } else if (kind === 3) {
      // Right signature over a wrong sealing: padding, length and receiver are anything.
      const bytes = Buffer.alloc(32 * (1 + dice(4)), dice(256));
      for (let at = 0; at < 20; at += 1) bytes[dice(bytes.length)] = dice(256);
      if (dice(2) === 0) bytes.writeUInt32BE(dice(2) === 0 ? dice(200) : 0xffffffff - dice(200), 16);
      const encrypt = sealed(bytes);
      response = await call(signed(encrypt), outer(encrypt));
    } else {
      // A stranger's receiver, rightly sealed.
      const other = createSealed(mutate(inner), mutate(CORP));
      if (other === undefined) continue;
      response = await call(signed(other), outer(other));
    }
    seen.set(response.status, (seen.get(response.status) ?? 0) + 1);
    if (response.status === 200 || (await response.text()) !== '')
      throw new Error(`round ${round} of kind ${kind} was answered with ${response.status}`);
    if (round === ROUNDS / 10) resident = process.memoryUsage().rss;
  }

  function createSealed(text: string, id: string): string | undefined {
    if (id === CORP) return undefined;
    const body = Buffer.from(text);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(body.length);
    const plain = Buffer.concat([Buffer.alloc(16, 7), length, body, Buffer.from(id)]);
    const pad = 32 - (plain.length % 32);
    return sealed(Buffer.concat([plain, Buffer.alloc(pad, pad)]));
  }

  expect(heard).toBe(1);
  expect([...seen.keys()].toSorted((a, b) => a - b)).toEqual([400, 401]);
  expect([...seen.values()].reduce((sum, one) => sum + one, 0)).toBeGreaterThan(ROUNDS * 0.95);
  expect(process.memoryUsage().rss - resident).toBeLessThan(64 * 1024 * 1024);
});
