/** The channel of WeCom's self-built app: members write to it one by one; it replies and pushes. */
import type { ChatId } from '../../../handlers/message.ts';
import type { Words } from '../../../locales/index.ts';
import type { Log } from '../../../services/log.ts';
import type { Collections } from '../../../services/database/collections.ts';
import type { Channel, Hear } from '../../channel/channel.ts';
import type { Api } from '../api.ts';
import { createRateLimit } from '../rate-limit.ts';
import type { Callback } from '../callback.ts';
import { hasCode, REFUSED } from '../fault.ts';
import type { Names } from '../names.ts';
import { createNumberedMenu, LIST_MS, type NumberedList } from '../../channel/numbered-menu.ts';
import { createMenu, hasMenu } from './menu.ts';
import { createReading, HEARD } from './reading.ts';
import { CODE_MS, codeOfPress, createSending } from './sending.ts';

export interface AppOptions {
  readonly api: Api;
  readonly callback: Callback;
  /** A number, as text. */
  readonly agentId: string;
  readonly collections: Collections;
  /** Names of members, by userid. */
  readonly names: Names;
  readonly wordsOf: (chat: ChatId) => Promise<Words>;
  /** The language of the menu, which all members share. */
  readonly menuWords: Words;
  /** Letters and digits, random. */
  readonly newId: () => string;
  readonly now: () => number;
  readonly wait: (ms: number) => Promise<void>;
  readonly log: Log;
}

/** Interval between greetings of a member, who opens the app many times a day. */
const GREETED_MS = 30 * 24 * 3_600_000;

/** Before the start and after the end nothing is stored, hence nothing acknowledged. */
const deaf: Hear = () => Promise.reject(new Error('nobody is listening'));

/** `start` rejects where WeCom refuses the secret; where WeCom cannot be reached, the next message tries again. */
export function createApp(options: AppOptions): Channel {
  const { api, agentId, collections, log, now, wait, newId } = options;
  const cards = collections<string>('wecom-app-card', CODE_MS);
  const greeted = collections<true>('wecom-app-greeted', GREETED_MS);
  const numbered = createNumberedMenu({ lists: collections<NumberedList>('wecom-app-list', LIST_MS), newId });
  const read = createReading({ agentId, greeted, numbered, names: options.names });
  let hear: Hear = deaf;

  options.callback.on(HEARD, async (called) => {
    const heard = await read(called);
    if (!heard) return;
    const { incoming, code } = heard;
    if (code) await cards.set(codeOfPress(incoming.id), code, CODE_MS);
    await hear(incoming);
    if (incoming.content.kind === 'joined') await greeted.set(incoming.chat, true, GREETED_MS);
  });
  options.callback.on(
    ['inactive_alert', 'close_inactive_agent', 'low_active_alert', 'low_active'].map((event) => `event:${event}`),
    ({ kind }) => Promise.resolve(log.warn('WeCom suspends, or is about to suspend, an app that nobody uses', { kind })),
  );

  async function offerMenu(): Promise<void> {
    try {
      if (!(await hasMenu(api, agentId))) await createMenu(api, agentId, options.menuWords);
    } catch (error) {
      log.warn('the menu of the WeCom app could not be made', { error });
    }
  }

  return {
    name: 'wecom-app',
    async start(to) {
      try {
        await api.login();
      } catch (error) {
        if (hasCode(error, REFUSED))
          throw new Error(
            'WeCom does not accept WECOM_CORP_ID with WECOM_SECRET, or the app is stopped: compare both with the console (我的企业 → 企业信息, 应用管理 → the app) · 企业微信不认这两项，或应用已停用：请到管理后台对照',
            { cause: error },
          );
        log.warn('WeCom cannot be reached yet', { error });
      }
      hear = to;
      log.info('listening to the WeCom app', { agentId });
      void offerMenu();
    },
    stop() {
      hear = deaf;
      return Promise.resolve();
    },
    send: createSending({
      api,
      agentId,
      cards,
      numbered,
      rateLimit: createRateLimit({ now, wait }),
      wordsOf: options.wordsOf,
      newId,
      log,
    }),
    fetch: async (file) => (await api.download(file)).bytes,
    // Every chat is one member's own.
    administers: (chat, person) => Promise.resolve(chat === person),
  };
}
