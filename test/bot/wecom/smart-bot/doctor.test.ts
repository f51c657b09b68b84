import { expect, it, onTestFinished } from 'vitest';
import { createChecks, examine } from '../../../../bot/doctor/doctor.ts';
import { readConfig } from '../../../../bot/config/config.ts';
import { wecomSmartBotChecks } from '../../../../bot/doctor/wecom-smart-bot.ts';
import { startWecomBot } from '../../../doubles/wecom-smart-bot.ts';

const say = (zh: string): string => zh;

it('checks that WeCom can be reached without taking over the running program’s connection', async () => {
  const wecom = await startWecomBot();
  onTestFinished(() => wecom.close());
  const lines: string[] = [];
  const checks = wecomSmartBotChecks({ id: wecom.id, secret: wecom.secret, wsUrl: wecom.wsUrl }, { say });
  const findings = await examine(checks, { write: (line) => void lines.push(line), say });
  expect(findings.map(({ kind }) => kind)).toEqual(['ok', 'warn', 'ok']);
  expect(wecom.calls).toEqual([]);
  const text = lines.join('\n');
  expect(text).toContain('踢下线');
  expect(text).not.toContain(wecom.secret);
  // As the console shows them.
  const steps = [
    '创建机器人',
    'API模式创建',
    '使用长连接',
    'Bot ID',
    '获取',
    '可使用成员',
    '保存',
    '绑定',
    '添加群成员',
    '绑定日报',
  ];
  const at = steps.map((step) => text.indexOf(step, text.indexOf('1. ')));
  expect(at.every((place) => place > 0)).toBe(true);
  expect(at).toEqual(at.toSorted((a, b) => a - b));
});

it('says what to mend when WeCom cannot be reached', async () => {
  const wecom = await startWecomBot();
  await wecom.close();
  const [connection] = wecomSmartBotChecks({ id: wecom.id, secret: wecom.secret, wsUrl: wecom.wsUrl }, { say });
  expect(await connection!.run()).toMatchObject({ kind: 'bad', words: expect.stringContaining('443') });
});

it('checks the smart bot only where one is configured', () => {
  const names = (env: Record<string, string>): string[] => {
    const config = readConfig(env);
    if ('mistakes' in config) throw new Error(config.mistakes.join());
    const parts = { now: Date.now, say, nodeVersion: '26.12.1', ask: () => Promise.reject(new Error('not asked')) };
    return createChecks(config, parts).map(({ name }) => name);
  };
  expect(names({}).join()).not.toContain('智能机器人');
  expect(names({ WECOM_BOT_ID: 'aib1', WECOM_BOT_SECRET: '12345678' }).join()).toContain('智能机器人');
});
