/** Advice to the administrator on setting up 微信客服, by WeCom's errcode, in both languages. */

export interface SetupAdvice {
  readonly zh: string;
  readonly en: string;
}

const EDITION: SetupAdvice = {
  zh: 'Secret 与微信客服版本不符：请使用自建应用的 Secret（WECOM_SECRET），不要用微信客服的 Secret',
  en: 'the secret does not fit: use that of the self-built app (WECOM_SECRET), not that of 微信客服',
};

/** Errcodes: https://developer.work.weixin.qq.com/document/path/90313 */
const MENDS: Readonly<Record<number, SetupAdvice>> = {
  48002: {
    zh: '应用没有微信客服的接口权限：管理后台 → 应用管理 → 微信客服 → API → 可调用接口的应用，添加本应用',
    en: 'the app may not use 微信客服: add it under 应用管理 → 微信客服 → API → 可调用接口的应用',
  },
  48007: {
    zh: '客服账号没有交给本应用：微信客服 → API → 通过API管理微信客服账号，绑定该账号',
    en: 'the account is not given to the app: bind it under 微信客服 → API → 通过API管理微信客服账号',
  },
  60020: {
    zh: '本机 IP 不在企业可信IP中：应用管理 → 本应用 → 企业可信IP，添加后等一分钟',
    en: 'this machine’s address is not trusted: add it under 企业可信IP of the app and wait a minute',
  },
  95003: {
    zh: '未认证企业的接待人数已达上限：请完成企业认证',
    en: 'a corporation that is not verified serves a limited number of customers only: verify it',
  },
  95011: EDITION,
  95012: EDITION,
  95017: {
    zh: '微信客服的 API 开关已关闭：微信客服 → API 中打开',
    en: 'the API of 微信客服 is switched off: switch it on under 微信客服 → API',
  },
};

export const setupAdviceOf = (errcode: number): SetupAdvice | undefined => MENDS[errcode];
