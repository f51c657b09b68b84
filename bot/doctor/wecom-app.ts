/** Checks WeCom's self-built app and its menu, and lists the administrator's steps screen by screen. */
import { setTimeout as pause } from 'node:timers/promises';
import { words, type Locale } from '../../locales/index.ts';
import type { Collection } from '../../services/database/collections.ts';
import { createApi, type Api } from '../wecom/api.ts';
import { createMenu, hasMenu } from '../wecom/app/menu.ts';
import { createCrypto } from '../wecom/crypto.ts';
import { hasCode, IP_NOT_TRUSTED, REFUSED } from '../wecom/fault.ts';
import type { WecomConfig } from '../config/wecom.ts';
import type { Ask } from './ask.ts';
import { bad, codeOf, ok, warn, type Check, type Finding, type Say } from './check.ts';

type App = NonNullable<WecomConfig['app']>;

/** Error codes for an app of another corporation, or an unknown AgentId. */
const NOT_THIS_APP: ReadonlySet<number> = new Set([40056, 301002]);

interface Context {
  readonly ask: Ask;
  readonly now: () => number;
  readonly say: Say;
}

/** Credentials, trusted address, callback, menu, and steps. */
export function wecomAppChecks(
  app: App,
  at: { readonly apiBase: string; readonly publicUrl: string },
  context: Context,
): Check[] {
  const { say, now } = context;
  const api = openApi(app, at.apiBase, now);
  const judged = (run: () => Promise<Finding>) => async (): Promise<Finding> => {
    try {
      return await run();
    } catch (error) {
      return explain(error, app, at.apiBase, say);
    }
  };
  return [
    {
      name: say('企业微信 应用 凭证', 'WeCom app, corporation and secret'),
      run: judged(async () => {
        await api.login();
        return ok(say('企业ID 和 Secret 正确', 'corporation and secret are right'));
      }),
    },
    {
      name: say('企业微信 应用 可信IP', 'WeCom app, trusted address'),
      run: judged(async () => {
        await api.call('/agent/get', { query: { agentid: app.agentId } });
        return ok(say('企业微信接受本机的调用', 'WeCom takes calls from this machine'));
      }),
    },
    {
      name: say('企业微信 应用 回调地址', 'WeCom app, callback address'),
      run: () => callbackFinding(app, `${at.publicUrl}/wecom/callback`, context),
    },
    {
      name: say('企业微信 应用 菜单', 'WeCom app, menu'),
      run: judged(async () =>
        (await hasMenu(api, app.agentId))
          ? ok(say('已有菜单', 'there is one'))
          : warn(
              say(
                '还没有菜单：启动程序会创建，也可以现在运行 npm run doctor -- wecom-menu',
                'there is none: starting the program makes it, or run npm run doctor -- wecom-menu',
              ),
            ),
      ),
    },
    {
      name: say('企业微信 应用 步骤', 'WeCom app, what the administrator does'),
      run: () =>
        Promise.resolve(
          ok(
            `\n${steps(`${at.publicUrl}/wecom/callback`)
              .map((step, n) => `  ${n + 1}. ${step}`)
              .join('\n')}`,
          ),
        ),
    },
  ];
}

/** `npm run doctor -- wecom-menu`: replaces the app's menu. */
export function wecomMenuCheck(app: App, apiBase: string, locale: Locale, { now, say }: Pick<Context, 'now' | 'say'>): Check {
  return {
    name: say('企业微信 应用 菜单', 'WeCom app, menu'),
    async run() {
      try {
        await createMenu(openApi(app, apiBase, now), app.agentId, words(locale));
        return ok(say('已创建，成员重新进入应用后可见', 'made; members see it when they open the app again'));
      } catch (error) {
        return explain(error, app, apiBase, say);
      }
    },
  };
}

/** A client with a token cache for this one run. */
function openApi(app: App, base: string, now: () => number): Api {
  const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
  const wait = async (ms: number): Promise<void> => await pause(ms);
  return createApi({ ...app, base, tokens: memoryCollection(), now, wait, log: quiet, timeoutMs: 5000 });
}

function memoryCollection<T>(): Collection<T> {
  const kept = new Map<string, T>();
  return {
    get: (key) => Promise.resolve(kept.get(key)),
    set: (key, value) => Promise.resolve(void kept.set(key, value)),
    delete: (key) => Promise.resolve(kept.delete(key)),
    take: (key) => Promise.resolve(kept.get(key)),
  };
}

function explain(error: unknown, app: App, apiBase: string, say: Say): Finding {
  if (hasCode(error, IP_NOT_TRUSTED)) {
    const ip = error.seenIp ?? say('（未告知）', '(not told)');
    return bad(
      say(
        `本机出口 IP ${ip} 不在可信名单：管理后台 → 应用管理 → 应用 → 企业可信IP，加入 ${ip}，约一分钟后生效`,
        `this machine's address ${ip} is not trusted: add ${ip} under 应用管理 → the app → 企业可信IP; it takes a minute`,
      ),
    );
  }
  if (hasCode(error, REFUSED))
    return bad(
      say(
        `企业微信不认 WECOM_CORP_ID 和 WECOM_SECRET，或应用已停用（${error.errcode}）：到 我的企业 → 企业信息 和 应用管理 → 应用 重新复制`,
        `WeCom does not accept WECOM_CORP_ID with WECOM_SECRET, or the app is stopped (${error.errcode}): copy both again from the console`,
      ),
    );
  if (hasCode(error, NOT_THIS_APP))
    return bad(
      say(
        `WECOM_AGENT_ID ${app.agentId} 不是这个 Secret 的应用：到 应用管理 → 应用 重新复制 AgentId`,
        `WECOM_AGENT_ID ${app.agentId} is not the app of this secret: copy the AgentId again from the app's page`,
      ),
    );
  if (error instanceof Error && !('errcode' in error && error.errcode !== undefined))
    return bad(
      say(
        `${apiBase} 连不上（${error.message}）：检查网络`,
        `${apiBase} cannot be reached (${error.message}): check the network`,
      ),
    );
  return bad(say(`企业微信拒绝了（${messageOf(error)}）`, `WeCom refuses (${messageOf(error)})`));
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : codeOf(error));

/** Sends the running program the request that WeCom sends when the address is saved. */
async function callbackFinding(app: App, url: string, { ask, now, say }: Context): Promise<Finding> {
  const echo = String(now());
  const crypto = createCrypto({ ...app, receiveId: app.corpId });
  const { signature, timestamp, nonce, encrypt } = crypto.close(echo, String(Math.floor(now() / 1000)), 'doctor');
  const query = new URLSearchParams({ msg_signature: signature, timestamp, nonce, echostr: encrypt });
  const answer = await ask(`${url}?${query.toString()}`).catch(codeOf);
  if (typeof answer === 'object' && answer.status === 200 && answer.text === echo)
    return ok(say(`${url} 可以到达，Token 和 EncodingAESKey 一致`, `${url} leads here, with the same token and key`));
  if (typeof answer === 'object' && [400, 401].includes(answer.status))
    return bad(
      say(
        `${url} 有程序应答，但 Token、EncodingAESKey 或企业ID 与这里不同：改过 .env 后要重启程序；两台机器的时钟相差不能超过十分钟`,
        `at ${url} a program answers that has another token, key or corporation: start it again after changing .env; clocks may be ten minutes apart at most`,
      ),
    );
  const got = typeof answer === 'object' ? `HTTP ${answer.status}` : answer;
  return bad(
    say(
      `${url} 到不了本程序（${got}）：先启动程序，再检查域名、证书和反向代理`,
      `${url} does not lead here (${got}): start the program, then check name, certificate and proxy`,
    ),
  );
}

/** In the order of WeCom's screens, and in Chinese: the console has no other language. */
const steps = (url: string): readonly string[] => [
  '管理后台 work.weixin.qq.com → 应用管理 → 自建 → 创建应用：填名称和图标，「可见范围」选店主和各门店的员工',
  '应用详情页：复制 AgentId，填入 WECOM_AGENT_ID；查看 Secret，填入 WECOM_SECRET',
  '我的企业 → 企业信息 → 最下方复制企业ID，填入 WECOM_CORP_ID',
  '应用详情页 → 接收消息 → 设置API接收：Token 和 EncodingAESKey 点「随机获取」，分别填入 WECOM_TOKEN、WECOM_ENCODING_AES_KEY；先不要保存',
  '启动（或重启）本程序',
  `回到设置API接收：URL 填 ${url}，勾选「用户发送的普通消息」，保存。已认证的企业要求域名备案主体与企业相同或有关联；提示「openapi回调地址请求不通过」说明上面的回调地址检查没有通过`,
  '应用详情页 → 企业可信IP：填入本机的出口 IP（上面「可信IP」一项会给出），约一分钟后生效',
  '菜单：启动时自动创建；要重新创建，运行 npm run doctor -- wecom-menu',
  '店主在企业微信 → 工作台 → 打开这个应用，发送：绑定。员工打开应用，发送店主给的 8 位数字',
];
