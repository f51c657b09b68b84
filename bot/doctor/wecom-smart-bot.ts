/** Checks WeCom's smart bot (智能机器人), and lists the administrator's steps screen by screen. */
import { WebSocket } from 'undici';
import type { WecomConfig } from '../config/wecom.ts';
import { bad, ok, warn, type Check, type Finding, type Say } from './check.ts';

/** The default address of WeCom's package. */
const DEFAULT_URL = 'wss://openws.work.weixin.qq.com';
const TIMEOUT_MS = 5000;

/** Connection, credentials (not tried), and steps. */
export function wecomSmartBotChecks(bot: NonNullable<WecomConfig['bot']>, { say }: { say: Say }): Check[] {
  return [
    {
      name: say('企业微信 智能机器人 连接', 'WeCom robot connection'),
      run: () => reach(bot.wsUrl ?? DEFAULT_URL, say),
    },
    {
      name: say('企业微信 智能机器人 凭证', 'WeCom robot id and secret'),
      run: () =>
        Promise.resolve(
          warn(
            say(
              `Bot ID ${bot.id} 和 Secret 没有在这里验证：一个机器人只能有一个长连接，这里一登录就会把正在运行的程序踢下线。是否正确，看启动日志：正确会写 listening on WeCom，不正确则拒绝启动`,
              `Bot ID ${bot.id} and its secret are not tried here: a robot has one connection, and a login from here would end the running program's. The log tells at the start: "listening on WeCom" when they are right; otherwise the start is refused`,
            ),
          ),
        ),
    },
    {
      name: say('企业微信 智能机器人 步骤', 'WeCom robot, what the administrator does'),
      run: () => Promise.resolve(ok(`\n${STEPS.map((step, n) => `  ${n + 1}. ${step}`).join('\n')}`)),
    },
  ];
}

/** Opens a connection without logging in: a login would end the running program's connection. */
async function reach(url: string, say: Say): Promise<Finding> {
  return await new Promise((resolve) => {
    const socket = new WebSocket(url);
    const end = (finding: Finding): void => {
      clearTimeout(timer);
      resolve(finding);
      socket.close();
    };
    const no = bad(
      say(
        `${url} 连不上：检查网络是否放行到该地址的 443 端口（不需要公网地址，只要能向外连接）`,
        `${url} cannot be reached: let this machine connect out to it (port 443); no public address is needed`,
      ),
    );
    const timer = setTimeout(() => end(no), TIMEOUT_MS);
    socket.addEventListener('open', () => end(ok(say(`${url} 能连上`, `${url} can be reached`))));
    socket.addEventListener('error', () => end(no));
  });
}

/** In the order of WeCom's screens, and in Chinese: the console has no other language. */
const STEPS = [
  '企业微信客户端 → 工作台 → 智能机器人 → 创建机器人 → 手动创建（或 管理后台 → 安全与管理 → 管理工具 → 智能机器人 → 创建机器人）',
  '页面底部点「API模式创建」，连接方式选「使用长连接」',
  '复制 Bot ID，填入 WECOM_BOT_ID；点「获取」看到 Secret（只显示一次），填入 WECOM_BOT_SECRET。重新生成 Secret 后旧的立即失效',
  '设置名称和头像；「可使用成员」（可见范围）选各门店的员工 → 保存',
  '启动本程序，日志出现 listening on WeCom 即已连接。同一个机器人只在一处运行：再启动一份会把前一份踢下线',
  '店主在企业微信里搜索这个机器人，打开单聊，发送：绑定。员工打开单聊，发送店主给的 8 位数字',
  '要在门店内部群使用：群设置 → 添加群成员 → 选这个机器人，然后发送：@机器人 绑定。群里每条消息都要 @机器人；照片请用图文混排，或引用照片再 @机器人，或发到单聊',
  '老板群收日报：把机器人加入群，由店主发送：@机器人 绑定日报',
] as const;
