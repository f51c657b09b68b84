/** Starts the doubles of the gateways besides umember: Allinpay, Douyin, and Meituan's two dialects over one set of books. */
import type { PlatformsConfig } from '../../bot/config/platforms.ts';
import { createFollowDouyinLink } from '../../services/coupons/douyin-link.ts';
import { startAllinpay } from '../doubles/allinpay.ts';
import { APP as DOUYIN_APP, startDouyin } from '../doubles/douyin.ts';
import { startDouyinLinks } from '../doubles/douyin-links.ts';
import { APP, startMeituan } from '../doubles/meituan.ts';
import { systemTime } from '../../services/time/time.ts';

export type Gateways = Awaited<ReturnType<typeof startGateways>>;

/** `publicUrl`: where merchants come back to. */
export async function startGateways(publicUrl: string) {
  const [allinpay, meituan, douyin, laike] = await Promise.all([
    startAllinpay(),
    startMeituan({ returnTo: `${publicUrl}/oauth/meituan` }),
    startDouyinLinks(),
    startDouyin(),
  ]);
  const { connector, resolve } = douyin;
  const { key: appKey, secret: appSecret, developerId, signKey } = APP;
  const at = { baseUrl: meituan.url, authUrl: meituan.url };
  const platformsConfig = {
    allinpay: { gatewayUrl: allinpay.url, signer: 'md5', body: 'form' },
    dianping: { ...at, appKey, appSecret, returnTo: `${publicUrl}/oauth/dianping` },
    douyin: { baseUrl: laike.url, ...DOUYIN_APP },
    meituan: { ...at, developerId, signKey, returnTo: `${publicUrl}/oauth/meituan` },
  } as const satisfies Partial<PlatformsConfig>;
  return {
    allinpay,
    meituan,
    /** Where Douyin's short links lead. */
    douyin,
    /** 抖音来客 itself. */
    laike,
    /** As the configuration would have them. */
    platformsConfig,
    follow: createFollowDouyinLink({ monotonic: systemTime.monotonic, connector, resolve }),
    async close(): Promise<void> {
      await Promise.all([allinpay.close(), meituan.close(), douyin.stop(), laike.close()]);
    },
  };
}
