/** The names of the platforms. They are stored with accounts, so a name never changes. */

/** In the order in which binding offers them. */
export const PLATFORM_NAMES = ['umember', 'allinpay', 'dianping', 'meituan', 'douyin', 'practice'] as const;
export type PlatformName = (typeof PLATFORM_NAMES)[number];

/** The platform whose coupons are simulated. Anybody can have an account there, with nothing to prove and nothing to protect. */
export const SIMULATED: PlatformName = 'practice';
