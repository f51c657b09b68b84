/** The channels that a configuration turns on, as far as their links for customers go. */
import { expect, test } from 'vitest';
import { configuredChannels, type ChannelParts } from '../../../bot/app/channels.ts';
import { readConfig } from '../../../bot/config/config.ts';
import { createBodies } from '../../../bot/http/body.ts';
import { linkWord } from '../../../services/self-service/place-tokens.ts';
import { noMutex } from '../../../services/database/locks/mutex.ts';
import { systemTime } from '../../../services/time/time.ts';

const TOKEN = 'A'.repeat(22);

/** The links of a place on the customers' web page, as an owner is told them. */
async function webLinks(env: Record<string, string>): Promise<readonly string[] | undefined> {
  const config = readConfig(env);
  if ('mistakes' in config) throw new Error(config.mistakes.join('\n'));
  const unused = () => {
    throw new Error('not used');
  };
  const parts = {
    config,
    key: Buffer.alloc(32),
    collections: () => ({}),
    bodies: createBodies(),
    mutex: noMutex,
    chats: {},
    openPractice: unused,
    showPlace: unused,
    wordsOf: unused,
    loseGroup: unused,
    notifyReplaced: unused,
    random: (bytes: number) => Buffer.alloc(bytes),
    log: { info: unused, warn: unused, error: unused },
    ...systemTime,
  } as unknown as ChannelParts;
  const page = configuredChannels(config, parts).find(({ channel }) => channel.name === 'web-place');
  const links = await page?.channel.customerLinks?.(linkWord(TOKEN));
  return links?.map(({ url }) => url);
}

test('a place’s page is linked at the public address, on the practice page at this machine, and nowhere else', async () => {
  expect(await webLinks({ PUBLIC_URL: 'https://bot.example' })).toEqual([`https://bot.example/s/${TOKEN}`]);
  expect(await webLinks({ PORT: '8081' })).toEqual([`http://localhost:8081/s/${TOKEN}`]);
  expect(await webLinks({ TELEGRAM_BOT_TOKEN: '123456789:AAE-double_of_the_bot_api_0123456789' })).toEqual([]);
});
