/** Checks 微信客服: the accounts this app may use, with a link to each, and the administrator's steps. */
import { createApi } from '../wecom/api.ts';
import type { KeptToken } from '../wecom/access-token.ts';
import { WecomFault } from '../wecom/fault.ts';
import { contactLink, listAccounts } from '../wecom/kf/links.ts';
import { setupAdviceOf } from '../wecom/kf/setup-advice.ts';
import type { WecomConfig } from '../config/wecom.ts';
import { bad, ok, warn, type Check, type Finding, type Say } from './check.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
/** A token cache that stores nothing: each run logs in. */
const noTokens = {
  get: () => Promise.resolve(undefined as KeptToken | undefined),
  set: () => Promise.resolve(),
  delete: () => Promise.resolve(false),
  take: () => Promise.resolve(undefined),
};

/** Accounts, and steps. */
export function wecomKfChecks(
  { apiBase, app }: WecomConfig & { readonly app: NonNullable<WecomConfig['app']> },
  { now, say }: { now: () => number; say: Say },
): Check[] {
  const { corpId, secret } = app;
  const wait = (): Promise<void> => Promise.resolve();
  const api = createApi({ base: apiBase, corpId, secret, tokens: noTokens, now, wait, log: silent, timeoutMs: 5000 });

  async function accounts(): Promise<Finding> {
    try {
      const found = await listAccounts(api);
      if (found.length === 0)
        return warn(
          say(
            '还没有客服账号：管理后台 → 应用管理 → 微信客服 → 添加客服账号',
            'there is no account yet: add one under 应用管理 → 微信客服 → 添加客服账号',
          ),
        );
      const links = await Promise.all(
        found.map(async ({ openKfid, name }) => `  ${name} ${openKfid} ${await contactLink(api, openKfid, '')}`),
      );
      return ok(
        [
          say(
            '客服链接。带门店名的链接和二维码：店主在绑定了门店的聊天里发送“顾客”',
            'links. With the store’s name in them, and as QR codes: an owner sends /customers in a chat that is bound',
          ),
          ...links,
        ].join('\n'),
      );
    } catch (error) {
      if (!(error instanceof WecomFault)) throw error;
      const advice = error.errcode === undefined ? undefined : setupAdviceOf(error.errcode);
      const seen = error.seenIp === undefined ? '' : ` (${error.seenIp})`;
      // An installation without customers does not need 微信客服.
      if (error.errcode === 48002 && advice)
        return warn(say(`${advice.zh}。不接待微信顾客可忽略`, `${advice.en}; ignore it unless customers are served`));
      if (error.errcode === undefined)
        return bad(
          say(
            `${apiBase} 连不上（${error.message}）：检查网络`,
            `${apiBase} cannot be reached (${error.message}): check the network`,
          ),
        );
      return bad(advice ? say(advice.zh, advice.en) + seen : error.message);
    }
  }

  return [
    { name: say('企业微信 微信客服 账号', 'WeCom 微信客服 accounts'), run: accounts },
    {
      name: say('企业微信 微信客服 步骤', 'WeCom 微信客服, what the administrator does'),
      run: () => Promise.resolve(ok(`\n${STEPS.map((step, n) => `  ${n + 1}. ${step}`).join('\n')}`)),
    },
  ];
}

/** In the order of WeCom's screens, and in Chinese: the console has no other language. */
const STEPS = [
  '先完成自建应用：接收消息（PUBLIC_URL/wecom/callback）、企业可信IP',
  '管理后台 → 应用管理 → 微信客服 → 开通；添加客服账号，接待人员须在自建应用的可见范围内',
  '微信客服 → API → 可调用接口的应用：添加本应用',
  '微信客服 → API → 通过API管理微信客服账号 → 企业内部开发：绑定该客服账号',
  '至少一名接待人员登录过企业微信；预计接待超过约 100 位顾客时先完成企业认证',
  '再次运行 npm run doctor 确认；然后店主在绑定了门店的聊天里发送“顾客”，把收到的二维码打印张贴，顾客和员工用微信扫码即可对话',
] as const;
