/** Checks that the operators who review newcomers can be reached: each by a channel that is configured. */
import type { Config } from '../config/config.ts';
import { bad, ok, warn, type Check, type Say } from './check.ts';

/** The channels of people's ids, and whether this configuration has each. */
const CHANNELS: Readonly<Record<string, (config: Pick<Config, 'telegram' | 'wecom' | 'practice'>) => boolean>> = {
  telegram: ({ telegram }) => telegram !== undefined,
  'wecom-bot': ({ wecom }) => wecom.bot !== undefined,
  'wecom-app': ({ wecom }) => wecom.app !== undefined,
  'wecom-kf': ({ wecom }) => wecom.app !== undefined,
  web: ({ practice }) => practice,
};

export function operatorsCheck(config: Pick<Config, 'operators' | 'telegram' | 'wecom' | 'practice'>, say: Say): Check {
  return {
    name: say('接入审核', 'Review of newcomers'),
    async run() {
      const lost = config.operators.filter((id) => !CHANNELS[id.split(':', 1)[0] ?? '']?.(config));
      const names = lost.join(', ');
      const unreached = say(
        `OPERATORS 里的 ${names} 所在的聊天渠道没有配置，收不到申请：请配置那个渠道，或改 OPERATORS`,
        `${names} of OPERATORS hears of no application, as that chat channel is not configured: configure it, or change OPERATORS`,
      );
      if (lost.length > 0)
        return await Promise.resolve(lost.length === config.operators.length ? bad(unreached) : warn(unreached));
      const count = config.operators.length;
      return ok(
        say(
          `由 ${count} 位运维人员审核；每位都要先私聊机器人发送过“开始”`,
          `${count} ${count === 1 ? 'operator reviews' : 'operators review'}; each must have sent the bot “/start” in private once`,
        ),
      );
    },
  };
}
