/** Reads WeCom's groups of variables: the smart bot, and the self-built app with 微信客服. */
import type { Fix, EnvReader } from './env-reader.ts';

/** The configured parts of WeCom, each optional; `apiBase` serves the app and group webhooks. */
export interface WecomConfig {
  /** Without a trailing slash. */
  readonly apiBase: string;
  /** The 智能机器人 on its long connection. `wsUrl` overrides the package's own address. */
  readonly bot: { readonly id: string; readonly secret: string; readonly wsUrl: string | undefined } | undefined;
  /** The self-built app; it also receives 微信客服. */
  readonly app:
    | {
        readonly corpId: string;
        readonly agentId: string;
        readonly secret: string;
        readonly token: string;
        /** 43 letters and digits. */
        readonly encodingAesKey: string;
      }
    | undefined;
}

/** Reads and validates both groups; mistakes go to the reader. */
export function readWecom(read: EnvReader, publicUrl: string | undefined): WecomConfig {
  const word = (name: string, fix: Fix) => read.checked(name, (text) => (/^[\w-]{1,128}$/.test(text) ? text : undefined), fix);
  const secret = (name: string, shape: RegExp, fix: Fix) =>
    read.secret(name, (text) => (shape.test(text) ? text : undefined), fix);
  const wsUrl = read.checked('WECOM_BOT_WS_URL', (text) => (/^wss?:\/\/[^\s?#]+$/.test(text) ? text : undefined), [
    'write an address such as wss://openws.work.weixin.qq.com',
    '请写成 wss://openws.work.weixin.qq.com 这样的地址',
  ]);
  const botId = word('WECOM_BOT_ID', [
    "copy the Bot ID from the robot's page (API mode, long connection)",
    '请从机器人页面复制 Bot ID（API 模式，长连接）',
  ]);
  const botSecret = secret('WECOM_BOT_SECRET', /^\S{8,256}$/, [
    "copy the Secret from the robot's page (API mode, long connection)",
    '请从机器人页面复制 Secret（API 模式，长连接）',
  ]);
  read.whole(
    ['WECOM_BOT_ID', 'WECOM_BOT_SECRET'],
    ['the robot needs both; copy them from its page', '机器人两项都要，请从机器人页面复制'],
  );
  const corpId = word('WECOM_CORP_ID', [
    'copy the 企业ID (ww…) from 我的企业 → 企业信息',
    '请从 我的企业 → 企业信息 复制企业ID（ww 开头）',
  ]);
  const agentId = read.checked('WECOM_AGENT_ID', (text) => (/^\d{1,12}$/.test(text) ? text : undefined), [
    "copy the AgentId, a number, from the app's page",
    '请从应用页面复制 AgentId（数字）',
  ]);
  const appSecret = secret('WECOM_SECRET', /^\S{8,256}$/, ["copy the Secret from the app's page", '请从应用页面复制 Secret']);
  const token = secret('WECOM_TOKEN', /^[A-Za-z0-9]{1,32}$/, [
    'copy the Token from 接收消息 → 设置API接收 (at most 32 letters and digits)',
    '请从 接收消息 → 设置API接收 复制 Token（最多 32 个字母和数字）',
  ]);
  const encodingAesKey = secret('WECOM_ENCODING_AES_KEY', /^[A-Za-z0-9]{43}$/, [
    'copy the EncodingAESKey from 设置API接收 (exactly 43 letters and digits)',
    '请从 设置API接收 复制 EncodingAESKey（正好 43 个字母和数字）',
  ]);
  read.whole(
    ['WECOM_CORP_ID', 'WECOM_AGENT_ID', 'WECOM_SECRET', 'WECOM_TOKEN', 'WECOM_ENCODING_AES_KEY'],
    ['the self-built app needs all five', '自建应用五项都要'],
  );
  const app =
    corpId && agentId && appSecret && token && encodingAesKey
      ? { corpId, agentId, secret: appSecret, token, encodingAesKey }
      : undefined;
  if (app && !publicUrl)
    read.mistake('PUBLIC_URL', [
      'the self-built app is called at PUBLIC_URL/wecom/callback; set the address WeCom reaches this program at',
      '企业微信要访问 PUBLIC_URL/wecom/callback：请设置企业微信能访问到本程序的地址',
    ]);
  return {
    apiBase: read.webAddress('WECOM_API_BASE', 'https://qyapi.weixin.qq.com') ?? 'https://qyapi.weixin.qq.com',
    bot: botId && botSecret ? { id: botId, secret: botSecret, wsUrl } : undefined,
    app,
  };
}
