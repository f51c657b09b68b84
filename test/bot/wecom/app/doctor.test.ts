/** The doctor's checks of WeCom's app, and its advice to the administrator. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { readConfig, type Config } from '../../../../bot/config/config.ts';
import { doctor, examine } from '../../../../bot/doctor/doctor.ts';
import { ask } from '../../../../bot/doctor/ask.ts';
import { wecomAppChecks, wecomMenuCheck } from '../../../../bot/doctor/wecom-app.ts';
import { SEEN_IP } from '../../../doubles/wecom/app-server.ts';
import { buildApp } from './harness.ts';

async function open(changed: { secret?: string; agentId?: string; token?: string } = {}) {
  const { wecom, close } = await buildApp();
  onTestFinished(close);
  const { corpId, agentId, secret, token, encodingAesKey } = wecom;
  const app = { corpId, agentId, secret, token, encodingAesKey, ...changed };
  const publicUrl = new URL(wecom.callbacks.url).origin;
  const say = (zh: string): string => zh;
  const parts = { ask, now: Date.now, say };
  const run = async (): Promise<string[]> => {
    const lines: string[] = [];
    await examine(wecomAppChecks(app, { apiBase: wecom.base, publicUrl }, parts), { write: (line) => lines.push(line), say });
    return lines;
  };
  return { wecom, app, publicUrl, parts, run };
}

describe('the doctor at WeCom’s app', () => {
  it('finds nothing to mend where everything is right', async () => {
    const { wecom, run, app, parts } = await open();
    expect((await wecomMenuCheck(app, wecom.base, 'zh-CN', parts).run()).kind).toBe('ok');
    expect(JSON.stringify(wecom.state.menu)).toContain('日报');
    expect((await run()).map((line) => line[0])).toEqual(['✓', '✓', '✓', '✓', '✓']);
  });

  it('shows the address that has to be trusted', async () => {
    const { wecom, run } = await open();
    wecom.state.trusted = false;
    const lines = await run();
    expect(lines[0]).toMatch(/^✓/);
    expect(lines[1]).toMatch(/^✗ .*企业可信IP/);
    expect(lines[1]).toContain(SEEN_IP);
  });

  it('tells a wrong secret, a wrong app and a wrong token apart, and repeats no secret', async () => {
    const wrong = await open({ secret: 'wrong-secret-of-the-app' });
    const [secret] = await wrong.run();
    expect(secret).toMatch(/^✗ .*WECOM_SECRET/);
    expect(secret).not.toContain('wrong-secret');
    expect((await (await open({ agentId: '1000009' })).run())[1]).toMatch(/^✗ .*WECOM_AGENT_ID/);
    expect((await (await open({ token: 'ANOTHER' })).run())[2]).toMatch(/^✗ .*Token/);
  });

  it('says that WeCom cannot be reached', async () => {
    const { wecom, run } = await open();
    await wecom.close();
    expect((await run())[0]).toMatch(/^✗ .*连不上/);
  });

  it('gives the steps in the order of the screens, with the address to fill in', async () => {
    const { run, publicUrl } = await open();
    const steps = (await run()).at(-1)!;
    const order = [
      '创建应用',
      'AgentId',
      '企业ID',
      '设置API接收',
      `${publicUrl}/wecom/callback`,
      '企业可信IP',
      'wecom-menu',
      '绑定',
    ];
    const places = order.map((word) => steps.indexOf(word));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it('makes the menu on request, or says what is missing', async () => {
    const { wecom, app, publicUrl } = await open();
    const lines: string[] = [];
    const write = (line: string): void => void lines.push(line);
    const config = readConfig({
      PUBLIC_URL: publicUrl,
      WECOM_API_BASE: wecom.base,
      WECOM_CORP_ID: app.corpId,
      WECOM_AGENT_ID: app.agentId,
      WECOM_SECRET: app.secret,
      WECOM_TOKEN: app.token,
      WECOM_ENCODING_AES_KEY: app.encodingAesKey,
    }) as Config;
    expect(await doctor(config, write, 'wecom-menu')).toBe(0);
    expect(wecom.state.menu).toBeDefined();
    expect(await doctor(readConfig({}), write, 'wecom-menu')).toBe(1);
    expect(await doctor(config, write, 'wecom-manu')).toBe(1);
    expect(lines.join('\n')).toContain('WECOM_CORP_ID');
  });
});
