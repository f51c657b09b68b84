/** Puts together how people are told something by itself: in the language of their chat, by way of the outbox. */
import { wordsOfChat } from '../../handlers/recognise.ts';
import type { ChatId, Outgoing } from '../../handlers/message.ts';
import { createNotifyLogins } from '../../handlers/notify/logins.ts';
import { decisionNotices, isUndecided, outcomeNotices, ruleNotices, waitsForPerson } from '../../handlers/notify/outcome.ts';
import { createWordEnded } from '../../handlers/notify/owners.ts';
import { createNotifyOwners, createNotifyPerson } from '../../handlers/notify/people.ts';
import { createNotifyReplaced } from '../../handlers/notify/replaced.ts';
import { createNotifyUndeliverable, WORDS_MS } from '../../handlers/notify/undeliverable.ts';
import { createWordAlerts, wordAlert } from '../../handlers/notify/word-alert.ts';
import { createLoseGroup } from '../../handlers/reports/owner-groups.ts';
import { words, type Words } from '../../locales/index.ts';
import { ownersOfStore } from '../../services/accounts/owners.ts';
import type { Alert } from '../../services/alerts/alert.ts';
import { createAlerting } from '../../services/alerts/alerting.ts';
import { noteUndecided } from '../../services/alerts/undecided.ts';
import { ownerGroupsOf } from '../../services/ledger/owner-groups.ts';
import { accountsOnChannel } from '../../services/accounts/stores-of-channel.ts';
import type { Outbox } from '../../services/database/queues/outbox.ts';
import type { Notify } from '../../services/verification/settle.ts';
import type { TellEnded } from '../../services/lifecycle/end-ownership.ts';
import type { Platform } from '../../services/platforms/platform.ts';
import type { Tx } from '../../services/database/database.ts';
import { alertOf, type OutsideNews } from '../../services/verification/outside-news.ts';
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
  const { db, collections, accounts, stores, chats, reports, events, repository, alerts, alertSettings } = repositories;
  const wordsOf = async (chat: ChatId): Promise<Words> => wordsOfChat(await chats.get(chat), config.locale);
  /** Messages go out in the transaction of the change that they tell of; handlers' own in one for themselves. */
  const put = async (tx: Tx, messages: readonly Outgoing[]): Promise<void> => {
    for (const { key, chat, reply } of messages) await outbox.put(tx, key, chat, { reply });
  };
  const enqueue = (messages: readonly Outgoing[]): Promise<void> => db.transaction().execute((tx) => put(tx, messages));
  const notifyPerson = createNotifyPerson({ enqueue, wordsOf, newId });
  const notifyOwners = createNotifyOwners({ accounts, notifyPerson });
  /** The merchant's own systems are told in the installation's language: programs have none. */
  const attention = async (alert: Alert) => {
    const account = alert.accountId === undefined ? undefined : await accounts.get(alert.accountId);
    const data = { platform: account?.platform ?? '', message: wordAlert(alert, words(config.locale), now()) };
    return async (tx: Tx): Promise<void> => {
      for (const id of alert.storeIds) await events.publish(tx, id, 'account.attention', data, `attention:${newId()}`);
    };
  };
  const undelivered = collections<string>('undelivered', WORDS_MS);
  const word = createWordAlerts({
    accounts,
    operators: config.operators,
    wordsOf,
    verification: (id) => repository.get(id),
    undelivered: (message) => undelivered.get(message),
    now,
    newId,
  });
  const alerting = createAlerting({ db, alerts, settings: alertSettings, now, word, put, attention });
  const { raise } = alerting;
  const announce: Notify = async (tx, settled) => {
    if (settled.by?.kind !== 'rule') return;
    const { storeId } = settled;
    await put(tx, ruleNotices(settled, await ownerGroupsOf(tx, storeId), await ownersOfStore(tx, storeId)));
  };
  const notifyOutcome: Notify = async (tx, settled) => {
    await put(tx, outcomeNotices(settled));
    await announce(tx, settled);
    if (isUndecided(settled)) await put(tx, decisionNotices(settled, await ownersOfStore(tx, settled.storeId)));
    else if (waitsForPerson(settled)) await noteUndecided(tx, alerts, settled, now());
  };
  const wordEnded = createWordEnded({ defaultLocale: config.locale, newId });
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
    outsideNews: async (news: OutsideNews) => await alerting.prepare(await alertOf(news, { listedBy: stores.listedBy })),
    notifyPerson,
    notifyOwners,
    alerting,
    raise,
    notifyUndeliverable: createNotifyUndeliverable({
      chats,
      reports,
      accounts,
      raise,
      undelivered,
      operators: config.operators,
      enqueue,
      wordsOf,
      now,
    }),
    notifyReplaced: createNotifyReplaced({
      accountsOn: (channel) => accountsOnChannel(db, channel),
      raise,
    }),
    /** Ends the reports to a group that cannot be reached any more, and tells its owners once. */
    loseGroup: createLoseGroup({
      reports,
      chats,
      async drop(store, chat, alert) {
        const tell = await alerting.prepare(alert);
        await reports.drop(store, chat, tell);
      },
    }),
    ...createNotifyLogins({ accounts, stores, platforms, alerting }),
  };
}

export type Notices = ReturnType<typeof createNotices>;
