/** Registers the platforms: those that the configuration sets up, in the order in which binding offers them. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '../../services/log.ts';
import { createFollowDouyinLink } from '../../services/coupons/douyin-link.ts';
import { createAllinpay } from '../../services/platforms/allinpay/allinpay.ts';
import { createDianping } from '../../services/platforms/meituan/dianping.ts';
import { createMeituan } from '../../services/platforms/meituan/meituan.ts';
import { instrumented, type Observe } from '../../services/platforms/instrumented.ts';
import type { Platform } from '../../services/platforms/platform.ts';
import { createPractice, type Page } from '../../services/platforms/practice/practice.ts';
import { createUmember } from '../../services/platforms/umember/umember.ts';
import { createJsonHttp } from '../../services/platforms/json-http.ts';
import type { Collections } from '../../services/database/collections.ts';
import type { PlatformsConfig } from '../config/platforms.ts';

export { practiceSamples } from '../../services/platforms/practice/samples.ts';

const MONTH_MS = 30 * 24 * 3_600_000;

export interface PlatformsParts {
  readonly platformsConfig: PlatformsConfig;
  /** `Config.practiceStore`. */
  readonly practiceStore: boolean;
  readonly now: () => number;
  readonly observe: Observe;
  readonly log: Pick<Log, 'warn'>;
}

export function createPlatforms(parts: PlatformsParts): (collections: Collections) => readonly Platform[] {
  const { platformsConfig, practiceStore, now } = parts;
  const { umember, allinpay, dianping, meituan } = platformsConfig;
  const http = createJsonHttp();
  return (collections) =>
    [
      createUmember({ ...umember, http, now }),
      ...(allinpay ? [createAllinpay({ ...allinpay, http, follow: createFollowDouyinLink(), now })] : []),
      ...(dianping ? [createDianping({ ...dianping, http, now })] : []),
      ...(meituan ? [createMeituan({ ...meituan, http, now })] : []),
      ...(practiceStore ? [createPractice({ books: collections<Page>('practice', MONTH_MS), now, pause })] : []),
    ].map((platform) => instrumented(platform, parts));
}
