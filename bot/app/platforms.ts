/** The platforms that can be bound in this installation, as the configuration has them. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Log } from '../../services/log.ts';
import { createFollowDouyinLink } from '../../services/coupons/douyin-link.ts';
import { createAllinpay } from '../../services/platforms/allinpay/allinpay.ts';
import { createDianping } from '../../services/platforms/meituan/dianping.ts';
import { createMeituan } from '../../services/platforms/meituan/meituan.ts';
import { observed, type Observe } from '../../services/platforms/instrumented.ts';
import type { Platform } from '../../services/platforms/platform.ts';
import { createPractice, type Page } from '../../services/platforms/practice/practice.ts';
import { createUmember } from '../../services/platforms/umember/umember.ts';
import { createWire } from '../../services/platforms/json-http.ts';
import type { Collections } from '../../services/database/collections.ts';
import type { Gateways } from '../config/platforms.ts';

const MONTH_MS = 30 * 24 * 3_600_000;

export interface PlatformsParts {
  readonly gateways: Gateways;
  /** `Config.practiceStore`. */
  readonly practiceStore: boolean;
  readonly now: () => number;
  readonly observe: Observe;
  readonly log: Pick<Log, 'warn'>;
}

export function createPlatforms(parts: PlatformsParts): (collections: Collections) => readonly Platform[] {
  const { gateways, practiceStore, now } = parts;
  const { umember, allinpay, dianping, meituan } = gateways;
  const wire = createWire();
  return (collections) =>
    [
      createUmember({ ...umember, wire, now }),
      ...(allinpay ? [createAllinpay({ ...allinpay, wire, follow: createFollowDouyinLink(), now })] : []),
      ...(dianping ? [createDianping({ ...dianping, wire, now })] : []),
      ...(meituan ? [createMeituan({ ...meituan, wire, now })] : []),
      ...(practiceStore ? [createPractice({ books: collections<Page>('practice', MONTH_MS), now, pause })] : []),
    ].map((platform) => observed(platform, parts));
}
