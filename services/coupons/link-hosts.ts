/** Hosts of links: the platforms' own, those of payments and contacts, and all others. */

export type LinkHost =
  /** Only Douyin can tell the code behind its links. */
  | 'douyin'
  /** A platform's own: what it calls a code is one. */
  | 'platform'
  /** Payments, friends and groups: never a coupon. */
  | 'private'
  /** Anybody's. */
  | 'foreign';

const HOSTS = {
  // What a phone pays at, and befriends somebody at.
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
 * By the host's whole name or a sub-domain of it, as connections are made by it: `evil-douyin.com`, `douyin.com.evil.com` and
 * `douyin.com@evil.com` are anybody's. So is a platform's name with a port or a user of its own: its links have none.
 */
export function hostOf({ protocol, hostname, port, username, password }: URL): LinkHost {
  if (protocol !== 'https:' && protocol !== 'http:') return 'foreign';
  const under = (names: readonly string[]): boolean => names.some((name) => hostname === name || hostname.endsWith(`.${name}`));
  if (under(HOSTS.private)) return 'private';
  if (port !== '' || username !== '' || password !== '') return 'foreign';
  if (under(HOSTS.douyin)) return 'douyin';
  return under(HOSTS.platform) ? 'platform' : 'foreign';
}
