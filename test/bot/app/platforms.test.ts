/** The registered platforms beside each other: what must differ between them. */
import { expect, test } from 'vitest';
import { configuredPlatforms } from '../../../bot/app/platforms.ts';
import { readPlatforms } from '../../../bot/config/platforms.ts';
import { createEnvReader } from '../../../bot/config/env-reader.ts';
import { PLATFORM_NAMES } from '../../../services/platforms/names.ts';
import { noMutex } from '../../../services/database/locks/mutex.ts';
import { systemTime } from '../../../services/time/time.ts';

const EVERYTHING = {
  ALLINPAY_GATEWAY_URL: 'https://gateway.example',
  DIANPING_APP_KEY: 'key',
  DIANPING_APP_SECRET: 'secret-of-dianping',
  MEITUAN_DEVELOPER_ID: '1',
  MEITUAN_SIGN_KEY: 'key-of-meituan',
  DOUYIN_CLIENT_KEY: 'key',
  DOUYIN_CLIENT_SECRET: 'secret-of-douyin',
};

test('each platform is registered, under its name and with a rank of its own', () => {
  const read = createEnvReader(EVERYTHING);
  const platformsConfig = readPlatforms(read, 'https://here.example');
  expect(read.mistakes).toEqual([]);
  const parts = { collections: () => ({}) as never, mutex: noMutex, log: { warn: () => undefined }, ...systemTime };
  const platforms = configuredPlatforms({ platformsConfig, practiceStore: true }, parts);
  expect(platforms.map(({ name }) => name)).toEqual(PLATFORM_NAMES);
  expect(new Set(platforms.map(({ rank }) => rank)).size).toBe(platforms.length);
});
