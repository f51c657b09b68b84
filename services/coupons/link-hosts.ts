/** Classifies the host of a link: a platform, Douyin, payments and contacts, or any other. */

export type LinkHost =
  /** Only Douyin can tell the code behind its links. */
  | 'douyin'
  /** A platform's own host: a parameter it calls a code is one. */
  | 'platform'
  /** Payments, friends and groups: never a coupon. */
  | 'private'
  /** Any other host. */
  | 'foreign';

const HOSTS = {
  // Payments and contacts, opened by a phone's camera.
  private: [
    'alipay.com',
    'alipayobjects.com',
    'tenpay.com',
    '95516.com',
    'unionpay.com',
    'paypal.me',
    'weixin.qq.com',
    'u.wechat.com',
    'qm.qq.com',
    'wa.me',
    't.me',
  ],
  douyin: ['douyin.com', 'iesdouyin.com'],
  platform: ['meituan.com', 'dianping.com', 'dpurl.cn', 'umember.cn', 'shopoint.cn'],
} as const satisfies Partial<Record<LinkHost, readonly string[]>>;

/**
 * Classifies by the whole host name or a parent domain, as a connection resolves it: `evil-douyin.com`, `douyin.com.evil.com` and
 * `douyin.com@evil.com` are foreign. So is a platform's host with a port or a user name: its links have none.
 */
export function hostOf({ protocol, hostname, port, username, password }: URL): LinkHost {
  if (protocol !== 'https:' && protocol !== 'http:') return 'foreign';
  const under = (names: readonly string[]): boolean => names.some((name) => hostname === name || hostname.endsWith(`.${name}`));
  if (under(HOSTS.private)) return 'private';
  if (port !== '' || username !== '' || password !== '') return 'foreign';
  if (under(HOSTS.douyin)) return 'douyin';
  return under(HOSTS.platform) ? 'platform' : 'foreign';
}
