/** Puts together how people are told something by itself: in the language of their chat, by way of the outbox. */
import { wordsOfChat } from '../../handlers/recognise.ts';
import type { ChatId, Outgoing } from '../../handlers/message.ts';
import { createNotifyAttention } from '../../handlers/notify/attention.ts';
import { createNotifyLogins } from '../../handlers/notify/logins.ts';
import { decisionNotices, isUndecided, outcomeNotices, ruleNotices } from '../../handlers/notify/outcome.ts';
import { createWordEnded } from '../../handlers/notify/owners.ts';
import { createWordOutsideNews } from '../../handlers/notify/outside-news.ts';
import { createNotifyOwners, createNotifyPerson } from '../../handlers/notify/people.ts';
import { createNotifyReplaced } from '../../handlers/notify/replaced.ts';
import { createNotifyUndeliverable } from '../../handlers/notify/undeliverable.ts';
import { createLoseGroup } from '../../handlers/reports/owner-groups.ts';
import { words, type Words } from '../../locales/index.ts';
import { ownersOfStore } from '../../services/accounts/owners.ts';
import { ownerGroupsOf } from '../../services/ledger/owner-groups.ts';
import { accountsOnChannel } from '../../services/accounts/stores-of-channel.ts';
import type { Outbox } from '../../services/database/queues/outbox.ts';
import type { Notify } from '../../services/verification/settle.ts';
import type { TellEnded } from '../../services/lifecycle/end-ownership.ts';
import type { Platform } from '../../services/platforms/platform.ts';
import type { Tx } from '../../services/database/database.ts';
import type { OutsideNews } from '../../services/verification/outside-news.ts';
import type { Config } from '../config/config.ts';
import type { Message } from '../delivery/outbox.ts';
import type { Repositories } from './repositories.ts';

export function createNotices(parts: {
  config: Pick<Config, 'locale' | 'operators'>;
  repositories: Repositories;
  outbox: Outbox<Message>;
  platforms: readonly Platform[];
  now: () => number;
  newId: () => string;
}) {
  const { config, repositories, outbox, platforms, now, newId } = parts;
  const { db, accounts, stores, chats, reports, events } = repositories;
  const storeName = async (accountId: string, id: string): Promise<string | undefined> =>
    (await stores.listedBy(accountId)).find(({ externalId }) => externalId === id)?.name;
  const wordsOf = async (chat: ChatId): Promise<Words> => wordsOfChat(await chats.get(chat), config.locale);
  /** Messages go out in the transaction of the change that they tell of; handlers' own in one for themselves. */
  const put = async (tx: Tx, messages: readonly Outgoing[]): Promise<void> => {
    for (const { key, chat, reply } of messages) await outbox.put(tx, key, chat, { reply });
  };
  const enqueue = (messages: readonly Outgoing[]): Promise<void> => db.transaction().execute((tx) => put(tx, messages));
  const notifyPerson = createNotifyPerson({ enqueue, wordsOf, newId });
  const notifyOwners = createNotifyOwners({ accounts, notifyPerson });
  const notifyAttention = createNotifyAttention({
    notifyOwners,
    accounts,
    stores,
    publish: (storeId, data) =>
      db.transaction().execute((tx) => events.publish(tx, storeId, 'account.attention', data, `attention:${newId()}`)),
    words: words(config.locale),
  });
  const announce: Notify = async (tx, settled) => {
    if (settled.by?.kind !== 'rule') return;
    const { storeId } = settled;
    await put(tx, ruleNotices(settled, await ownerGroupsOf(tx, storeId), await ownersOfStore(tx, storeId)));
  };
  const notifyOutcome: Notify = async (tx, settled) => {
    await put(tx, outcomeNotices(settled));
    await announce(tx, settled);
    if (isUndecided(settled)) await put(tx, decisionNotices(settled, await ownersOfStore(tx, settled.storeId)));
  };
  const wordEnded = createWordEnded({ defaultLocale: config.locale, newId });
  const wordOutsideNews = createWordOutsideNews({ accounts, wordsOf, storeName, newId });
  const tellEnded: TellEnded = (tx, ended) => put(tx, wordEnded(ended));
  return {
    wordsOf,
    put,
    /** The messages as writes of a transaction. */
    telling: (messages: readonly Outgoing[]) => (tx: Tx) => put(tx, messages),
    enqueue,
    notifyOutcome,
    /** Tells owners of what a rule verified, in the transaction of the yes. */
    announce,
    /** Tells whom the end of an ownership concerns, in its transaction. */
    tellEnded,
    /** Tells the owners of an account what happened to a coupon outside of this program, in the transaction of the fact. */
    async outsideNews(news: OutsideNews) {
      const messages = await wordOutsideNews(news);
      return (tx: Tx): Promise<void> => put(tx, messages);
    },
    notifyPerson,
    notifyOwners,
    /** Of what stops, or soon stops, an account from verifying. */
    notifyAttention,
    notifyUndeliverable: createNotifyUndeliverable({
      chats,
      reports,
      accounts,
      operators: config.operators,
      enqueue,
      wordsOf,
      now,
    }),
    notifyReplaced: createNotifyReplaced({
      accountsOn: (channel) => accountsOnChannel(db, channel),
      accounts,
      operators: config.operators,
      enqueue,
      wordsOf,
      now,
    }),
    /** Ends the reports to a group that cannot be reached any more, and tells its owners once. */
    loseGroup: createLoseGroup({
      reports,
      chats,
      accounts,
      drop: (store, chat, told) => reports.drop(store, chat, (tx) => put(tx, told)),
      wordsOf,
      newId,
    }),
    ...createNotifyLogins({ accounts, platforms, notifyOwners: notifyAttention }),
  };
}

export type Notices = ReturnType<typeof createNotices>;
