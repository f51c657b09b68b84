/** The gateways besides umember, over real HTTP: Allinpay, and Meituan's two dialects over one set of books. */
import { createFollowDouyinLink } from '../../services/coupons/douyin-link.ts';
import { createAllinpay } from '../../services/platforms/allinpay/allinpay.ts';
import { createDianping } from '../../services/platforms/meituan/dianping.ts';
import { createMeituan } from '../../services/platforms/meituan/meituan.ts';
import type { Platform } from '../../services/platforms/platform.ts';
import { createJsonHttp } from '../../services/platforms/json-http.ts';
import { startAllinpay } from '../doubles/allinpay.ts';
import { startDouyinLinks } from '../doubles/douyin-links.ts';
import { APP, startMeituan } from '../doubles/meituan.ts';

export type Gateways = Awaited<ReturnType<typeof startGateways>>;

/** `publicUrl`: where merchants come back to. */
export async function startGateways(publicUrl: string) {
  const now = Date.now;
  const [allinpay, meituan, douyin] = await Promise.all([
    startAllinpay(),
    startMeituan({ returnTo: `${publicUrl}/oauth/meituan` }),
    startDouyinLinks(),
  ]);
  const http = createJsonHttp({ timeoutMs: 2000 });
  const { connector, resolve } = douyin;
  const follow = createFollowDouyinLink({ connector, resolve });
  const at = { http, baseUrl: meituan.url, authUrl: meituan.url, now };
  const platforms: readonly Platform[] = [
    createAllinpay({ http, follow, gatewayUrl: allinpay.url, signer: 'md5', body: 'form', now }),
    createDianping({ ...at, appKey: APP.key, appSecret: APP.secret, returnTo: `${publicUrl}/oauth/dianping` }),
    createMeituan({ ...at, developerId: APP.developerId, signKey: APP.signKey }),
  ];
  return {
    allinpay,
    meituan,
    douyin,
    platforms,
    async close(): Promise<void> {
      await Promise.all([allinpay.close(), meituan.close(), douyin.stop()]);
    },
  };
}
