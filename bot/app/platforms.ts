/** Registers the platforms: those that the configuration sets up, in the order in which binding offers them. */
import { createFollowDouyinLink, type FollowDouyinLink } from '../../services/coupons/douyin-link.ts';
import type { Collections } from '../../services/database/collections.ts';
import type { Mutex } from '../../services/database/locks/mutex.ts';
import type { Log } from '../../services/log.ts';
import { createAllinpay } from '../../services/platforms/allinpay/allinpay.ts';
import { createJsonHttp } from '../../services/platforms/json-http.ts';
import { createDouyin } from '../../services/platforms/douyin/douyin.ts';
import { TOKEN_MS, type AppToken } from '../../services/platforms/douyin/token.ts';
import { createDianping } from '../../services/platforms/meituan/dianping.ts';
import { createMeituan } from '../../services/platforms/meituan/meituan.ts';
import type { Platform } from '../../services/platforms/platform.ts';
import { createPractice, type Page } from '../../services/platforms/practice/practice.ts';
import { createUmember } from '../../services/platforms/umember/umember.ts';
import type { Config } from '../config/config.ts';
import type { Time } from '../../services/time/time.ts';

export { practiceSamples } from '../../services/platforms/practice/samples.ts';

/** How long a token may take, ms: it is fetched while other instances wait for it. */
const TOKEN_ANSWER_MS = 2_000;
const MONTH_MS = 30 * 24 * 3_600_000;

export interface PlatformsParts extends Pick<Time, 'now' | 'sleep' | 'monotonic'> {
  readonly collections: Collections;
  readonly mutex: Mutex;
  readonly log: Pick<Log, 'warn'>;
  /** How long a platform may take to answer, ms; its own default unless told. */
  readonly timeoutMs?: number;
  /** Follows short links to Douyin's own hosts unless told. */
  readonly follow?: FollowDouyinLink;
}

/** In the order in which they are offered at binding. */
export function configuredPlatforms(
  { platformsConfig, practiceStore }: Pick<Config, 'platformsConfig' | 'practiceStore'>,
  { collections, mutex, log, now, sleep, monotonic, timeoutMs, follow = createFollowDouyinLink({ monotonic }) }: PlatformsParts,
): readonly Platform[] {
  const { umember, allinpay, dianping, meituan, douyin } = platformsConfig;
  const http = createJsonHttp(timeoutMs === undefined ? {} : { timeoutMs });
  return [
    createUmember({ ...umember, http, now }),
    ...(allinpay ? [createAllinpay({ ...allinpay, http, follow, now })] : []),
    ...(dianping ? [createDianping({ ...dianping, http, now })] : []),
    ...(meituan ? [createMeituan({ ...meituan, http, now })] : []),
    ...(douyin
      ? [
          createDouyin({
            ...douyin,
            http,
            tokenHttp: createJsonHttp({ timeoutMs: TOKEN_ANSWER_MS }),
            follow,
            tokens: collections<AppToken>('douyin-token', TOKEN_MS),
            mutex,
            log,
            now,
          }),
        ]
      : []),
    ...(practiceStore ? [createPractice({ books: collections<Page>('practice', MONTH_MS), now, pause: sleep })] : []),
  ];
}
