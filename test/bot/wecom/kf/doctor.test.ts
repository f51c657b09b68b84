import { expect, it, onTestFinished } from 'vitest';
import { examine } from '../../../../bot/doctor/doctor.ts';
import { wecomKfChecks } from '../../../../bot/doctor/wecom-kf.ts';
import { startKf } from '../../../doubles/wecom-kf.ts';

async function visit(prepare: (wecom: Awaited<ReturnType<typeof startKf>>) => unknown = () => undefined) {
  const wecom = await startKf();
  onTestFinished(() => wecom.close());
  await prepare(wecom);
  const { corpId, secret } = wecom;
  const app = { corpId, secret, agentId: '1000002', token: 'T', encodingAesKey: 'K' };
  const lines: string[] = [];
  const say = (zh: string): string => zh;
  const checks = wecomKfChecks({ apiBase: wecom.url, bot: undefined, app }, { now: Date.now, say });
  const findings = await examine(checks, { write: (line) => void lines.push(line), say });
  return { text: lines.join('\n'), kinds: findings.map(({ kind }) => kind), secret };
}

it('prints the link of each account, and the administrator’s steps in their order', async () => {
  const { text, kinds, secret } = await visit((wecom) => wecom.account('wktwo', '二店'));
  expect(kinds).toEqual(['ok', 'ok']);
  expect(text).toContain('大声發 wkdesk https://work.weixin.qq.com/kf/');
  expect(text).toContain('二店 wktwo https://work.weixin.qq.com/kf/');
  const steps = ['接收消息', '开通', '可调用接口的应用', '通过API管理微信客服账号', '二维码打印张贴'];
  const places = steps.map((step) => text.indexOf(step, text.indexOf('1. ')));
  expect(places.every((place) => place > 0)).toBe(true);
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(text).not.toContain(secret);
});

it.each([
  [48002, 'warn', '可调用接口的应用'],
  [48007, 'bad', '通过API管理微信客服账号'],
  [60020, 'bad', '企业可信IP中'],
  [95017, 'bad', 'API 开关'],
  [40013, 'bad', '40013'],
])('says what %i means', async (code, kind, words) => {
  const { text, kinds } = await visit((wecom) => wecom.fail('/kf/account/list', { kind: 'code', code }));
  expect(kinds[0]).toBe(kind);
  expect(text.split('\n')[0]).toContain(words);
});

it('says that WeCom cannot be reached, and what to look at', async () => {
  const { text, kinds } = await visit((wecom) => wecom.fail('/kf/account/list', { kind: 'reset', after: false }));
  expect(kinds[0]).toBe('bad');
  expect(text.split('\n')[0]).toMatch(/http:\/\/127\.0\.0\.1:\d+ 连不上.*检查网络/);
});

it('says which address is to be trusted', async () => {
  const { text } = await visit((wecom) => wecom.fail('/kf/account/list', { kind: 'code', code: 60020 }));
  expect(text).toContain('1.2.3.4');
});

it('says how an account is made where there is none', async () => {
  const { text, kinds } = await visit((wecom) => wecom.forget('wkdesk'));
  expect(kinds[0]).toBe('warn');
  expect(text).toContain('添加客服账号');
});
